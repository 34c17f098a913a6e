import type { ComponentChildren } from 'preact';
import { formatMoment } from '../parts/day.tsx';
import { Money } from '../parts/money.tsx';
import { Table } from '../parts/table.tsx';
import type { Column } from '../parts/table.tsx';
import { texts } from '../texts/gestures.ts';
import type { GestureRow } from './report-types.ts';

const words = texts.rows;

/** Gestures, the newest first. */
export function GestureTable({
  rows,
  hasLocations,
  empty,
  onMore,
  isBusy,
}: {
  rows: readonly GestureRow[];
  /** Whether it needs saying where. */
  hasLocations: boolean;
  empty: ComponentChildren;
  onMore?: (() => void) | undefined;
  isBusy?: boolean;
}) {
  return (
    <div class="gesture-table">
      <Table
        caption={words.caption}
        columns={columnsFor(hasLocations)}
        rows={rows}
        rowKey={({ gestureId }) => gestureId}
        empty={empty}
        onMore={onMore}
        isBusy={isBusy ?? false}
      />
    </div>
  );
}

function columnsFor(hasLocations: boolean): Column<GestureRow>[] {
  return [
    { key: 'given', head: words.given, isRowHead: true, cell: (row) => <GivenAt row={row} /> },
    {
      key: 'by',
      head: words.by,
      cell: ({ staffName, locationName }) => (
        <span class="two-lines">
          <span>{staffName}</span>
          {hasLocations && <span class="hint">{locationName}</span>}
        </span>
      ),
    },
    {
      key: 'what',
      head: words.what,
      cell: ({ kind, itemName, fundedBy, isPast }) => (
        <span class="two-lines">
          <span>{itemName ?? texts.kinds[kind]}</span>
          {isPast ? (
            <span class="hint">{words.past}</span>
          ) : (
            fundedBy !== 'allowance' && <span class="hint">{words.funding[fundedBy]}</span>
          )}
        </span>
      ),
    },
    { key: 'why', head: words.why, cell: ({ reason }) => texts.reasons[reason] },
    { key: 'cost', head: words.cost, isNumber: true, cell: ({ costMinor }) => <Money minor={costMinor} /> },
    { key: 'back', head: words.cameBack, cell: (row) => <CameBack row={row} /> },
    {
      key: 'spent',
      head: words.spent,
      isNumber: true,
      cell: (row) => <Spent row={row} />,
    },
  ];
}

/** On the clock of the shop's wall. */
function GivenAt({ row: { givenAt, givenAtLocal } }: { row: GestureRow }) {
  return <time dateTime={givenAt}>{formatMoment(`${givenAtLocal}Z`, 'UTC')}</time>;
}

function Spent({ row: { attributedSpendMinor, window } }: { row: GestureRow }) {
  if (attributedSpendMinor === 0) return <span class="hint">–</span>;
  return (
    <span class="spent">
      {window === 'open' && <span class="hint">{words.soFar}</span>} <Money minor={attributedSpendMinor} />
    </span>
  );
}

function CameBack({ row: { daysToReturn, window } }: { row: GestureRow }) {
  if (daysToReturn !== null) return <>{words.after(Math.round(daysToReturn))}</>;
  return <span class="hint">{window === 'open' ? words.notYet : words.no}</span>;
}
