import { describe, expect, test } from 'vitest';
import {
  eligibleVisits,
  forecastPace,
  forecastSeason,
  forecastTreats,
  readHistory,
} from '../../src/evidence/forecast.ts';
import { buildColumns } from '../../src/evidence/covariates.ts';
import { computeOutcome } from '../../src/evidence/outcome.ts';
import { buildBasis, residualise } from '../../src/evidence/residualise.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';

const DAY_MS = 86_400_000;
const OPENED = Date.parse('2025-01-01T08:00:00Z');
const day = (days: number) => new Date(OPENED + days * DAY_MS);
const saleOn = (days: number, netMinor = 350) => ({ saleId: `${days}`, occurredAt: day(days), netMinor });

describe('how long an answer will take', () => {
  test('is told before a season begins', () => {
    const wanted = { residualVariation: 0.6, acceptance: 0.7, relativeEffect: 0.1, chance: 0.05 };
    // ((3.035 + 0.84) × 0.6 / 0.07)² / 0.95
    expect(forecastTreats(wanted)).toBe(1_162);
    const season = forecastSeason({
      ...wanted,
      drawsPerWeek: 400,
      gestureCostMinor: 90,
    });
    expect(season).toEqual({
      treats: 1_162,
      plannedDraws: 23_240,
      weeks: Math.ceil(23_240 / 400 + 30 / 7),
      costMinor: Math.round(1_162 * 0.7 * 90),
    });
  });

  test('half the effect takes four times as long', () => {
    const treats = (relativeEffect: number) =>
      forecastTreats({ residualVariation: 0.6, acceptance: 0.7, relativeEffect, chance: 0.05 });
    expect(treats(0.05) / treats(0.1)).toBeCloseTo(4, 2);
  });

  test('however large the effect, an answer is not promised before a verdict can be given', () => {
    const season = forecastSeason({
      residualVariation: 0.6,
      drawsPerWeek: 400,
      acceptance: 0.7,
      relativeEffect: 1,
      chance: 0.05,
      gestureCostMinor: 90,
    });
    expect(season).toEqual({ treats: 100, plannedDraws: 2_000, weeks: 10, costMinor: 6_300 });
  });

  test('a part of a draw is a whole one, and the cost is to the nearest penny', () => {
    const season = forecastSeason({
      residualVariation: 0.6,
      drawsPerWeek: 400,
      acceptance: 0.777,
      relativeEffect: 1,
      chance: 0.07,
      gestureCostMinor: 1,
    });
    expect(season).toMatchObject({ treats: 100, plannedDraws: 1_429, costMinor: 78 });
  });

  test('a shop where nobody comes back would wait for ever', () => {
    const plan = {
      residualVariation: 1,
      drawsPerWeek: 0,
      acceptance: 0.7,
      relativeEffect: 0.1,
      chance: 0.05,
      gestureCostMinor: 90,
    };
    expect(forecastSeason(plan).weeks).toBeNull();
  });

  test('who was given something rests, and where another kind is on it has half of the days', () => {
    const history = { eligiblePerWeek: 420, visitsAtRest: 5 };
    const plan = { share: 1, chance: 0.1, acceptance: 0.8 };
    const pace = forecastPace(history, plan);
    // Of 420 visits, those that rest after 0.08 of 300.
    expect(pace).toBeCloseTo(300, 9);
    expect(pace + plan.chance * plan.acceptance * pace * history.visitsAtRest).toBeCloseTo(420, 9);
    expect(forecastPace(history, { ...plan, share: 0.5 })).toBeCloseTo(175, 9);
    expect(forecastPace({ ...history, visitsAtRest: 0 }, plan)).toBe(420);
  });

  test.each([{ acceptance: 0 }, { relativeEffect: 0 }, { chance: 0 }, { chance: 1 }])(
    'nothing can be foretold of %o',
    (change) => {
      const wanted = { residualVariation: 0.6, acceptance: 0.7, relativeEffect: 0.1, chance: 0.05 };
      expect(() => forecastTreats({ ...wanted, ...change })).toThrow(RangeError);
    },
  );
});

