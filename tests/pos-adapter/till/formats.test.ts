import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { longAgo, moment, place } from '../../../pos-adapter/till/formats.ts';

beforeEach(() => {
  vi.useFakeTimers();
  place.value = { timeZone: 'Europe/Berlin', cutOffMinutes: 240, currency: 'EUR' };
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['a visit of the evening is of today until the shop’s day is over', '02:59', '2026-03-10T23:50', 'today'],
  ['and of yesterday from then on', '03:00', '2026-03-10T23:50', 'yesterday'],
  ['a visit after midnight is of the day before', '09:00', '2026-03-11T01:30', 'yesterday'],
  ['one after the shop’s day has begun is of today', '09:00', '2026-03-11T04:10', 'today'],
])('%s', (_, utc, wallTime, said) => {
  vi.setSystemTime(new Date(`2026-03-11T${utc}:00Z`)); // an hour later on the shop's wall
  expect(longAgo(new Date(`${wallTime}:00+01:00`).toISOString())).toBe(said);
});

test('a time of day is told by the calendar: at half past midnight four o’clock is not tomorrow', () => {
  vi.setSystemTime(new Date('2026-03-10T23:30:00Z'));
  expect(moment('2026-03-11T03:00:00Z')).toMatch(/^04:00/);
  vi.setSystemTime(new Date('2026-03-10T22:30:00Z'));
  expect(moment('2026-03-11T03:00:00Z')).toMatch(/^tomorrow, 04:00/);
});
