import { describe, expect, test } from 'vitest';
import { numberClusters } from '../../src/evidence/estimate.ts';
import {
  CHECKS,
  checkBalance,
  checkCompleteness,
  checkDominance,
  checkDrawAudit,
  checkDrift,
  checkFirstStage,
  checkSampleRatio,
  checkSize,
  isFault,
  testBalance,
} from '../../src/evidence/refusals.ts';
import type { Check } from '../../src/evidence/refusals.ts';
import { buildBasis, residualise } from '../../src/evidence/residualise.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';

test('as many are drawn as the chance says', () => {
  const drawn = (count: number) => Array.from({ length: 1_000 }, (_, visit) => (visit < count ? 1 : 0));
  expect(checkSampleRatio(drawn(50), 0.05)).toEqual({
    check: 'sample-ratio',
    light: 'ok',
    figures: { z: expect.closeTo(0, 9) },
  });
  // The standard deviation is √47.5 = 6.892: 22 more are 3.19 of them, 23 more 3.34.
  expect(checkSampleRatio(drawn(72), 0.05).light).toBe('ok');
  expect(checkSampleRatio(drawn(73), 0.05).light).toBe('refuse');
  expect(checkSampleRatio(drawn(27), 0.05).light).toBe('refuse');
  expect(
    checkSampleRatio(
      drawn(73),
      drawn(0).map(() => 0.05),
    ).figures['z'],
  ).toBeCloseTo(3.337, 3);
});

test('one draw that the key does not yield is one too many', () => {
  expect(checkDrawAudit({ checkedCount: 900, mismatchedCount: 0 }).light).toBe('ok');
  expect(checkDrawAudit({ checkedCount: 900, mismatchedCount: 1 }).light).toBe('refuse');
});

test('two in a hundred scans may miss their draw, no more', () => {
  expect(checkCompleteness({ eligibleScans: 1_000, undrawnScans: 20 }).light).toBe('ok');
  expect(checkCompleteness({ eligibleScans: 1_000, undrawnScans: 21 }).light).toBe('refuse');
  expect(checkCompleteness({ eligibleScans: 0, undrawnScans: 0 }).light).toBe('ok');
});

test('an answer needs 100 treats to 50 people', () => {
  expect(checkSize({ treatedDraws: 100, treatedCustomers: 50 }).light).toBe('ok');
  expect(checkSize({ treatedDraws: 99, treatedCustomers: 50 }).light).toBe('refuse');
  expect(checkSize({ treatedDraws: 100, treatedCustomers: 49 }).light).toBe('refuse');
});

test('the effect of a gesture needs offers that are taken', () => {
  const figures = { rate: 0.6, standardError: 0.02 };
  expect(checkFirstStage({ set: { isBounded: true, low: 1, high: 2 }, ...figures }).light).toBe('ok');
  expect(checkFirstStage({ set: { isBounded: false }, ...figures }).light).toBe('refuse');
});

test('one customer may carry a fifth of the doubt', () => {
  expect([0, 0.2, 0.21, null].map((share) => checkDominance(share).light)).toEqual([
    'ok',
    'ok',
    'refuse',
    'ok',
  ]);
});

describe('balance', () => {
  const next = createSeededRandom(11);
  const count = 4_000;
  const column = (value: (visit: number) => number) =>
    Float64Array.from({ length: count }, (_, visit) => value(visit));
  const habit = column((visit) => (visit % 400) / 400);
  const x = [column(() => 1), habit, column(() => next())];
  const clusters = numberClusters(Array.from({ length: count }, (_, visit) => visit % 400));
  const basis = buildBasis(x);
  const honest = column(() => (next() < 0.1 ? 0.9 : -0.1));
  const steered = column((visit) => (next() < 0.05 + 0.1 * habit[visit]! ? 0.9 : -0.1));
  const noPlacebo = { effect: 0, standardError: 1 };
  const left = (surprise: Float64Array, of = basis) => ({ surprise, e: residualise(surprise, of) });

  test('an honest draw passes', () => {
    const light = checkBalance({ residuals: left(honest), basis, clusters, placebo: noPlacebo });
    expect(light.light).toBe('ok');
    expect(light.figures['waldP']).toBeGreaterThan(0.01);
  });

  test('regulars drawn more often than others are noticed', () => {
    const light = checkBalance({ residuals: left(steered), basis, clusters, placebo: noPlacebo });
    expect(light.light).toBe('refuse');
    expect(light.figures['waldP']).toBeLessThan(0.001);
  });

  test('an effect on the past is noticed, and a small one warned of', () => {
    const at = (effect: number) =>
      checkBalance({ residuals: left(honest), basis, clusters, placebo: { effect, standardError: 1 } }).light;
    expect([2, 2.8, -2.8, 3.5].map(at)).toEqual(['ok', 'warn', 'warn', 'refuse']);
  });

  test('the columns may be put in any form that says the same', () => {
    const again = buildBasis([x[0]!, column((visit) => 3 * habit[visit]! - x[2]![visit]!), x[2]!]);
    const [once, other] = [basis, again].map((one) =>
      testBalance({ residuals: left(steered, one), basis: one, clusters })!,
    );
    expect(other!.f).toBeCloseTo(once!.f, 8);
  });

  // Worked out with NumPy 2.4 and SciPy 1.17 as γ'V⁻¹γ/q, V = C/(C−1) (n−1)/(n−k) (X'X)⁻¹(Σ s s')(X'X)⁻¹, F(q, C−1).
  test('fourteen visits of seven people give the F and the p that any statistics program gives', () => {
    const surprise = Float64Array.from([1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0], (drawn) => drawn - 0.4);
    const few = buildBasis([
      surprise.map(() => 1),
      [3, 5, 2, 8, 6, 1, 9, 4, 7, 5, 2, 6, 8, 3],
      [1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0],
    ]);
    const seven = numberClusters(Array.from(surprise, (_, visit) => Math.floor(visit / 2)));
    const { f, pValue } = testBalance({ residuals: left(surprise, few), basis: few, clusters: seven })!;
    expect(f).toBeCloseTo(0.955298029715, 10);
    expect(pValue).toBeCloseTo(0.436341103225, 10);
    const placebo = { effect: 2.8, standardError: 1 };
    const light = checkBalance({ residuals: left(honest), basis, clusters, placebo });
    expect(light.figures['placeboP']).toBeCloseTo(0.00535859227811, 12);
  });

  test('with a handful of customers nothing can be said of it', () => {
    const few = numberClusters(Array.from({ length: count }, (_, visit) => visit % 3));
    expect(testBalance({ residuals: left(honest), basis, clusters: few })).toBeNull();
    expect(checkBalance({ residuals: left(honest), basis, clusters: few, placebo: null })).toEqual({
      check: 'balance',
      light: 'ok',
      figures: { f: null, waldP: null, placeboP: null },
    });
  });

  test('one honest season in a hundred is warned of, not one in ten', () => {
    const lights = Array.from({ length: 300 }, () => {
      const draws = Float64Array.from({ length: 800 }, () => (next() < 0.1 ? 0.9 : -0.1));
      const small = buildBasis(x.map((one) => one.slice(0, 800)));
      const eighty = numberClusters(Array.from({ length: 800 }, (_, visit) => visit % 80));
      return checkBalance({ residuals: left(draws, small), basis: small, clusters: eighty, placebo: null })
        .light;
    });
    expect(lights.filter((light) => light !== 'ok').length).toBeLessThanOrEqual(12);
  });
});

