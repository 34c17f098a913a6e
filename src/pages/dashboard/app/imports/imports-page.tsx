import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Moment } from '../parts/day.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { formatMoney } from '../parts/money.tsx';
import { formatNumber } from '../format.ts';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import type { Column } from '../parts/table.tsx';
import { say } from '../parts/toast.tsx';
import { texts } from '../texts/imports.ts';
import { usePages } from '../use-pages.ts';
import { CheckStep, DoneStep } from './check-step.tsx';
import { FileStep } from './file-step.tsx';
import type { ChosenFile } from './file-step.tsx';
import { listImports } from './import-api.ts';
import type { Outcome, PastImport } from './import-api.ts';
import { createMappingDraft, MappingStep } from './mapping-step.tsx';
import type { MappingDraft } from './mapping-step.tsx';
import './imports.css';

/** Where the wizard stands. Each step has what the ones before it settled, for those who come back to them. */
type Stand =
  | { step: 'file'; before?: ChosenFile }
  | { step: 'mapping'; chosen: ChosenFile; draft: MappingDraft }
  | { step: 'check'; chosen: ChosenFile; draft: MappingDraft; how: Record<string, string>; report: Outcome }
  | { step: 'done'; outcome: Outcome };

/** Sales from a file: the file, how to read it, what will happen, and only then the import. */
export function ImportsPage() {
  const stand = useSignal<Stand>({ step: 'file' });
  const past = usePages(listImports);
  const now = stand.value;
  const steps = useRef<HTMLDivElement>(null);
  const before = useRef(now.step);
  useEffect(() => {
    // The button that was pressed is gone: whoever reads goes on at the head of the next step.
    if (before.current !== now.step) steps.current?.focus();
    before.current = now.step;
  }, [now.step]);
  return (
    <Page title={texts.title} lead={texts.lead}>
      <div ref={steps} class="import-steps" role="group" aria-label={texts.steps[now.step]} tabIndex={-1}>
        <Panel title={texts.steps[now.step]}>
          {now.step === 'file' && (
            <FileStep
              before={now.before}
              onRead={(chosen) =>
                (stand.value = { step: 'mapping', chosen, draft: createMappingDraft(chosen) })
              }
            />
          )}
          {now.step === 'mapping' && (
            <MappingStep
              chosen={now.chosen}
              draft={now.draft}
              onBack={() => (stand.value = { step: 'file', before: now.chosen })}
              onChecked={(how, report) => (stand.value = { ...now, step: 'check', how, report })}
            />
          )}
          {now.step === 'check' && (
            <CheckStep
              file={now.chosen.file}
              how={now.how}
              report={now.report}
              onBack={() => (stand.value = { step: 'mapping', chosen: now.chosen, draft: now.draft })}
              onImported={(outcome) => {
                stand.value = { step: 'done', outcome };
                // Who has left the page meanwhile hears of it all the same.
                if (!steps.current) say(texts.added(outcome.newSaleCount, outcome.newCardCount));
                void past.reload();
              }}
            />
          )}
          {now.step === 'done' && (
            <DoneStep outcome={now.outcome} onAnother={() => (stand.value = { step: 'file' })} />
          )}
        </Panel>
      </div>
      <Panel title={texts.past}>
        <Loaded of={past}>
          {({ items }) => (
            <div class="past-imports">
              <Table
                caption={texts.pastCaption}
                columns={pastColumns}
                rows={items}
                rowKey={({ importId }) => importId}
                empty={<Empty icon="file" title={texts.pastNone} />}
                onMore={past.more}
                isBusy={past.isComing}
              />
            </div>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

const words = texts.pastColumns;

const pastColumns: readonly Column<PastImport>[] = [
  { key: 'file', head: words.file, isRowHead: true, cell: ({ fileName }) => fileName },
  { key: 'source', head: words.source, cell: ({ source }) => source },
  { key: 'at', head: words.at, cell: ({ importedAt }) => <Moment at={importedAt} /> },
  { key: 'who', head: words.who, cell: ({ staffName }) => staffName ?? texts.commandLine },
  {
    key: 'sales',
    head: words.sales,
    isNumber: true,
    cell: ({ salesAdded }) => formatNumber(salesAdded),
  },
  {
    key: 'cards',
    head: words.cards,
    isNumber: true,
    cell: ({ cardsAdded }) => formatNumber(cardsAdded),
  },
  {
    key: 'money',
    head: words.money,
    isNumber: true,
    cell: ({ totalMinor }) => formatMoney(totalMinor),
  },
];
