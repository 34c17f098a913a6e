import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDateTime, spotDateOrder } from '../../pos-adapter/sales-file/read-date-time.ts';
import type { DateOrder } from '../../pos-adapter/sales-file/mapping.ts';

const read = (text: string, order: DateOrder = 'mdy') => {
  const time = readDateTime(text, order);
  return 'fault' in time ? time.fault : new Date(time.wallMs).toISOString();
};

describe('a date in a file', () => {
  test.each([
    ['3/1/2024 10:15', '2024-03-01T10:15:00.000Z'],
    ['03/01/24 10:15:30', '2024-03-01T10:15:30.000Z'],
    ['3/1/2024, 10:15 PM', '2024-03-01T22:15:00.000Z'],
    ['3/1/2024 12:05 a.m.', '2024-03-01T00:05:00.000Z'],
    ['3/1/2024 1:05 pm', '2024-03-01T13:05:00.000Z'],
    ['2024-12-14 13:19:07.033', '2024-12-14T13:19:07.033Z'],
    ['2024-12-14T13:19:07', '2024-12-14T13:19:07.000Z'],
    ['2024/12/14 13:19', '2024-12-14T13:19:00.000Z'],
    ['1 Mar 2024 10:15', '2024-03-01T10:15:00.000Z'],
    ['01-Mar-2024 10:15', '2024-03-01T10:15:00.000Z'],
    ['March 1, 2024 10:15 AM', '2024-03-01T10:15:00.000Z'],
    ['2/29/2024 00:00', '2024-02-29T00:00:00.000Z'],
    ['3. März 2026 10:15', '2026-03-03T10:15:00.000Z'],
    ['3-Mrz-2026 10:15', '2026-03-03T10:15:00.000Z'],
    ['1er août 2026 à 10:15', '2026-08-01T10:15:00.000Z'],
    ['3 DE MARÇO DE 2026 10:15', '2026-03-03T10:15:00.000Z'],
    ['3 Sept 2026 10:15', '2026-09-03T10:15:00.000Z'],
  ])('%s is %s', (text, wall) => expect(read(text)).toBe(wall));

  test('is read by the order the file has', () => {
    expect(read('3/4/2024 10:15', 'mdy')).toBe('2024-03-04T10:15:00.000Z');
    expect(read('3/4/2024 10:15', 'dmy')).toBe('2024-04-03T10:15:00.000Z');
    expect(read('3.4.2024 10.15', 'dmy')).toBe('2024-04-03T10:15:00.000Z');
    expect(read('24/03/04 10:15', 'ymd')).toBe('2024-03-04T10:15:00.000Z');
  });

  test.each(['en', 'de', 'de-AT', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'uk', 'da', 'nb', 'sv'])(
    'is read with its month by name as it is written in %s',
    (language) => {
      for (const dateStyle of ['medium', 'long'] as const)
        for (let month = 0; month < 12; month++) {
          const wallMs = Date.UTC(2026, month, 3, 10, 15);
          const text = new Intl.DateTimeFormat(language, { dateStyle, timeZone: 'UTC' }).format(wallMs);
          expect(`${text}: ${read(`${text} 10:15`, 'dmy')}`).toBe(
            `${text}: ${new Date(wallMs).toISOString()}`,
          );
        }
    },
  );

  test('is read by a month’s name alone too: no two languages call two months by one word', () => {
    for (const language of ['en', 'de', 'de-AT', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'uk', 'da', 'nb', 'sv'])
      for (const month of ['long', 'short'] as const)
        for (let place = 0; place < 12; place++) {
          const wallMs = Date.UTC(2026, place, 3, 10, 15);
          const name = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' }).format(wallMs);
          expect(`${language} ${name}: ${read(`3 ${name} 2026 10:15`, 'dmy')}`).toBe(
            `${language} ${name}: ${new Date(wallMs).toISOString()}`,
          );
        }
  });

  test('that says its own distance from UTC keeps it', () => {
    expect(readDateTime('2024-03-01T10:15:00+02:00', 'mdy')).toMatchObject({
      offsetMinutes: 120,
      form: 'with-offset',
    });
    expect(readDateTime('2024-03-01 10:15:00 -0330', 'mdy')).toMatchObject({ offsetMinutes: -210 });
    expect(readDateTime('2024-03-01T10:15:00Z', 'mdy')).toMatchObject({ offsetMinutes: 0 });
    const wallMs = Date.UTC(2024, 2, 1, 10, 15);
    expect(readDateTime('2024-03-01 10:15', 'mdy')).toEqual({ wallMs, form: 'year-first' });
  });

  test.each([
    '',
    'yesterday',
    '25/12/2024 10:15', // day first in a file of months first: the others may be misread too
    '2/30/2024 10:15',
    '2/29/2023 10:15',
    '3/1/2024',
    '3/1/2024 25:00',
    '3/1/2024 13:00 PM',
    '3/1/2024 0:30 PM',
    '3/1/2024 10:60',
    '3/1/2024 10:15:60',
    '3/1/1824 10:15',
    '2024-13-01 10:15',
    '1 Foo 2024 10:15',
    '1 jui 2024 10:15', // June or July
    '3 marraskuuta 2026 10:15', // begins like March, and is the Finnish November
    '31 février 2026 10:15',
    'Total',
  ])('“%s” is none', (text) => expect(read(text)).not.toMatch(/Z$/));

  test('that no calendar has is told with how it was read', () => {
    expect(read('  ')).toBe('the date is missing');
    expect(read('2/30/2024 10:15')).toBe(
      '“2/30/2024 10:15” is not a day of the calendar when read as month/day/year',
    );
    expect(read('2024-02-30 10:15')).toMatch(/when read as it is written$/);
  });

  test('survives being written and read, in every order', () => {
    const two = (value: number) => String(value).padStart(2, '0');
    const instants = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2199-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => {
        const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
        const time = `${date.getUTCHours()}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${String(date.getUTCMilliseconds()).padStart(3, '0')}`;
        const wall = date.toISOString();
        expect(read(`${month}/${day}/${year} ${time}`, 'mdy')).toBe(wall);
        expect(read(`${two(day)}.${two(month)}.${year} ${time}`, 'dmy')).toBe(wall);
        expect(read(`${year}-${two(month)}-${two(day)} ${time}`, 'dmy')).toBe(wall);
      }),
    );
  });

  test('a cell far too long for a date is a fault at once, and is not repeated', () => {
    expect(read(`1${' '.repeat(1_000)}x`)).toBe('this is too long for a date');
  });

  test.each([
    ['3/25/2024 10:15', 'mdy'],
    ['25/3/2024 10:15', 'dmy'],
    ['2024-03-01 10:15', 'ymd'],
    ['12/25/2024 10:15', 'mdy'],
    ['25/12/2024 10:15', 'dmy'],
    ['12/12/2024 10:15', undefined],
    ['12/4/2024 10:15', undefined],
    ['4/12/2024 10:15', undefined],
    ['3/4/2024 10:15', undefined],
    ['1 Mar 2024 10:15', undefined],
  ])('%s shows the order %s', (text, order) => expect(spotDateOrder(text)).toBe(order));
});