describe("a shop's own past", () => {
  const rule = { from: day(90), asOf: day(300), visitMinutes: 30, coolDownDays: 0 };

  test('a customer who comes every other day would have drawn from the second visit on', () => {
    const sales = Array.from({ length: 150 }, (_, visit) => saleOn(2 * visit));
    const visits = [...eligibleVisits(sales, { ...rule, from: day(0) })];
    expect(visits).toHaveLength(149);
    expect(visits[0]!.covariates).toMatchObject({ visits90: 1, gapDays: 2, tenureDays: 2 });
  });

  test('nobody draws on a first visit, after a long absence, or twice a day', () => {
    const sales = [saleOn(100), saleOn(195), saleOn(195.2), saleOn(200), saleOn(200.3)];
    expect([...eligibleVisits(sales, rule)].map(({ at }) => at)).toEqual([day(195.2), day(200)]);
  });

  test('who sits here for an hour on a first visit, ordering again and again, does not draw on it', () => {
    const minute = 1 / (24 * 60);
    const sitting = [0, 20, 40, 60].map((minutes) => saleOn(100 + minutes * minute));
    expect([...eligibleVisits(sitting, rule)]).toEqual([]);
  });

  test('the last visit counts again 24 hours after the one before, from the first instant to the last', () => {
    const sales = [saleOn(80), saleOn(90), saleOn(91), saleOn(92), saleOn(92.999), saleOn(300)];
    const days = [...eligibleVisits(sales, { ...rule, asOf: day(92) })].map(({ at }) => at);
    expect(days).toEqual([90, 91, 92].map(day));
  });

  test('nobody draws in the 14 days after a gesture, which is itself given after the scan', () => {
    const sales = Array.from({ length: 20 }, (_, visit) => saleOn(90 + 2 * visit));
    const givenAt = [new Date(day(100).getTime() - 60_000)];
    const days = [...eligibleVisits(sales, { ...rule, givenAt })].map(({ at }) => at);
    expect(days.slice(0, 6)).toEqual([92, 94, 96, 98, 100, 114].map(day));
  });

  test('where the shop gives nobody anything again for longer, nobody draws for as long', () => {
    const sales = Array.from({ length: 30 }, (_, visit) => saleOn(90 + 2 * visit));
    const longer = { ...rule, coolDownDays: 21 };
    const days = [...eligibleVisits(sales, { ...longer, givenAt: [day(93)] })].map(({ at }) => at);
    expect(days.slice(0, 3)).toEqual([92, 114, 116].map(day));
    const regulars = Array.from({ length: 10 }, () => ({ sales }));
    expect(readHistory(regulars, { ...rule, asOf: day(180) })!.visitsAtRest).toBeLessThan(6.1);
    expect(readHistory(regulars, { ...longer, asOf: day(180) })!.visitsAtRest).toBeGreaterThan(8);
  });

  test('customers as regular as a clock leave no doubt, and those who are not leave some', () => {
    const next = createSeededRandom(1);
    const clocks = Array.from({ length: 40 }, (_, customer) => ({
      sales: Array.from({ length: 100 }, (__, visit) => saleOn(3 * visit + (customer % 3))),
    }));
    const steady = readHistory(clocks, rule)!;
    expect(steady.residualVariation).toBeLessThan(0.05);
    expect(steady.meanSpendMinor).toBeGreaterThan(3_300);
    expect(steady.meanSpendMinor).toBeLessThan(3_600);
    expect(steady.eligiblePerWeek).toBeCloseTo((40 * 7) / 3, 0);
    expect(steady.saleCapMinor).toBe(350);
    // Three, six, nine and twelve days later.
    expect(steady.visitsAtRest).toBe(4);
    const fickle = clocks.map(({ sales }) => ({ sales: sales.filter(() => next() < 0.3) }));
    expect(readHistory(fickle, rule)!.residualVariation).toBeGreaterThan(0.25);
  });

  test('a shop that is as old as six weeks draws at the pace of those six weeks', () => {
    const young = Array.from({ length: 30 }, (_, customer) => ({
      sales: Array.from({ length: 21 }, (__, visit) => saleOn(258 + 2 * visit + (customer % 2))),
    }));
    const { eligiblePerWeek } = readHistory(young, { ...rule, from: day(210) })!;
    // Every other day from the second visit on: 20 visits of each in 42 days.
    expect(eligiblePerWeek).toBeCloseTo((30 * 20) / 6, 0);
  });

  test('how far spend lies from what was foretold is told with the degrees of freedom that are left', () => {
    const next = createSeededRandom(7);
    const histories = Array.from({ length: 12 }, () => ({
      sales: Array.from({ length: 40 }, (_, visit) => saleOn(92 + visit, Math.round(200 + 300 * next()))),
    }));
    const seen = readHistory(histories, { ...rule, asOf: day(135) })!;
    const outcome = { saleCapMinor: seen.saleCapMinor, visitMinutes: 30, asOf: day(135) };
    const matured = histories.flatMap(({ sales }) =>
      [...eligibleVisits(sales, { ...rule, asOf: day(135) })].flatMap(({ at, covariates }) => {
        const { isMatured, spendMinor } = computeOutcome(at, sales, outcome);
        return isMatured ? [{ covariates, spendMinor }] : [];
      }),
    );
    const spend = matured.map(({ spendMinor }) => spendMinor);
    const basis = buildBasis(buildColumns(matured.map(({ covariates }) => covariates)));
    const squares = residualise(spend, basis).reduce((sum, left) => sum + left * left, 0);
    const mean = spend.reduce((sum, minor) => sum + minor, 0) / spend.length;
    const deviation = Math.sqrt(squares / (spend.length - basis.columns.length));
    expect(seen.residualVariation).toBeCloseTo(deviation / mean, 12);
  });

  test('fifty visits foretell something, and forty-nine nothing; nor do any in which nothing was paid', () => {
    // Every third day from the second visit on, and the last ten visits have yet to mature.
    const visitsOf = (visits: number, netMinor = 350) => [
      { sales: Array.from({ length: visits + 11 }, (_, visit) => saleOn(100 + 3 * visit, netMinor)) },
    ];
    const lastDay = (visits: number) => ({ ...rule, asOf: day(100 + 3 * (visits + 10)) });
    expect(readHistory(visitsOf(50), lastDay(50))).not.toBeNull();
    expect(readHistory(visitsOf(49), lastDay(49))).toBeNull();
    expect(readHistory(visitsOf(50, 0), lastDay(50))).toBeNull();
  });

  test('too short a past foretells nothing', () => {
    expect(readHistory([], rule)).toBeNull();
    expect(readHistory([{ sales: [saleOn(100), saleOn(120)] }], rule)).toBeNull();
  });
});
