// The figures were worked out to 40 digits with mpmath 1.3 (ncdf, erfinv, betainc, gammainc, plain sums); those of the
// normal, of t at 1, 4 and 45 degrees and of χ² at 3.84 are also in every printed table.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  binomialTail,
  chiSquareTail,
  fTail,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from '../../src/evidence/quantiles.ts';

const expectClose = (found: number, right: number) => {
  expect(Math.abs(found - right)).toBeLessThan(1e-8);
  expect(Math.abs(found / right - 1)).toBeLessThan(1e-8);
};

describe('distributions are right to eight digits', () => {
  test.each([
    [-8, 6.2209605742717841e-16],
    [-5, 2.8665157187919391e-7],
    [-3.29, 0.00050093691378572218],
    [-0.5, 0.3085375387259869],
    [0.1, 0.53982783727702898],
    [1, 0.84134474606854295],
    [2.5, 0.99379033467422386],
    [6, 0.99999999901341235],
  ])('the normal at %d', (x, right) => expectClose(normalCdf(x), right));

  test.each([
    [1e-10, -6.3613409024040562],
    [0.001, -3.0902323061678135],
    [0.025, -1.9599639845400542],
    [0.2, -0.84162123357291421],
    [0.8, 0.84162123357291421],
    [0.975, 1.9599639845400542],
    [0.995, 2.5758293035489008],
    [0.9999, 3.7190164854556806],
  ])('the quantile of the normal at %d', (probability, right) =>
    expectClose(normalQuantile(probability), right),
  );

  test.each([
    [-2, 1, 0.14758361765043327],
    [-12, 3, 0.00062250790039466837],
    [1.5, 2.5, 0.87608177345685187],
    [-3, 199, 0.0015224133625530863],
    [-4.5, 1_999, 3.5929767683070338e-6],
    [0.25, 10, 0.59617589713169299],
    [-2, 100_000, 0.022751481728753232],
  ])("Student's t at %d with %d degrees", (t, degrees, right) => expectClose(studentTCdf(t, degrees), right));

  test.each([
    [0.975, 1, 12.706204736174705],
    [0.975, 4, 2.7764451051977944],
    [0.975, 45, 2.0141033888808467],
    [0.975, 437, 1.9654073333726648],
    [0.975, 20_000, 1.9600826051581352],
    [0.9995, 7, 5.4078825208617252],
    [0.1, 3, -1.6377443536962101],
    [1e-6, 30, -5.8711171204188826],
  ])("the quantile of Student's t at %d with %d degrees", (probability, degrees, right) =>
    expectClose(studentTQuantile(probability, degrees), right),
  );

  test.each([
    [3.841458820694124, 1, 0.050000000000000058],
    [0.5, 1, 0.47950012218695346],
    [10, 10, 0.44049328506521241],
    [40, 8, 3.2037197804769984e-6],
    [150, 100, 0.00090393204235400909],
    [1, 9, 0.9994375026978325],
    [1_100, 1_000, 0.014614408126295194],
  ])('what lies beyond χ² of %d with %d degrees', (x, degrees, right) =>
    expectClose(chiSquareTail(x, degrees), right),
  );

  test.each([
    [4, 1, 45, 0.051557687776644336],
    [2.5, 8, 437, 0.011577538545798281],
    [0.7, 8, 60, 0.69015397835768039],
    [6, 3, 9, 0.015715573628937915],
    [1.02, 50, 5_000, 0.43468370705686565],
    [3.3, 8, 100_000, 0.0008978456131427161],
  ])('what lies beyond F of %d with %d and %d degrees', (x, numerator, denominator, right) =>
    expectClose(fTail(x, numerator, denominator), right),
  );

  test.each([
    [5, 20, 0.05, 0.0025739403346522816],
    [10, 10, 0.5, 0.0009765625],
    [60, 400, 0.1, 0.0010528245171127727],
  ])('%d or more of %d with a chance of %d', (count, trials, chance, right) =>
    expectClose(binomialTail(count, trials, chance), right),
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
        expect(normalCdf(normalQuantile(probability))).toBeCloseTo(probability, 12);
      },
    ),
    { numRuns: 200 },
  );
});

test('t with endless degrees is the normal, and F with endless degrees is χ²', () => {
  expect(studentTQuantile(0.975, Infinity)).toBe(normalQuantile(0.975));
  expect(studentTCdf(-1.5, Infinity)).toBe(normalCdf(-1.5));
  expect(fTail(2, 4, Infinity)).toBe(chiSquareTail(8, 4));
});

test('the ends of a scale are its ends', () => {
  expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
  expect([studentTQuantile(0, 3), studentTQuantile(0.5, 3), studentTQuantile(1, 3)]).toEqual([
    -Infinity,
    0,
    Infinity,
  ]);
  expect([chiSquareTail(0, 3), fTail(0, 2, 3), binomialTail(0, 5, 0.1)]).toEqual([1, 1, 1]);
  expect(binomialTail(6, 5, 0.9)).toBe(0);
});

test.each([-0.1, 1.1, Number.NaN])('%d is no probability', (probability) => {
  expect(() => normalQuantile(probability)).toThrow(RangeError);
  expect(() => studentTQuantile(probability, 3)).toThrow(RangeError);
});

test.each([0, -1, Number.NaN])('%d is no number of degrees of freedom', (degrees) => {
  expect(() => studentTQuantile(0.9, degrees)).toThrow(RangeError);
  expect(() => chiSquareTail(1, degrees)).toThrow(RangeError);
  expect(() => fTail(1, degrees, 3)).toThrow(RangeError);
});
