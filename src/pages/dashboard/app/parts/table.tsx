import type { ComponentChildren } from 'preact';
import { texts } from '../texts/shell.ts';

export interface Column<Row> {
  /** Unique in the table. */
  key: string;
  head: string;
  cell: (row: Row) => ComponentChildren;
  /** Numbers stand at the end, and are set to be compared. */
  isNumber?: boolean;
  /** The cell that names its row; on a phone only a number says what it is. */
  isRowHead?: boolean;
  /** The heading is only for those who do not see the table: a column of buttons. */
  isHeadHidden?: boolean;
}

/**
 * A table, and on a phone a list of the same. `empty` is drawn when there is nothing (parts/empty.tsx); `onMore` asks for
 * the next page when there is one.
 */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  empty,
  onMore,
  isBusy = false,
}: {
  /** What the table is, for those who do not see the page around it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  empty: ComponentChildren;
  onMore?: (() => void) | undefined;
  isBusy?: boolean;
}) {
  if (rows.length === 0 && !isBusy) return <>{empty}</>;
  return (
    <>
      <table class="table" aria-busy={isBusy}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, head, isNumber, isHeadHidden }) => (
              <th key={key} scope="col" class={isNumber ? 'number' : ''}>
                <span class={isHeadHidden ? 'visually-hidden' : ''}>{head}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>{columns.map((column) => drawCell(column, row))}</tr>
          ))}
        </tbody>
      </table>
      <More onMore={onMore} isBusy={isBusy} />
    </>
  );
}

/** The button below a list that is shown a page at a time; nothing on the last. */
export function More({ onMore, isBusy }: { onMore: (() => void) | undefined; isBusy: boolean }) {
  return (
    onMore && (
      <p class="table-more">
        <button type="button" class="quiet" aria-disabled={isBusy} onClick={() => !isBusy && onMore()}>
          {texts.table.more}
        </button>
      </p>
    )
  );
}

function drawCell<Row>({ key, head, cell, isNumber, isRowHead, isHeadHidden }: Column<Row>, row: Row) {
  const kind = [isNumber && 'number', isHeadHidden && 'actions'].filter(Boolean).join(' ');
  if (isRowHead)
    return (
      <th key={key} scope="row" class={kind} data-head={isNumber ? head : undefined}>
        {cell(row)}
      </th>
    );
  return (
    <td key={key} class={kind} data-head={isHeadHidden ? undefined : head}>
      {cell(row)}
    </td>
  );
}
