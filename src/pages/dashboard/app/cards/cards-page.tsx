import { useMemo } from 'preact/hooks';
import { makeAskOnce } from '../api.ts';
import type { Program } from '../api-types.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { say } from '../parts/toast.tsx';
import type { PageProps } from '../pages.ts';
import { go, goFrom } from '../router.ts';
import { shopApi } from '../shop-api.ts';
import { texts } from '../texts/cards.ts';
import { texts as shellTexts } from '../texts/shell.ts';
import { ProgramForm } from './program-form.tsx';

/** The stamp card, or, where there are several, the list of them. */
export function CardsPage() {
  const programs = useLoad(shopApi.listPrograms);
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        <a class="button quiet" href="/desk/cards/new">
          {texts.another}
        </a>
      }
    >
      <Loaded of={programs}>
        {(list) =>
          list.length === 1 ? (
            <Editor program={list[0]!} isOnly onChange={() => void programs.reload()} />
          ) : (
            <List programs={list} />
          )
        }
      </Loaded>
    </Page>
  );
}

/** One of several stamp cards, or a new one. */
export function CardPage({ params }: PageProps) {
  const isNew = params['programId'] === 'new';
  const programs = useLoad(shopApi.listPrograms);
  const askOnce = useMemo(makeAskOnce, []);
  const back = { href: '/desk/cards', text: texts.all };
  if (isNew)
    return (
      <Page title={texts.newTitle} lead={texts.newLead} back={back}>
        <ProgramForm
          program={null}
          submit={texts.start}
          onSend={async (rule) => {
            const { name } = await shopApi.addProgram(askOnce, rule);
            say(texts.started(name));
            goFrom('/desk/cards/new', '/desk/cards');
          }}
        />
      </Page>
    );
  const program = programs.value.value?.find(({ programId }) => programId === params['programId']);
  return (
    <Page title={program?.name ?? texts.title} back={back}>
      <Loaded of={programs}>
        {(list) =>
          program ? (
            <Editor program={program} isOnly={list.length === 1} onChange={() => void programs.reload()} />
          ) : (
            <List programs={list} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Editor({ program, isOnly, onChange }: { program: Program; isOnly: boolean; onChange: () => void }) {
  const { programId, name } = program;
  return (
    <>
      <ProgramForm
        key={programId}
        program={program}
        submit={shellTexts.form.save}
        onSend={async (rule) => {
          await shopApi.editProgram(programId, rule);
          say(texts.saved);
          onChange();
        }}
      />
      <p>
        <button
          type="button"
          class="quiet small"
          onClick={() =>
            confirmFirst({
              title: texts.endTitle(name),
              says: (
                <>
                  <p>{texts.endSays}</p>
                  {isOnly && <p>{texts.endLast}</p>}
                </>
              ),
              yes: texts.endYes,
              isDestructive: true,
              work: async () => {
                await shopApi.endProgram(programId);
                say(texts.ended(name));
                go('/desk/cards');
                onChange();
              },
            })
          }
        >
          {texts.end}
        </button>
      </p>
    </>
  );
}

function List({ programs }: { programs: readonly Program[] }) {
  return (
    <div class="panel">
      <Table
        caption={texts.tableCaption}
        rows={programs}
        rowKey={({ programId }) => programId}
        columns={[
          {
            key: 'name',
            head: texts.columns.name,
            isRowHead: true,
            cell: ({ programId, name }) => <a href={`/desk/cards/${programId}`}>{name}</a>,
          },
          { key: 'reward', head: texts.columns.reward, cell: ({ rewardName }) => rewardName },
          {
            key: 'stamps',
            head: texts.columns.stamps,
            isNumber: true,
            cell: ({ stampsRequired }) => stampsRequired,
          },
        ]}
        empty={
          <Empty
            icon="card"
            title={texts.none}
            action={
              <a class="button" href="/desk/cards/new">
                {texts.another}
              </a>
            }
          >
            {texts.noneHint}
          </Empty>
        }
      />
    </div>
  );
}
