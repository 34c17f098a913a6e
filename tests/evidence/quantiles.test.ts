// The figures were worked out to 40 digits with mpmath 1.3 (betainc, gammainc, plain sums); those of
// t at 1, 4 and 45 degrees and of χ² at 3.84 are also in every printed table.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  binomialTail,
  chiSquareTail,
  fTail,
  studentTCdf,
  studentTQuantile,
} from '../../src/evidence/quantiles.ts';

/** How far off a figure is, by itself and as a share of the right one: the larger of the two. */
const errorOf = (found: number, right: number): number =>
  Math.max(Math.abs(found - right), Math.abs(found / right - 1));
const SMALL = 1e-8;

describe('distributions are right to eight digits', () => {
  test.each([
    [-2, 1, 0.14758361765043326],
    [-12, 3, 0.0006225079003946683],
    [1.5, 2.5, 0.8760817734568519],
    [-3, 199, 0.0015224133625530863],
    [-4.5, 1_999, 3.592976768307034e-6],
    [0.25, 10, 0.596175897131693],
    [-2, 100_000, 0.022751481728753232],
  ])("Student's t at %d with %d degrees", (t, degrees, right) =>
    expect(errorOf(studentTCdf(t, degrees), right)).toBeLessThan(SMALL),
  );

  test.each([
    [0.975, 1, 12.706204736174705],
    [0.975, 4, 2.7764451051977943],
    [0.975, 45, 2.0141033888808466],
    [0.975, 437, 1.9654073333726647],
    [0.975, 20_000, 1.9600826051581353],
    [0.9995, 7, 5.407882520861725],
    [0.1, 3, -1.6377443536962102],
    [1e-6, 30, -5.871117120418883],
  ])("the quantile of Student's t at %d with %d degrees", (probability, degrees, right) =>
    expect(errorOf(studentTQuantile(probability, degrees), right)).toBeLessThan(SMALL),
  );

  test.each([
    [3.841458820694124, 1, 0.05000000000000006],
    [0.5, 1, 0.4795001221869535],
    [10, 10, 0.4404932850652124],
    [40, 8, 3.2037197804769982e-6],
    [150, 100, 0.0009039320423540091],
    [1, 9, 0.9994375026978325],
    [1_100, 1_000, 0.014614408126295194],
  ])('what lies beyond χ² of %d with %d degrees', (x, degrees, right) =>
    expect(errorOf(chiSquareTail(x, degrees), right)).toBeLessThan(SMALL),
  );

  test.each([
    [4, 1, 45, 0.05155768777664434],
    [2.5, 8, 437, 0.011577538545798282],
    [0.7, 8, 60, 0.6901539783576804],
    [6, 3, 9, 0.015715573628937916],
    [1.02, 50, 5_000, 0.43468370705686565],
    [3.3, 8, 100_000, 0.000897845613142716],
  ])('what lies beyond F of %d with %d and %d degrees', (x, numerator, denominator, right) =>
    expect(errorOf(fTail(x, numerator, denominator), right)).toBeLessThan(SMALL),
  );

  test.each([
    [5, 20, 0.05, 0.0025739403346522814],
    [10, 10, 0.5, 0.0009765625],
    [60, 400, 0.1, 0.0010528245171127727],
  ])('%d or more of %d with a chance of %d', (count, trials, chance, right) =>
    expect(errorOf(binomialTail(count, trials, chance), right)).toBeLessThan(SMALL),
  );
});

test('a quantile is where its distribution reaches it', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
      fc.double({ min: 0.5, max: 1e5, noNaN: true }),
      (probability, degrees) => {
        const t = studentTQuantile(probability, degrees);
        expect(studentTCdf(t, degrees)).toBeCloseTo(probability, 10);
      },
    ),
    { numRuns: 200 },
  );
});

test('the ends of a scale are its ends', () => {
  expect([studentTQuantile(0, 3), studentTQuantile(0.5, 3), studentTQuantile(1, 3)]).toEqual([
    -Infinity,
    0,
    Infinity,
  ]);
  expect([chiSquareTail(0, 3), fTail(0, 2, 3), binomialTail(0, 5, 0.1)]).toEqual([1, 1, 1]);
  expect(binomialTail(6, 5, 0.9)).toBe(0);
});

test.each([-0.1, 1.1, Number.NaN])('%d is no probability', (probability) => {
  expect(() => studentTQuantile(probability, 3)).toThrow(RangeError);
});

test.each([0, -1, Infinity, Number.NaN])('%d is no number of degrees of freedom', (degrees) => {
  expect(() => studentTQuantile(0.9, degrees)).toThrow(RangeError);
  expect(() => chiSquareTail(1, degrees)).toThrow(RangeError);
  expect(() => fTail(1, degrees, 3)).toThrow(RangeError);
});
