import { expect, test } from 'vitest';
import { seasonDays } from '../../src/pages/dashboard/app/evidence/season-days.ts';

const places = [
  { locationId: 'a', timeZone: 'Europe/London', cutOffMinutes: 240 },
  { locationId: 'b', timeZone: 'America/Los_Angeles', cutOffMinutes: 240 },
];

test('a season began and ended on the days it was where it draws, not in Greenwich', () => {
  // Five in the afternoon in Los Angeles, and half past one in the morning: the shop's day was not over.
  const season = { startedAt: '2026-03-02T01:00:00.000Z', endedAt: '2026-05-02T08:30:00.000Z' };
  expect(seasonDays({ ...season, locationId: 'b' }, places)).toEqual({
    from: '2026-03-01',
    to: '2026-05-01',
  });
  expect(seasonDays({ ...season, locationId: null }, places)).toEqual({
    from: '2026-03-01',
    to: '2026-05-02',
  });
  expect(seasonDays({ ...season, endedAt: null, locationId: 'b' }, places).to).toBeNull();
});
