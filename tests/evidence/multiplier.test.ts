import { expect, test } from 'vitest';
import { fixedMultiplier, sequenceMultiplier } from '../../src/evidence/multiplier.ts';
import { PLANNED_MULTIPLIER } from '../../src/evidence/verdict.ts';

test('at the planned number of draws the multiplier is 3.035, whatever the plan', () => {
  for (const planned of [400, 5_000, 200_000])
    expect(sequenceMultiplier({ visits: planned, plannedVisits: planned })).toBeCloseTo(
      PLANNED_MULTIPLIER,
      3,
    );
});

test('it is widest long before the plan, and not much wider after it', () => {
  const at = (visits: number) => sequenceMultiplier({ visits, plannedVisits: 1_000 });
  const widths = [10, 100, 300, 1_000].map(at);
  expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  expect(at(10)).toBeGreaterThan(5);
  expect(at(10_000)).toBeLessThan(3.4);
  // Worked out from the formula: M = 7.9361, r = 7.9361 × 0.5, m = √(4.968/3.968 · ln(4.968 · 400)).
  expect(at(500)).toBeCloseTo(3.0836, 3);
});

test('it is always wider than one look allows', () => {
  for (const visits of [1, 50, 1_000, 1e6])
    expect(sequenceMultiplier({ visits, plannedVisits: 1_000 })).toBeGreaterThan(1.96);
});

test('on one fixed date it is that of t, with the customers less one', () => {
  expect(fixedMultiplier({ customers: 46 })).toBeCloseTo(2.0141033888808466, 10);
});

test('there is no sequence without draws or without a plan', () => {
  expect(() => sequenceMultiplier({ visits: 0, plannedVisits: 100 })).toThrow(RangeError);
  expect(() => sequenceMultiplier({ visits: 100, plannedVisits: 0 })).toThrow(RangeError);
});