describe('drift', () => {
  const weeks = (...accepted: number[]) => accepted.map((count) => ({ treated: 20, accepted: count }));
  test('acceptance that halves is warned of', () => {
    expect(checkDrift(weeks(16, 17, 8, 7))).toMatchObject({
      light: 'warn',
      figures: { lowest: 0.35, highest: 0.85, pValue: expect.closeTo(0.00067939212501, 12) },
    });
  });
  test('acceptance that wavers is not', () => {
    expect(checkDrift(weeks(16, 13, 15, 11)).light).toBe('ok');
  });
  test('twice is what is warned of, and less is not, however sure', () => {
    const draws = (accepted: number) => ({ treated: 400, accepted });
    expect(checkDrift([draws(300), draws(151)]).light).toBe('ok');
    expect(checkDrift([draws(300), draws(150)]).light).toBe('warn');
  });
  test('nor is twice what chance makes once in a hundred times', () => {
    const [rare, less] = [weeks(12, 5), weeks(13, 5)].map((seen) => checkDrift(seen));
    expect(rare).toMatchObject({ light: 'ok', figures: { pValue: expect.closeTo(0.025, 3) } });
    expect(less).toMatchObject({ light: 'ok', figures: { pValue: expect.closeTo(0.011, 3) } });
    expect(checkDrift(weeks(14, 5)).light).toBe('warn');
  });
  test('nor is chance in small numbers', () => {
    expect(checkDrift(weeks(6, 3))).toMatchObject({
      light: 'ok',
      figures: { pValue: expect.closeTo(0.255988511671, 10) },
    });
    expect(
      checkDrift(Array.from({ length: 9 }, (_, week) => ({ treated: 2, accepted: week % 3 }))).light,
    ).toBe('ok');
  });
  test('nor weeks with a treat or two, which all or nobody took: they are put together', () => {
    const few = Array.from({ length: 20 }, (_, week) => ({ treated: 2, accepted: 2 * (week % 2) }));
    expect(checkDrift(few)).toMatchObject({ light: 'ok', figures: { lowest: 0.5, highest: 0.5 } });
  });
  test('nor a change that is no chance, and not twofold', () => {
    const many = [180, 120].map((accepted) => ({ treated: 200, accepted }));
    expect(checkDrift(many)).toMatchObject({ light: 'ok', figures: { lowest: 0.6, highest: 0.9 } });
    expect(checkDrift(many).figures['pValue']).toBeLessThan(0.001);
  });
  test('nor weeks in which nothing was offered', () => {
    expect(checkDrift([])).toEqual({
      check: 'drift',
      light: 'ok',
      figures: { lowest: null, highest: null, pValue: 1 },
    });
    expect(checkDrift(weeks(0, 0)).light).toBe('ok');
    expect(checkDrift(weeks(20, 20)).figures['pValue']).toBe(1);
  });
});

test('too few draws are no fault, nor what only they can bring about; what else refuses is one at once', () => {
  const refusing = (check: Check) => ({ check, light: 'refuse' }) as const;
  const faults = (isLargeEnough: boolean) =>
    CHECKS.filter((check) => isFault(refusing(check), { isLargeEnough }));
  expect(faults(false)).toEqual(['sample-ratio', 'draw-audit', 'completeness', 'drift']);
  expect(faults(true)).toEqual([
    'sample-ratio',
    'draw-audit',
    'completeness',
    'balance',
    'dominance',
    'drift',
  ]);
  expect(isFault({ check: 'draw-audit', light: 'ok' }, { isLargeEnough: true })).toBe(false);
});
