import { describe, expect, test } from 'vitest';
import { poolRandomEffects, poolShops } from '../../src/evidence/pool.ts';
import type { ShopAnswer } from '../../src/evidence/pool.ts';

describe('the mean of shops that differ', () => {
  test('is that of DerSimonian and Laird, worked out by hand', () => {
    // Weights 1, 1/4, 1/4: fixed mean 6/1.5 = 4; Q = 4 + 1 + 9 = 14 with y = 2, 6, 10; C = 1.5 − 1.125/1.5 = 0.75.
    const pooled = poolRandomEffects([2, 6, 10], [1, 4, 4]);
    expect(pooled.heterogeneity).toBeCloseTo(14, 12);
    expect(pooled.betweenVariance).toBeCloseTo((14 - 2) / 0.75, 12);
    const weights = [1, 4, 4].map((variance) => 1 / (variance + 16));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    expect(pooled.mean).toBeCloseTo((2 * weights[0]! + 6 * weights[1]! + 10 * weights[2]!) / sum, 12);
    expect(pooled.standardError).toBeCloseTo(1 / Math.sqrt(sum), 12);
  });

  test('is the plain weighted mean when they differ no more than chance makes them', () => {
    expect(poolRandomEffects([4, 4.1, 3.9], [1, 4, 4]).betweenVariance).toBe(0);
    expect(poolRandomEffects([5], [4])).toEqual({
      mean: 5,
      standardError: 2,
      betweenVariance: 0,
      heterogeneity: 0,
    });
  });

  test('needs shops, each with its doubt', () => {
    expect(() => poolRandomEffects([], [])).toThrow(RangeError);
    expect(() => poolRandomEffects([1], [0])).toThrow(RangeError);
  });
});

const shop = (changes: Partial<ShopAnswer> = {}): ShopAnswer => ({
  visits: 4_000,
  customers: 400,
  tau: 60,
  pi: 0.6,
  variances: { vyy: 900, vyd: 0.05, vdd: 0.0004 },
  ...changes,
});

describe('shops like yours', () => {
  test('one shop alone says what it says by itself', () => {
    const pooled = poolShops([shop()], { multiplier: 2 });
    expect(pooled).toMatchObject({ shops: 1, visits: 4_000, customers: 400 });
    expect(pooled.gestureEffect).toBeCloseTo(100, 6);
    expect(pooled.offer).toMatchObject({ mean: 60, standardError: 30 });
  });

  test('many agreeing shops say more than one', () => {
    const width = (count: number) => {
      const { set } = poolShops(new Array(count).fill(shop()), { multiplier: 2 });
      return set.isBounded ? set.high - set.low : Infinity;
    };
    expect(width(16)).toBeCloseTo(width(1) / 4, -1);
  });

  test('a shop whose offers nobody takes does not throw the answer off', () => {
    const stubborn = shop({ tau: 5, pi: 0.0001 });
    const pooled = poolShops([shop(), shop(), shop(), stubborn], { multiplier: 2 });
    const naive = (100 * 3 + 5 / 0.0001) / 4;
    expect(naive).toBeGreaterThan(10_000);
    expect(Math.abs(pooled.gestureEffect! - 100)).toBeLessThan(60);
  });

  test('nor does one in which nobody ever took an offer', () => {
    const never = shop({ tau: 5, pi: 0, variances: { vyy: 900, vyd: 0, vdd: 0 } });
    const hardly = poolShops([shop(), shop(), shop(), shop({ tau: 5, pi: 1e-8 })], { multiplier: 2 });
    const pooled = poolShops([shop(), shop(), shop(), never], { multiplier: 2 });
    expect(pooled.set).toMatchObject({ isBounded: true });
    expect(pooled.gestureEffect).toBeCloseTo(hardly.gestureEffect!, 0);
    expect(poolShops([never, never], { multiplier: 2 }).set).toEqual({ isBounded: false });
  });

  test('says nothing of a gesture when offers change nothing anywhere', () => {
    const pooled = poolShops([shop({ pi: 0.01 }), shop({ pi: -0.01 })], { multiplier: 2 });
    expect(pooled).toMatchObject({ gestureEffect: null, set: { isBounded: false } });
  });
});
