import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeEffectSet, estimate, numberClusters, varianceAt } from '../../src/evidence/estimate.ts';
import type { EstimateInputs } from '../../src/evidence/estimate.ts';
import { buildBasis, dot, residualise } from '../../src/evidence/residualise.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';

/** Visits of a few customers, at random but always the same. */
function someVisits(count: number, seed = 1): EstimateInputs & { x: Float64Array[] } {
  const next = createSeededRandom(seed);
  const column = (value: (visit: number) => number) =>
    Float64Array.from({ length: count }, (_, v) => value(v));
  const spend = column(() => 1_000 * next());
  const z = column(() => (next() < 0.3 ? 1 : 0));
  const d = column((visit) => (z[visit] === 1 ? (next() < 0.8 ? 1 : 0) : next() < 0.1 ? 1 : 0));
  return {
    x: [column(() => 1), spend, column(() => next())],
    z,
    d,
    p: 0.3,
    y: column((visit) => 0.5 * spend[visit]! + 200 * d[visit]! + 300 * next()),
    cluster: Array.from({ length: count }, (_, visit) => `customer ${visit % Math.ceil(count / 4)}`),
  };
}

/** The formulas of the paper written down as they stand, with the normal equations in place of the basis. */
function estimateByHand({ y, d, z, p, x, cluster }: EstimateInputs & { x: Float64Array[] }) {
  const n = z.length;
  const rows = Array.from({ length: n }, (_, i) => x.map((column) => column[i]!));
  const k = x.length;
  const solve = (target: number[]) => {
    const a = x.map((_, r) => [
      ...x.map((__, c) => rows.reduce((sum, row) => sum + row[r]! * row[c]!, 0)),
      rows.reduce((sum, row, i) => sum + row[r]! * target[i]!, 0),
    ]);
    for (let pivot = 0; pivot < k; pivot++)
      for (let row = 0; row < k; row++) {
        if (row === pivot) continue;
        const times = a[row]![pivot]! / a[pivot]![pivot]!;
        for (let column = pivot; column <= k; column++) a[row]![column]! -= times * a[pivot]![column]!;
      }
    const g = a.map((row, r) => row[k]! / row[r]!);
    return target.map((value, i) => value - rows[i]!.reduce((sum, one, r) => sum + one * g[r]!, 0));
  };
  const e = solve(Array.from({ length: n }, (_, i) => z[i]! - (p as number)));
  const [yt, dt] = [solve(Array.from(y)), solve(Array.from(d))];
  const sum = (value: (i: number) => number) => e.reduce((total, _, i) => total + value(i), 0);
  const s = sum((i) => e[i]! ** 2);
  const tau = sum((i) => e[i]! * yt[i]!) / s;
  const pi = sum((i) => e[i]! * dt[i]!) / s;
  const names = [...new Set(cluster as string[])];
  const of = (name: string, value: (i: number) => number) =>
    sum((i) => ((cluster as string[])[i] === name ? value(i) : 0));
  const sY = names.map((name) => of(name, (i) => e[i]! * (yt[i]! - tau * e[i]!)));
  const sD = names.map((name) => of(name, (i) => e[i]! * (dt[i]! - pi * e[i]!)));
  const c = names.length;
  const f = (((c / (c - 1)) * (n - 1)) / (n - (k + 1))) * (1 / s ** 2);
  const vyy = f * sY.reduce((total, one) => total + one * one, 0);
  const vyd = f * sY.reduce((total, one, i) => total + one * sD[i]!, 0);
  const vdd = f * sD.reduce((total, one) => total + one * one, 0);
  const doubts = sY.map((one, i) => (one - (tau / pi) * sD[i]!) ** 2);
  const dominance = Math.max(...doubts) / doubts.reduce((total, one) => total + one);
  return { s, tau, pi, beta: tau / pi, vyy, vyd, vdd, dominance };
}

