import { describe, expect, test } from 'vitest';
import { chooseDraws, computePace } from '../../src/operations/choose-draws.ts';
import { SeasonDraws } from '../../src/operations/season-draws.ts';
import type { DrawFacts } from '../../src/operations/season-draws.ts';

const DAY_MS = 86_400_000;
const startedAt = new Date('2026-01-01T08:00:00Z');
const day = (days: number) => new Date(startedAt.getTime() + days * DAY_MS);
const on = { startedAt, endedAt: null };

/** Draws of a season, so many days after it began, at a location each and of a customer each. */
function drawsOf(draws: readonly { days: number; locationId?: string; customerId?: string }[]): SeasonDraws {
  const season = new SeasonDraws({ startedAt });
  const facts = draws.map(
    ({ days, locationId = 'soho', customerId = `customer ${days}` }, place): DrawFacts => ({
      sequence: place + 1,
      seasonId: 'season',
      locationId,
      customerId,
      businessDay: day(days).toISOString().slice(0, 10),
      drawnAt: day(days),
      chanceMillionths: 50_000,
      u: 0,
      isDrawn: false,
      covariates: {
        spend28Minor: days,
        spend90Minor: 0,
        visits28: 0,
        visits90: 1,
        tenureDays: 0,
        gapDays: 0,
        stamps: 0,
      },
    }),
  );
  season.add(facts, new Map());
  season.maturedCount = draws.length;
  return season;
}

describe('the pace of a season', () => {
  const draws = drawsOf([1, 32, 33, 40, 50, 59].map((days) => ({ days })));

  test('is that of the last four weeks', () => {
    expect(computePace(draws, { asOf: day(60), season: on, location: null })).toEqual({
      drawsMade: 6,
      drawsPerWeek: 4 / 4,
    });
  });

  test('of one that is ten days old is that of ten days, and of one that began just now that of a day', () => {
    const pace = (days: number, drawn: number[]) =>
      computePace(drawsOf(drawn.map((one) => ({ days: one }))), {
        asOf: day(days),
        season: on,
        location: null,
      }).drawsPerWeek;
    expect(pace(10, [0.01, 4, 9])).toBeCloseTo(3 / (10 / 7), 9);
    expect(pace(0.02, [0.01])).toBeCloseTo(7, 9);
  });

  test('of one that has ended is none', () => {
    const pace = (endedAt: Date) =>
      computePace(draws, { asOf: day(60), season: { startedAt, endedAt }, location: null }).drawsPerWeek;
    expect([pace(day(60)), pace(day(61))]).toEqual([0, 1]);
  });
});

test('the draws of one location are its own, with its customers numbered from nought and their share of all', () => {
  const draws = drawsOf([
    { days: 1, customerId: 'ida' },
    { days: 2, customerId: 'bea', locationId: 'leeds' },
    { days: 3, customerId: 'cem', locationId: 'leeds' },
    { days: 4, customerId: 'bea', locationId: 'leeds' },
  ]);
  const leeds = chooseDraws(draws, 'leeds');
  expect(leeds).toMatchObject({ location: 1, share: 0.75 });
  expect([...leeds.draws.cluster.codes]).toEqual([0, 1, 0]);
  expect(leeds.draws.cluster.count).toBe(2);
  expect([...leeds.draws.x[1]!]).toEqual([2, 3, 4]);
  expect(computePace(draws, { asOf: day(60), season: on, location: 1 }).drawsMade).toBe(3);
  const all = chooseDraws(draws, null);
  expect(all).toMatchObject({ location: null, share: 1 });
  expect([...all.draws.cluster.codes]).toEqual([0, 1, 2, 1]);
});
