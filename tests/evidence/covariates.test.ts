import { describe, expect, test } from 'vitest';
import { buildColumns, decideEligibility, freezeCovariates } from '../../src/evidence/covariates.ts';
import type { Covariates, EligibilityInputs } from '../../src/evidence/covariates.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const sale = (daysBefore: number, netMinor = 350) => ({
  occurredAt: new Date(NOON - daysBefore * DAY_MS),
  netMinor,
});
const freeze = (sales: ReturnType<typeof sale>[], visitMinutes = 30) =>
  freezeCovariates({ sales, scannedAt: new Date(NOON), visitMinutes, stamps: 3 });

describe('what is known at the scan', () => {
  test('spend and visits of 28 and of 90 days, and for how long they come', () => {
    expect(freeze([sale(200), sale(90), sale(60, 500), sale(28, 400), sale(2, 300)])).toEqual({
      spend28Minor: 700,
      spend90Minor: 1_550,
      visits28: 2,
      visits90: 4,
      tenureDays: 200,
      gapDays: 2,
      stamps: 3,
    });
  });

  test('a sale a minute more than 28 or 90 days ago is out', () => {
    const aMinute = MINUTE_MS / DAY_MS;
    const known = freeze([sale(90 + aMinute, 500), sale(28 + aMinute, 400)]);
    expect(known).toMatchObject({ spend28Minor: 0, visits28: 0, spend90Minor: 400, visits90: 1 });
  });

  test('the sale of this very visit is not known yet, nor anything after it', () => {
    const ofTheVisit = { occurredAt: new Date(NOON - 29 * MINUTE_MS), netMinor: 900 };
    const after = { occurredAt: new Date(NOON + DAY_MS), netMinor: 900 };
    expect(freeze([sale(5), ofTheVisit, after])).toEqual(freeze([sale(5)]));
    const before = (ms: number) => ({ occurredAt: new Date(NOON - ms), netMinor: 900 });
    expect(freeze([sale(5), before(30 * MINUTE_MS)])).toEqual(freeze([sale(5)]));
    expect(freeze([sale(5), before(30 * MINUTE_MS + 1)]).spend28Minor).toBe(1_250);
  });

  test('two sales ten minutes apart are one visit, unless the shop counts every sale', () => {
    const again = { occurredAt: new Date(NOON - 5 * DAY_MS + 10 * MINUTE_MS), netMinor: 350 };
    expect(freeze([sale(5), again])).toMatchObject({ visits28: 1, visits90: 1, spend28Minor: 700 });
    expect(freeze([sale(5), again], 0)).toMatchObject({ visits28: 2 });
    expect([10, 9].map((visitMinutes) => freeze([sale(5), again], visitMinutes).visits28)).toEqual([1, 2]);
  });

  test('of a newcomer nothing is known', () => {
    expect(freeze([])).toEqual({
      spend28Minor: 0,
      spend90Minor: 0,
      visits28: 0,
      visits90: 0,
      tenureDays: 0,
      gapDays: 0,
      stamps: 3,
    });
  });
});

describe('whether a scan draws', () => {
  const eligible: EligibilityInputs = {
    covariates: { visits90: 1 },
    hasEarlierVisit: true,
    isStaff: false,
    lastGestureAt: null,
    coolDownDays: 0,
    scannedAt: new Date(NOON),
    isSeasonOn: true,
    usedToday: 0,
    dailyCap: 1,
  };

  test.each<[string, Partial<EligibilityInputs>, string | null]>([
    ['a customer who was here before draws', {}, null],
    ['nobody draws when no season is on', { isSeasonOn: false }, 'season-off'],
    ['staff never draw', { isStaff: true }, 'staff'],
    ['a first visit does not draw', { hasEarlierVisit: false, covariates: { visits90: 0 } }, 'first-visit'],
    ['nobody draws who was away for more than 90 days', { covariates: { visits90: 0 } }, 'long-away'],
    [
      'a gesture a millisecond less than 14 days ago',
      { lastGestureAt: new Date(NOON - 14 * DAY_MS + 1) },
      'recent-gesture',
    ],
    ['a gesture 14 days ago', { lastGestureAt: new Date(NOON - 14 * DAY_MS) }, null],
    [
      'a gesture a millisecond less than a longer cool-down ago',
      { lastGestureAt: new Date(NOON - 30 * DAY_MS + 1), coolDownDays: 30 },
      'recent-gesture',
    ],
    ['a gesture that long ago', { lastGestureAt: new Date(NOON - 30 * DAY_MS), coolDownDays: 30 }, null],
    ['the last one within the cap', { usedToday: 2, dailyCap: 3 }, null],
    ['the cap is reached', { usedToday: 3, dailyCap: 3 }, 'cap-reached'],
  ])('%s', (_, change, refusal) => expect(decideEligibility({ ...eligible, ...change })).toBe(refusal));
});

test('the columns are those of the paper, in its order', () => {
  const one: Covariates = {
    spend28Minor: 700,
    spend90Minor: 1_550,
    visits28: 2,
    visits90: 4,
    tenureDays: 200,
    gapDays: 2,
    stamps: 8,
  };
  const two = { ...one, gapDays: 400, stamps: 7 };
  const columns = buildColumns([one, two]);
  expect(columns.map((column) => column[0])).toEqual([1, 700, 1_550, 2, 4, Math.log(201), Math.log(3), 8, 1]);
  expect(columns.map((column) => column[1]).slice(6)).toEqual([Math.log1p(180), 7, 0]);
});
