import type { ImportOutcome } from '../operations/import-sales.ts';
import { formatMajorUnits } from '../operations/major-units.ts';

/** What a file of sales holds, and what importing it does or did, for a person at a terminal. */
export function importText(outcome: ImportOutcome, currency: string): string {
  const money = (minor: number) => `${formatMajorUnits(minor, currency)} ${currency}`;
  const { dryRun, odd, faults } = outcome;
  const hasRefunds = outcome.newRefundCount + outcome.knownRefundCount > 0;
  const lines = [
    `${outcome.fileName}, source “${outcome.source}”`,
    ...(dryRun ? [`  read as      ${describeMapping(outcome)}`] : []),
    `  rows         ${count(outcome.rowCount)}`,
    `  sales        ${count(outcome.saleCount)}, ${money(outcome.totalMinor)} in all${describeSpan(outcome)}`,
    `  customers    ${count(outcome.customerCount)}`,
    ...(dryRun ? [...nameOdd(odd, outcome.oddCount), ...nameFaults(faults, outcome.faultCount)] : []),
    '',
    dryRun ? 'Importing this file would add' : 'Imported',
    `  sales        ${count(outcome.newSaleCount)}, ${money(outcome.newTotalMinor)}`,
    `  cards        ${count(outcome.newCardCount)}`,
    `  stamps       ${count(outcome.newStampCount)}`,
    ...(hasRefunds ? [`  refunds      ${count(outcome.newRefundCount)}`] : []),
    ...(outcome.knownSaleCount > 0
      ? [`Imported before, and left as they are: ${count(outcome.knownSaleCount)}.`]
      : []),
    ...(!dryRun && outcome.faultCount > 0 ? [`Rows left out: ${count(outcome.faultCount)}.`] : []),
  ];
  return `${lines.join('\n')}\n\n`;
}

function describeMapping({ mapping }: ImportOutcome): string {
  const { instant } = mapping;
  const columns = [
    ['time', typeof instant === 'string' ? instant : `${instant.date} + ${instant.time}`],
    ['amount', mapping.amount],
    ['customer', mapping.customer],
    ['item', mapping.item],
    ['number', mapping.saleId],
    ['refund of', mapping.refundOf],
    ['status', mapping.status],
  ].flatMap(([part, column]) => (column ? [`${part} ← ${column}`] : []));
  return `${columns.join(', ')}; dates ${mapping.dateOrder}, clock ${mapping.timeZone}`;
}

function describeSpan({ firstSaleAt, lastSaleAt }: ImportOutcome): string {
  if (!firstSaleAt || !lastSaleAt) return '';
  return `, from ${firstSaleAt.toISOString()} to ${lastSaleAt.toISOString()}`;
}

function nameOdd(odd: ImportOutcome['odd'], oddCount: number): string[] {
  if (oddCount === 0) return [];
  const width = String(odd.at(-1)?.line ?? '').length;
  return [
    '',
    `${count(oddCount)} ${oddCount === 1 ? 'row is' : 'rows are'} odd`,
    ...odd.map(({ line, what, effect }) => `  line ${String(line).padStart(width)}  ${what}: ${effect}`),
    ...(odd.length < oddCount ? ['  … and so on'] : []),
  ];
}

function nameFaults(faults: ImportOutcome['faults'], faultCount: number): string[] {
  if (faultCount === 0) return [];
  return [
    '',
    `${count(faultCount)} ${faultCount === 1 ? 'row' : 'rows'} nobody can read`,
    ...faults.map(({ line, fault }) => `  line ${line}  ${fault}`),
    ...(faults.length < faultCount ? ['  … and so on'] : []),
  ];
}

function count(number: number): string {
  return new Intl.NumberFormat('en').format(number);
}
