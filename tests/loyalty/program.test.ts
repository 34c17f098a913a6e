import { expect, test } from 'vitest';
import { computeStampCost } from '../../src/loyalty/program.ts';

test('a stamp costs its share of the reward, to the nearest penny, and nothing while nobody said what that costs', () => {
  expect(computeStampCost({ rewardCostMinor: 80, stampsRequired: 10 })).toBe(8);
  expect(computeStampCost({ rewardCostMinor: 80, stampsRequired: 9 })).toBe(9);
  expect(computeStampCost({ rewardCostMinor: 75, stampsRequired: 9 })).toBe(8);
  expect(computeStampCost({ rewardCostMinor: null, stampsRequired: 9 })).toBe(0);
});
