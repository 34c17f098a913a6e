import { describe, expect, test } from 'vitest';
import { computeOutcome, computeSaleCap } from '../../src/evidence/outcome.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const rule = { saleCapMinor: 1_000, visitMinutes: 30, asOf: new Date(NOON + 60 * DAY_MS) };
const saleAt = (afterMs: number, netMinor = 350) => ({ occurredAt: new Date(NOON + afterMs), netMinor });
const follow = (sales: ReturnType<typeof saleAt>[], changes: Partial<typeof rule> = {}) =>
  computeOutcome(new Date(NOON), sales, { ...rule, ...changes });

describe('what counts after a drawn visit', () => {
  test.each([
    ['the last millisecond of the visit does not count', 30 * MINUTE_MS, 0],
    ['the next one does', 30 * MINUTE_MS + 1, 1],
    ['the last millisecond of 30 days counts', 30 * DAY_MS, 1],
    ['the next one no longer does', 30 * DAY_MS + 1, 0],
    ['nothing from before counts', -DAY_MS, 0],
  ])('%s', (_, afterMs, saleCount) => {
    expect(follow([saleAt(afterMs)])).toMatchObject({ saleCount, spendMinor: saleCount * 350 });
  });

  test('a party of twelve counts as far as the cap, and as one sale', () => {
    expect(follow([saleAt(DAY_MS, 4_200), saleAt(2 * DAY_MS, 1_000)])).toMatchObject({
      spendMinor: 2_000,
      saleCount: 2,
    });
  });

  test('it has matured when the 30 days are over, not a millisecond before', () => {
    expect(follow([], { asOf: new Date(NOON + 30 * DAY_MS) }).isMatured).toBe(true);
    expect(follow([], { asOf: new Date(NOON + 30 * DAY_MS - 1) }).isMatured).toBe(false);
  });

  test('sales after the day of the report are not known yet', () => {
    expect(follow([saleAt(DAY_MS), saleAt(3 * DAY_MS)], { asOf: new Date(NOON + 2 * DAY_MS) })).toMatchObject(
      { saleCount: 1, isMatured: false },
    );
  });

  test('a sale of the very instant of the report is known', () => {
    const asOf = new Date(NOON + 30 * DAY_MS);
    expect(follow([saleAt(30 * DAY_MS)], { asOf })).toMatchObject({ saleCount: 1, isMatured: true });
  });

  test('what was spent 58 to 28 days before is told apart', () => {
    const sales = [
      saleAt(-58 * DAY_MS - 1, 1),
      saleAt(-58 * DAY_MS, 10),
      saleAt(-28 * DAY_MS - 1, 5_000),
      saleAt(-28 * DAY_MS, 100),
      saleAt(DAY_MS, 300),
    ];
    expect(follow(sales)).toMatchObject({ placeboMinor: 1_010, spendMinor: 300 });
  });
});

test('a sale is cut where 995 in 1,000 lie below', () => {
  expect(computeSaleCap(Array.from({ length: 1_000 }, (_, sale) => 1_000 - sale))).toBe(995);
  expect(computeSaleCap([350])).toBe(350);
  expect(computeSaleCap([])).toBeNull();
});
