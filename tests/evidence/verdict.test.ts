import { describe, expect, test } from 'vitest';
import {
  computeBreakEven,
  computeDrawsNeeded,
  computeSmallestEffect,
  computeStillNeeded,
  decideVerdict,
} from '../../src/evidence/verdict.ts';
import type { Verdict, VerdictInputs } from '../../src/evidence/verdict.ts';

const decide = (low: number, high: number, changes: Partial<VerdictInputs> = {}): Verdict =>
  decideVerdict({
    set: { isBounded: true, low, high },
    breakEvenMinor: 150,
    pValue: null,
    hasFailedCheck: false,
    isLargeEnough: true,
    ...changes,
  });

describe('what the owner is told, when a gesture must bring in 1.50 to pay for itself', () => {
  test.each<[string, number, number, Verdict]>([
    ['surely more than its cost', 151, 400, 'more-than-they-cost'],
    ['perhaps just its cost', 150, 400, 'bring-people-back'],
    ['surely something', 1, 140, 'bring-people-back'],
    ['perhaps nothing', 0, 400, 'not-enough-data'],
    ['surely less', -300, -1, 'lower-spend'],
    ['surely less than its cost', -300, 149, 'cost-more'],
    ['perhaps its cost', -300, 150, 'not-enough-data'],
    ['anything', -739, 950, 'not-enough-data'],
  ])('%s: from %d to %d is %s', (_, low, high, verdict) => expect(decide(low, high)).toBe(verdict));

  test('no verdict from data that fail a check, from too few, or when the set has no end', () => {
    expect(decide(151, 400, { hasFailedCheck: true })).toBe('checks-failed');
    expect(decide(151, 400, { isLargeEnough: false })).toBe('not-enough-data');
    expect(decide(0, 0, { set: { isBounded: false } })).toBe('not-enough-data');
  });

  test('below 200 treated draws an effect is claimed only if redrawing at random agrees', () => {
    expect(decide(151, 400, { pValue: 0.05 })).toBe('more-than-they-cost');
    expect(decide(151, 400, { pValue: 0.051 })).toBe('not-enough-data');
    expect(decide(1, 400, { pValue: 0.2 })).toBe('not-enough-data');
    expect(decide(-300, -1, { pValue: 0.2 })).toBe('cost-more');
    expect(decide(-300, 100, { pValue: 0.9 })).toBe('cost-more');
  });
});

test('a coffee that costs 0.90 to give pays for itself at 1.50 when 60 % of the price is margin', () => {
  expect(computeBreakEven({ costMinor: 90, marginMillionths: 600_000 })).toBeCloseTo(150, 10);
  expect(() => computeBreakEven({ costMinor: 90, marginMillionths: 0 })).toThrow(RangeError);
});

test('the smallest effect that matters is break-even, or a tenth of what is spent anyway', () => {
  expect(computeSmallestEffect({ breakEvenMinor: 150, meanUndrawnMinor: 1_000 })).toBe(150);
  expect(computeSmallestEffect({ breakEvenMinor: 150, meanUndrawnMinor: 4_000 })).toBe(400);
});

test('twice the doubt takes four times the draws', () => {
  const needed = (standardError: number) =>
    computeDrawsNeeded({ visits: 1_000, standardError, smallestEffect: 400 });
  expect(needed(100)).toBe(Math.ceil(1_000 * (3.8766 / 4) ** 2));
  expect(needed(200)).toBe(Math.ceil(4_000 * (3.8766 / 4) ** 2));
});

test('what is missing is told in treats and in weeks, the last month of waiting included', () => {
  const rest = {
    drawsNeeded: 5_000,
    drawsMatured: 800,
    drawsMade: 1_000,
    chance: 0.05,
    drawsPerWeek: 400,
  };
  expect(computeStillNeeded(rest)).toEqual({ treats: 200, weeks: 15 });
  expect(computeStillNeeded({ ...rest, drawsMade: 5_000 })).toEqual({ treats: 0, weeks: 5 });
  expect(computeStillNeeded({ ...rest, drawsPerWeek: 0 })).toEqual({ treats: 200, weeks: null });
  // Of one draw in twenty that are missing, a part of a treat is a whole one.
  expect(computeStillNeeded({ ...rest, drawsMade: 4_999 }).treats).toBe(1);
});

test('nobody is told to wait for draws that have all matured', () => {
  const all = { drawsNeeded: 5_000, drawsMatured: 5_000, drawsMade: 5_200, chance: 0.05, drawsPerWeek: 400 };
  expect(computeStillNeeded(all)).toEqual({ treats: 0, weeks: 0 });
  expect(computeStillNeeded({ ...all, drawsPerWeek: 0 })).toEqual({ treats: 0, weeks: 0 });
});

test('while the last of enough draws mature, the weeks that are told grow fewer', () => {
  const told = (drawsMatured: number) =>
    computeStillNeeded({
      drawsNeeded: 5_000,
      drawsMatured,
      drawsMade: drawsMatured + 1_714,
      chance: 0.05,
      drawsPerWeek: 400,
    });
  expect([3_200, 3_500, 4_000, 4_300, 4_999].map((matured) => told(matured).weeks)).toEqual([5, 4, 3, 2, 1]);
  expect([3_300, 4_999].map((matured) => told(matured).treats)).toEqual([0, 0]);
});
