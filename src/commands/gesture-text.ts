import type { GestureSums, SplitSums } from '../operations/gesture-totals.ts';
import { formatMajorUnits } from '../operations/major-units.ts';
import type { GestureReportHead } from '../operations/plan-report.ts';
import type { GestureReportStream } from '../operations/stream-gesture-report.ts';

type Line = [name: string, ...figures: string[]];

const HEADINGS: Line = ['', 'gestures', 'came back', 'cost', 'later sales', 'spent afterwards'];
const TOUCH = { last: 'the last', first: 'the first', linear: 'every' };

/** The totals of the gesture report for a person at a terminal. */
export async function* gestureText({ head, pages, totals }: GestureReportStream): AsyncGenerator<string> {
  for await (const _ of pages); // the totals are there once every page has been read
  const { all, complete, maturing, byKind, byReason, byStaff, byLocation, byWeek } = totals();
  yield introduction(head);
  if (all.gestures === 0) {
    yield '\nThere is no gesture to show: none was given then, or none that fits the options.\n';
    return;
  }
  yield section('', head, [
    ['window complete', complete],
    ['window still open', maturing],
    ['both', all],
  ]);
  yield section('By kind', head, splitLines(byKind.map((group) => [group.kind, group])));
  yield section('By reason', head, splitLines(byReason.map((group) => [group.reason, group])));
  yield section('By member of staff', head, splitLines(byStaff.map((group) => [group.staffName, group])));
  yield section('By location', head, splitLines(byLocation.map((group) => [group.locationName, group])));
  yield section('By week', head, splitLines(byWeek.map((group) => [group.weekStart, group])));
}

function introduction(head: GestureReportHead): string {
  const { from, to, windowDays, model, asOf, currency, isMadeUp, includeUndone } = head;
  const only = [
    head.locationName && `at ${head.locationName}`,
    head.staffName && `by ${head.staffName}`,
    head.kind && `as ${head.kind}`,
    head.reason && `for the reason ${head.reason}`,
  ].filter(Boolean);
  const span = [from && `from ${from}`, to && `to ${to}`].filter(Boolean).join(' ') || 'of all time';
  return [
    ...(isMadeUp ? ['A made-up shop: nothing here happened.'] : []),
    `Gestures ${span}, and what their customers spent here within ${windowDays} days.`,
    ...(only.length > 0 ? [`Only those given ${only.join(', ')}.`] : []),
    ...(includeUndone ? ['Those taken back were asked for too, and are in no total.'] : []),
    'Much of it would have been spent anyway: this is what came afterwards, not because of a gesture.',
    `A sale counts to ${TOUCH[model]} gesture that touched it. Amounts in ${currency}, net of refunds.`,
    `As of ${asOf.toISOString()}.`,
    '',
  ].join('\n');
}

function splitLines(groups: [name: string, sums: SplitSums][]): [string, GestureSums][] {
  return groups.flatMap(([name, { complete, maturing }]) => [
    ...(complete.gestures > 0 || maturing.gestures === 0 ? [[name, complete] as [string, GestureSums]] : []),
    ...(maturing.gestures > 0 ? [[`${name} (window still open)`, maturing] as [string, GestureSums]] : []),
  ]);
}

function section(title: string, { currency }: GestureReportHead, sums: [string, GestureSums][]): string {
  if (sums.length === 0) return '';
  const lines: Line[] = sums.map(([name, one]) => [
    name,
    String(one.gestures),
    String(one.gesturesReturned),
    formatMajorUnits(one.costMinor, currency),
    String(one.attributedSales),
    formatMajorUnits(one.attributedSpendMinor, currency),
  ]);
  const table = [[title, ...HEADINGS.slice(1)], ...lines];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const aligned = table.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
  return `\n${aligned.join('\n')}\n`;
}
