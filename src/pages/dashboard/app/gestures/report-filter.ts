import { isDay } from '../../../../loyalty/business-day.ts';
import { withQuery } from '../api.ts';
import { query } from '../router.ts';
import { texts } from '../texts/gestures.ts';

export const PERIODS = ['30', '90', '365', 'all', 'days'] as const;
export const WINDOWS = ['7', '30', '60', '90'] as const;
export const MODELS = ['last', 'first', 'linear'] as const;
export const KINDS = Object.keys(texts.kinds) as (keyof typeof texts.kinds)[];
export const REASONS = Object.keys(texts.reasons) as (keyof typeof texts.reasons)[];

const DAY_MS = 86_400_000;
/** What an address leaves out. */
const USUAL = { period: '90', windowDays: '30', model: 'last' } as const;

/** Which gestures the page shows, as its address says. Empty is any. */
export interface ReportFilter {
  period: (typeof PERIODS)[number];
  from: string;
  to: string;
  locationId: string;
  staffId: string;
  kind: string;
  reason: string;
  windowDays: (typeof WINDOWS)[number];
  model: (typeof MODELS)[number];
}

/** What an address says that makes no sense is as if it were not there. */
export function readFilter(asked: URLSearchParams = query.value): ReportFilter {
  const one = <Choice extends string>(name: string, choices: readonly Choice[], usual: Choice): Choice =>
    choices.find((choice) => choice === asked.get(name)) ?? usual;
  return {
    period: one('period', PERIODS, USUAL.period),
    from: readDay(asked.get('from')),
    to: readDay(asked.get('to')),
    locationId: asked.get('locationId') ?? '',
    staffId: asked.get('staffId') ?? '',
    kind: one('kind', ['', ...KINDS], ''),
    reason: one('reason', ['', ...REASONS], ''),
    windowDays: one('windowDays', WINDOWS, USUAL.windowDays),
    model: one('model', MODELS, USUAL.model),
  };
}

/** What an address says of a filter: what is usual is left out. */
export function noteOf(change: Partial<ReportFilter>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) => [
      name,
      value === (USUAL as Record<string, string>)[name] ? null : value,
    ]),
  );
}

/** Whether no gesture is left out. */
export function isEverything(filter: ReportFilter): boolean {
  const { period, locationId, staffId, kind, reason } = filter;
  return period === 'all' && !locationId && !staffId && !kind && !reason;
}

/** The filter as the API takes it: `/reports/gestures?from=…`. */
export function reportPath(
  path: string,
  filter: ReportFilter,
  more: Record<string, string | null> = {},
): string {
  const { period, from, to, ...rest } = filter;
  const days = period === 'days' ? orderOf(from, to) : { from: firstDayOf(period), to: '' };
  return withQuery(path, { ...days, ...rest, ...more });
}

/** The same view in other words: for links between the pages of the report. */
export function withFilter(path: string, filter: ReportFilter): string {
  return withQuery(path, noteOf(filter));
}

/** The business day a period begins with, by the reader's own calendar; empty for the beginning. */
function firstDayOf(period: ReportFilter['period']): string {
  const days = Number(period);
  if (!Number.isInteger(days)) return '';
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return new Date(today - (days - 1) * DAY_MS).toISOString().slice(0, 10);
}

function orderOf(from: string, to: string): { from: string; to: string } {
  return from && to && from > to ? { from: to, to: from } : { from, to };
}

function readDay(text: string | null): string {
  return text !== null && isDay(text) ? text : '';
}
