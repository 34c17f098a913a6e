import { formatNumber } from './format.ts';

const rules = new Intl.PluralRules('en');

/** The word for one, or for any other number, as English has it. */
export function plural(count: number, one: string, other: string): string {
  return rules.select(count) === 'one' ? one : other;
}

/** As many of them: `1,475 cards`. */
export function counted(count: number, one: string, other: string): string {
  return `${formatNumber(count)} ${plural(count, one, other)}`;
}