test('it is what the formulas say, worked out the long way', () => {
  const visits = someVisits(120);
  const found = estimate(visits, { multiplier: 2 })!;
  const right = estimateByHand(visits);
  expect(found).toMatchObject({
    visits: 120,
    customers: 30,
    parameters: 4,
    multiplier: 2,
    droppedColumns: [],
  });
  expect(found.drawVariation).toBeCloseTo(right.s, 9);
  expect(found.offer.effect).toBeCloseTo(right.tau, 8);
  expect(found.acceptance.rate).toBeCloseTo(right.pi, 10);
  expect(found.gesture!.effect).toBeCloseTo(right.beta, 8);
  expect(found.variances.vyy).toBeCloseTo(right.vyy, 6);
  expect(found.variances.vyd).toBeCloseTo(right.vyd, 8);
  expect(found.variances.vdd).toBeCloseTo(right.vdd, 10);
  expect(found.offer.standardError).toBeCloseTo(Math.sqrt(right.vyy), 7);
  const variance = right.vyy - 2 * right.beta * right.vyd + right.beta ** 2 * right.vdd;
  expect(found.gesture!.standardError).toBeCloseTo(Math.sqrt(variance) / Math.abs(right.pi), 7);
  expect(found.dominance).toBeCloseTo(right.dominance, 10);
  expect([found.offer.low, found.offer.high]).toEqual([
    found.offer.effect - 2 * found.offer.standardError,
    found.offer.effect + 2 * found.offer.standardError,
  ]);
});

test('outcomes in pence or in pounds, customers named or numbered, columns or their basis: the same answer', () => {
  const visits = someVisits(200);
  const found = estimate(visits, { multiplier: 2 })!;
  const pounds = estimate({ ...visits, y: Float64Array.from(visits.y, (y) => y / 100) }, { multiplier: 2 })!;
  expect(pounds.gesture!.effect * 100).toBeCloseTo(found.gesture!.effect, 9);
  expect(pounds.gesture!.standardError * 100).toBeCloseTo(found.gesture!.standardError, 9);
  const clusters = numberClusters(visits.cluster as string[]);
  const basis = buildBasis(visits.x);
  expect(estimate({ ...visits, x: basis, cluster: clusters }, { multiplier: 2 })).toEqual(found);
});

test('the answer does not depend on the order of the visits', () => {
  const visits = someVisits(90);
  const order = Array.from({ length: 90 }, (_, visit) => (visit * 37) % 90);
  const shuffle = (column: ArrayLike<number>) => Float64Array.from(order, (visit) => column[visit]!);
  const shuffled = {
    y: shuffle(visits.y),
    d: shuffle(visits.d),
    z: shuffle(visits.z),
    p: 0.3,
    x: visits.x.map(shuffle),
    cluster: order.map((visit) => (visits.cluster as string[])[visit]!),
  };
  const [found, again] = [estimate(visits, { multiplier: 2 })!, estimate(shuffled, { multiplier: 2 })!];
  expect(again.gesture!.effect).toBeCloseTo(found.gesture!.effect, 8);
  expect(again.gesture!.standardError).toBeCloseTo(found.gesture!.standardError, 8);
});

describe('columns that say the same twice', () => {
  test('are dropped and said so, and change nothing', () => {
    const visits = someVisits(150);
    const [constant, spend, other] = visits.x;
    const sum = Float64Array.from(spend!, (value, visit) => 3 * value - 2 * other![visit]! + 7);
    const zeros = new Float64Array(150);
    const found = estimate(visits, { multiplier: 2 })!;
    const more = estimate({ ...visits, x: [constant!, spend!, zeros, other!, sum] }, { multiplier: 2 })!;
    expect(more.droppedColumns).toEqual([2, 4]);
    expect(more.parameters).toBe(found.parameters);
    expect(more.gesture!.effect).toBeCloseTo(found.gesture!.effect, 7);
    expect(more.gesture!.standardError).toBeCloseTo(found.gesture!.standardError, 7);
  });

  test('columns that are nearly alike still count, to eight digits', () => {
    // What is left is known exactly: the second column is the first and a little of something else.
    const next = createSeededRandom(3);
    const base = Float64Array.from({ length: 1_000 }, () => next());
    const little = Float64Array.from({ length: 1_000 }, () => next());
    const near = Float64Array.from(base, (value, row) => value + 1e-5 * little[row]!);
    const y = Float64Array.from(base, (value, row) => 2 * value + 5 * little[row]!);
    const left = residualise(y, buildBasis([base, near]));
    expect(Math.sqrt(dot(left, left))).toBeLessThan(1e-8);
  });
});

