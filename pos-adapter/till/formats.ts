import { signal } from '@preact/signals';
import { computeBusinessDay } from '../../src/loyalty/business-day.ts';
import type { DayClock } from '../../src/loyalty/business-day.ts';
import { writeMoney } from '../../src/loyalty/money.ts';
import { serverNow } from './server-time.ts';
import { LANGUAGE, localised } from './locale.ts';

/** The till's own region, when it speaks the language of the texts: dates and sums look as the barista is used to. */
const locale =
  isLanguageTag(navigator.language) && navigator.language.startsWith(LANGUAGE)
    ? navigator.language
    : LANGUAGE;

/** A Linux that was told no language calls its own `en-US@posix`, which `Intl` throws at. */
function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/** Where the shop is, and when its days begin: tills abroad, or set wrongly, still show the shop's time. */
export const place = signal({ timeZone: 'UTC', cutOffMinutes: 0, currency: 'EUR' });

/** A sum in minor units, as money of the shop. */
export function money(minor: number): string {
  return writeMoney(minor, { currency: place.value.currency, locale });
}

/** `7F3K9QPD` as `7F3K-9QPD` */
export function readableCode(shortCode: string): string {
  return `${shortCode.slice(0, 4)}-${shortCode.slice(4)}`;
}

/**
 * `09:41` when that is today by the calendar on the shop's wall, `tomorrow, 09:41`, otherwise `Tue 10 Mar, 09:41`, or
 * `10 Mar` where there is little room.
 */
export function moment(instant: string, { isShort = false } = {}): string {
  const { timeZone } = place.value;
  const days = -daysAgo(instant, { timeZone, cutOffMinutes: 0 });
  const isNear = days === 0 || days === 1;
  const text = new Intl.DateTimeFormat(locale, {
    timeZone,
    ...((isNear || !isShort) && { hour: '2-digit', minute: '2-digit' }),
    ...(!isNear && { day: 'numeric', month: 'short' }),
    ...(!isNear && !isShort && { weekday: 'short' }),
  }).format(new Date(instant));
  return localised(days === 1 ? `${relative.format(1, 'day')}, ${text}` : text);
}

/** `yesterday`, `3 days ago`, `2 months ago`: by the shop's business days, as the desk counts them, not by hours. */
export function longAgo(instant: string): string {
  const days = daysAgo(instant, place.value);
  const ago = (count: number, unit: Intl.RelativeTimeFormatUnit) =>
    localised(relative.format(-Math.round(count), unit));
  if (days < 14) return ago(days, 'day');
  if (days < 60) return ago(days / 7, 'week');
  if (days < 700) return ago(days / 30.4, 'month');
  return ago(days / 365, 'year');
}

/** `37 %`, as the region writes it, of a share of 1. */
export function percent(share: number): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** `Flat white, 2 × Granola` */
export function listOf(words: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: 'unit', style: 'short' }).format(words);
}

function daysAgo(instant: string, clock: DayClock): number {
  const dayOf = (at: Date) => Date.parse(computeBusinessDay({ ...clock, instant: at }));
  return (dayOf(new Date(serverNow())) - dayOf(new Date(instant))) / 86_400_000;
}
