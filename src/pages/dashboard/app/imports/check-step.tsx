import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { formatMoment } from '../parts/day.tsx';
import { CheckField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { formatMoney } from '../parts/money.tsx';
import { formatNumber } from '../format.ts';
import { Table } from '../parts/table.tsx';
import { texts } from '../texts/imports.ts';
import { sendFile } from './import-api.ts';
import type { Outcome, Progress } from './import-api.ts';
import { ProgressBar } from './progress-bar.tsx';

/** Odd rows on the screen; a file with more has a habit, which these show. */
const MAX_SHOWN = 50;

/** What importing the file will do, row by row where it is odd. Nothing is written yet. */
export function CheckStep({
  file,
  how,
  report,
  onBack,
  onImported,
}: {
  file: File;
  how: Record<string, string>;
  report: Outcome;
  onBack: () => void;
  onImported: (outcome: Outcome) => void;
}) {
  const progress = useSignal<Progress | null>(null);
  const skipsFaults = useSignal(false);
  const mustTick = useSignal(false);
  const isAnythingNew = report.newSaleCount > 0 || report.newRefundCount > 0;

  async function send(): Promise<void> {
    mustTick.value = report.faultCount > 0 && !skipsFaults.value;
    if (mustTick.value) return;
    try {
      const agreed = { ...how, dryRun: 'false', skipFaults: String(skipsFaults.value) };
      onImported(await sendFile(file, agreed, (now) => (progress.value = now)));
    } finally {
      progress.value = null;
    }
  }

  return (
    <>
      <Figures report={report} />
      <ReadAs report={report} />
      <OddRows report={report} />
      <Faults report={report} />
      {isAnythingNew ? (
        <Form submit={texts.import} onCancel={onBack} cancel={texts.change} onSend={send}>
          {report.faultCount > 0 && (
            <>
              <CheckField label={texts.skipFaults(report.faultCount)} name="skipFaults" value={skipsFaults} />
              {mustTick.value && (
                <p class="mistake" role="alert">
                  {texts.mustSkip}
                </p>
              )}
            </>
          )}
          <p class="hint">{texts.importBusy}</p>
          {progress.value && <ProgressBar progress={progress.value} />}
        </Form>
      ) : (
        <>
          <p class="notice">{sayNothingNew(report)}</p>
          <button type="button" class="quiet" onClick={onBack}>
            {texts.change}
          </button>
        </>
      )}
    </>
  );
}

/** Why a file adds nothing: it may be known already, hold nothing that was paid, or nothing that can be read. */
function sayNothingNew({ faultCount, knownSaleCount, knownRefundCount }: Outcome): string {
  if (faultCount > 0) return texts.nothingReadable;
  return knownSaleCount + knownRefundCount > 0 ? texts.nothingNew : texts.nothingPaid;
}

function Figures({ report }: { report: Outcome }) {
  const words = texts.figures;
  const figures: [string, ComponentChildren][] = [
    [words.sales, formatNumber(report.newSaleCount)],
    [words.money, formatMoney(report.newTotalMinor)],
    [words.cards, formatNumber(report.newCardCount)],
    [words.stamps, formatNumber(report.newStampCount)],
  ];
  if (report.newRefundCount > 0) figures.push([words.refunds, formatNumber(report.newRefundCount)]);
  if (report.knownSaleCount > 0) figures.push([words.known, formatNumber(report.knownSaleCount)]);
  return (
    <>
      <dl class="import-figures">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        {texts.ofRows(report.rowCount, report.customerCount)}{' '}
        {report.firstSaleAt &&
          report.lastSaleAt &&
          texts.between(
            formatMoment(report.firstSaleAt, report.mapping.timeZone),
            formatMoment(report.lastSaleAt, report.mapping.timeZone),
          )}
      </p>
    </>
  );
}

function ReadAs({ report: { mapping } }: { report: Outcome }) {
  const { instant, dateOrder } = mapping;
  const columns: [string, string | null][] = [
    ...(typeof instant === 'string'
      ? ([[texts.columns.instant, instant]] as [string, string][])
      : ([
          [texts.columns.date, instant.date],
          [texts.columns.time, instant.time],
        ] as [string, string][])),
    [texts.columns.amount, mapping.amount],
    [texts.columns.customer, mapping.customer],
    [texts.columns.item, mapping.item],
    [texts.columns.saleId, mapping.saleId],
    [texts.columns.refundOf, mapping.refundOf],
    [texts.columns.status, mapping.status],
  ];
  return (
    <p class="hint">
      {texts.recognisedTitle}{' '}
      {columns
        .filter((pair): pair is [string, string] => pair[1] !== null)
        .map(([part, heading]) => texts.recognised(part, heading))
        .join(' · ')}{' '}
      · {dateOrder !== 'ymd' && `${texts.dateOrders[dateOrder]} · `}
      {texts.readAt(mapping.timeZone)}
    </p>
  );
}

function OddRows({ report: { odd, oddCount } }: { report: Outcome }) {
  if (oddCount === 0) return null;
  const words = texts.rowColumns;
  return (
    <details class="import-rows">
      <summary>{texts.odd(oddCount)}</summary>
      <p class="hint">{texts.oddLead}</p>
      <Table
        caption={texts.oddCaption}
        columns={[
          { key: 'line', head: words.line, isNumber: true, isRowHead: true, cell: ({ line }) => line },
          { key: 'what', head: words.what, cell: ({ what }) => what },
          { key: 'effect', head: words.effect, cell: ({ effect }) => effect },
        ]}
        rows={odd.slice(0, MAX_SHOWN)}
        rowKey={({ line, kind }) => `${line} ${kind}`}
        empty={null}
      />
      {oddCount > MAX_SHOWN && <p class="hint">{texts.more(oddCount - MAX_SHOWN)}</p>}
    </details>
  );
}

function Faults({ report: { faults, faultCount } }: { report: Outcome }) {
  if (faultCount === 0) return null;
  const words = texts.rowColumns;
  return (
    <div class="import-rows">
      <p class="notice bad">
        <strong>{texts.faults(faultCount)}.</strong> {texts.faultsLead}
      </p>
      <Table
        caption={texts.faultsCaption}
        columns={[
          { key: 'line', head: words.line, isNumber: true, isRowHead: true, cell: ({ line }) => line },
          { key: 'fault', head: words.fault, cell: ({ fault }) => fault },
        ]}
        rows={faults.slice(0, MAX_SHOWN)}
        rowKey={({ line }) => String(line)}
        empty={null}
      />
      {faultCount > MAX_SHOWN && <p class="hint">{texts.more(faultCount - MAX_SHOWN)}</p>}
    </div>
  );
}

/** What was added. */
export function DoneStep({ outcome, onAnother }: { outcome: Outcome; onAnother: () => void }) {
  return (
    <>
      <p class="notice good" role="status">
        {texts.added(outcome.newSaleCount, outcome.newCardCount)}{' '}
        {outcome.newStampCount > 0 && texts.addedStamps(outcome.newStampCount)}
      </p>
      <p>
        {outcome.faultCount > 0 ? texts.allButFaults(outcome.faultCount) : texts.allOfIt} {texts.onlyOnce}
      </p>
      <div class="panel-actions">
        <a class="button" href="/desk/customers">
          {texts.seeCustomers}
        </a>
        <button type="button" class="quiet" onClick={onAnother}>
          {texts.another}
        </button>
      </div>
    </>
  );
}
