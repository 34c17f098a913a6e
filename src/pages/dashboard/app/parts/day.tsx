import { locale } from '../language.ts';

/** A business day, `2026-03-10`, as `10 Mar 2026`. It is a day of the shop, wherever the reader is. */
export function Day({ day }: { day: string }) {
  return <time dateTime={day}>{formatDay(day)}</time>;
}

/** A business day, spelled like this: `10 Mar 2026` unless something else is asked for. */
export function formatDay(
  day: string,
  spelled: Intl.DateTimeFormatOptions = { dateStyle: 'medium' },
): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...spelled }).format(new Date(`${day}T00:00Z`));
}

/** A day of the week, 0 for `Sunday` to 6: February 1970 began with one. */
export function formatWeekday(day: number): string {
  return formatDay(`1970-02-0${1 + day}`, { weekday: 'long' });
}

/** An instant in the reader's own time: `10 Mar 2026, 09:41`. */
export function Moment({ at }: { at: string }) {
  return <time dateTime={at}>{formatMoment(at)}</time>;
}

/** In the reader's own time, or in that of another zone. */
export function formatMoment(at: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
    new Date(at),
  );
}

/** The day of an instant in the reader's own time: `10 Mar 2026`. */
export function formatDayOf(at: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(at));
}

/** The time of day at a place: `09:41`. */
export function Time({ at, timeZone }: { at: string; timeZone: string }) {
  return (
    <time dateTime={at} title={formatMoment(at, timeZone)}>
      {formatTime(at, timeZone)}
    </time>
  );
}

/** As `Time`, in a sentence. */
export function formatTime(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(new Date(at));
}

/** `just now`, `12 minutes ago`, `3 days ago`; the moment itself when it is pointed at. */
export function Ago({ at, now = Date.now() }: { at: string; now?: number }) {
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatAgo(at, now)}
    </time>
  );
}

function formatAgo(at: string, now: number): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const minutes = Math.round((Date.parse(at) - now) / 60_000);
  if (minutes > -1) return format.format(0, 'minute');
  if (minutes > -60) return format.format(minutes, 'minute');
  if (minutes > -24 * 60) return format.format(Math.round(minutes / 60), 'hour');
  return format.format(Math.round(minutes / 60 / 24), 'day');
}