describe('the set of effects that are not ruled out', () => {
  test('holds the estimate, and its ends are where the distance is m standard errors', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -500, max: 500, noNaN: true }),
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 1e4, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e-3, noNaN: true }),
        fc.double({ min: -0.99, max: 0.99, noNaN: true }),
        fc.double({ min: 1, max: 4, noNaN: true }),
        (tau, pi, vyy, vdd, correlation, multiplier) => {
          const variances = { vyy, vdd, vyd: correlation * Math.sqrt(vyy * vdd) };
          const set = computeEffectSet({ tau, pi, variances, multiplier });
          const isFarFrom0 = pi ** 2 > multiplier ** 2 * vdd;
          expect(set.isBounded).toBe(isFarFrom0);
          const ends = set.isBounded ? [set.low, set.high] : [];
          expect(ends.every((end, place) => (place === 0 ? end <= tau / pi : end >= tau / pi))).toBe(true);
          const distances = ends.map(
            (end) => Math.abs(tau - end * pi) / Math.sqrt(varianceAt(end, variances)),
          );
          expect(distances.every((distance) => Math.abs(distance - multiplier) < 1e-4)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('when everybody drawn gets a gesture and nobody else, it is the usual interval', () => {
    const visits = someVisits(200);
    const found = estimate({ ...visits, d: visits.z }, { multiplier: 2 })!;
    expect(found.acceptance.rate).toBeCloseTo(1, 12);
    expect(found.gesture!.effect).toBeCloseTo(found.offer.effect, 9);
    const { set } = found;
    expect(set.isBounded && [set.low, set.high].map((end) => end.toFixed(6))).toEqual(
      [found.offer.low, found.offer.high].map((end) => end.toFixed(6)),
    );
  });

  test('is unbounded when offers change nothing that anybody could see', () => {
    const visits = someVisits(200);
    const next = createSeededRandom(9);
    const careless = Float64Array.from({ length: 200 }, () => (next() < 0.5 ? 1 : 0));
    const found = estimate({ ...visits, d: careless }, { multiplier: 3 })!;
    expect(found.set).toEqual({ isBounded: false });
    expect(Number.isFinite(found.offer.low)).toBe(true);
  });
});

describe('nothing is said where nothing can be', () => {
  const visits = someVisits(40);
  test('nobody took an offer: the offer has an effect, a gesture has none', () => {
    const found = estimate({ ...visits, d: new Float64Array(40) }, { multiplier: 2 })!;
    expect(found).toMatchObject({ gesture: null, dominance: null, set: { isBounded: false } });
    expect(found.offer.standardError).toBeGreaterThan(0);
  });
  test('everybody was drawn, or nobody', () => {
    expect(estimate({ ...visits, z: new Float64Array(40) }, { multiplier: 2 })).toBeNull();
    expect(estimate({ ...visits, z: new Float64Array(40).fill(1) }, { multiplier: 2 })).toBeNull();
  });
  test('there is a single customer, or hardly a visit, or none', () => {
    expect(
      estimate({ ...visits, cluster: visits.z.length ? new Array(40).fill('ida') : [] }, { multiplier: 2 }),
    ).toBeNull();
    expect(estimate(someVisits(4), { multiplier: 2 })).toBeNull();
    expect(estimate({ y: [], d: [], z: [], p: 0.1, x: [[]], cluster: [] }, { multiplier: 2 })).toBeNull();
  });
});

test('a customer who alone decides the answer is noticed', () => {
  const visits = someVisits(200);
  const drawn = visits.z instanceof Float64Array ? visits.z.indexOf(1) : 0;
  const wild = Float64Array.from(visits.y, (y, visit) => (visit === drawn ? 200_000 : y));
  expect(estimate(visits, { multiplier: 2 })!.dominance!).toBeLessThan(0.2);
  expect(estimate({ ...visits, y: wild }, { multiplier: 2 })!.dominance!).toBeGreaterThan(0.9);
});
