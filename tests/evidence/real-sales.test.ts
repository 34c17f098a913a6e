// A real year of sales, from the file that DOUBLESTAMP_SALES_FILE names (see tests/real-sales.test.ts): its visits drawn
// anew 1,000 times, at the chance that the paper gives a shop of under 300 customers.
import { expect, test } from 'vitest';
import { forecastSeason, readHistory } from '../../src/evidence/forecast.ts';
import { redrawVisits } from '../support/evidence-trials.ts';
import { readRealVisits } from '../support/real-visits.ts';

const shop = readRealVisits(process.env['DOUBLESTAMP_SALES_FILE']!);
const TIMEOUT_MS = 120_000;

test(
  'nothing is found where nothing was done, and half as much again is held',
  { timeout: TIMEOUT_MS },
  () => {
    const rule = { redraws: 1_000, seed: 1, chance: 0.1, acceptance: 0.8, raise: 0.5 };
    const { visits, found, covered } = redrawVisits(shop, rule);
    console.log(`${visits} real visits drawn 1,000 times: found in ${found}, held in ${covered}`);
    expect(visits).toBe(1_050);
    expect(found).toBeGreaterThanOrEqual(30);
    expect(found).toBeLessThanOrEqual(70);
    expect(covered).toBeGreaterThanOrEqual(930);
    expect(covered).toBeLessThanOrEqual(970);
  },
);

test('a vending machine is told that an answer would take it thirty years', () => {
  const history = readHistory(shop.histories, {
    from: shop.from,
    asOf: shop.asOf,
    visitMinutes: 30,
    coolDownDays: 0,
  })!;
  expect(history.residualVariation).toBeCloseTo(1.032, 3);
  expect(history.eligiblePerWeek).toBeCloseTo(23.15, 2);
  const plan = { acceptance: 0.7, relativeEffect: 0.1, chance: 0.1, gestureCostMinor: 900 };
  expect(forecastSeason({ ...history, drawsPerWeek: history.eligiblePerWeek, ...plan })).toMatchObject({
    treats: 3_625,
    weeks: 1_571,
  });
});
