import { describe, expect, it } from 'vitest';
import {
  computeEarnedStamps,
  computeForfeitedStamps,
  MAX_STAMPS_PER_SALE,
} from '../../src/loyalty/accrual.ts';
import type { Accrual } from '../../src/loyalty/program.ts';
import { aLine } from './builders.ts';

const perItem: Accrual = { per: 'item' };
const perSale: Accrual = { per: 'sale', minimumMinor: 500 };
const perAmount: Accrual = { per: 'amount', amountMinor: 300 };

describe('a sale earns', () => {
  it('a stamp for each qualifying item, and none for the others', () => {
    const lines = [aLine({ quantity: 2, totalMinor: 720 }), aLine({ itemId: 'mug', qualifies: false })];
    expect(computeEarnedStamps({ accrual: perItem, lines, totalMinor: 1_080 })).toBe(2);
    expect(computeEarnedStamps({ accrual: perItem, lines: [], totalMinor: 1_080 })).toBe(0);
  });

  it.each([perItem, perSale, perAmount])('nothing for what a reward or a gesture paid ($per)', (accrual) => {
    const lines = [
      aLine({ paidBy: 'reward', totalMinor: 0, coveredMinor: 900 }),
      aLine({ paidBy: 'gesture', totalMinor: 900 }),
    ];
    expect(computeEarnedStamps({ accrual, lines, totalMinor: 0 })).toBe(0);
    expect(computeEarnedStamps({ accrual, lines, totalMinor: 900 })).toBe(0);
  });

  it('one stamp from the minimum of a sale on', () => {
    const stamps = [499, 500, 501, 1_000].map((totalMinor) =>
      computeEarnedStamps({ accrual: perSale, lines: [], totalMinor }),
    );
    expect(stamps).toEqual([0, 1, 1, 1]);
    const anySale: Accrual = { per: 'sale', minimumMinor: 0 };
    expect(computeEarnedStamps({ accrual: anySale, lines: [], totalMinor: 1 })).toBe(1);
    expect(computeEarnedStamps({ accrual: anySale, lines: [], totalMinor: 0 })).toBe(0);
  });

  it('none from a sale that nothing was paid for, where any sale earns one', () => {
    const anySale: Accrual = { per: 'sale', minimumMinor: 0 };
    const stamps = [0, 1].map((totalMinor) =>
      computeEarnedStamps({ accrual: anySale, lines: [], totalMinor }),
    );
    expect(stamps).toEqual([0, 1]);
  });

  it('a stamp for every whole amount', () => {
    const stamps = [0, 299, 300, 599, 600].map((totalMinor) =>
      computeEarnedStamps({ accrual: perAmount, lines: [], totalMinor }),
    );
    expect(stamps).toEqual([0, 0, 1, 1, 2]);
    expect(() =>
      computeEarnedStamps({ accrual: { per: 'amount', amountMinor: 0 }, lines: [], totalMinor: 1 }),
    ).toThrow(RangeError);
  });

  it('on what was paid: after a discount, without the tip', () => {
    const lines = [aLine({ totalMinor: 600 })];
    expect(computeEarnedStamps({ accrual: perAmount, lines, totalMinor: 500 })).toBe(1);
    expect(computeEarnedStamps({ accrual: perAmount, lines, totalMinor: 900 })).toBe(2);
  });

  it('no more than the cap, and never less than nothing', () => {
    const stamps = [MAX_STAMPS_PER_SALE - 1, MAX_STAMPS_PER_SALE, MAX_STAMPS_PER_SALE + 1, -2].map(
      (quantity) => computeEarnedStamps({ accrual: perItem, lines: [aLine({ quantity })], totalMinor: 360 }),
    );
    expect(stamps).toEqual([49, 50, 50, 0]);
  });
});

describe('a sale of which an older reward pays a part', () => {
  const coffees = aLine({ quantity: 2, totalMinor: 720 });
  const before = { lines: [coffees], totalMinor: 720 };
  const covered = aLine({ paidBy: 'reward', totalMinor: 0, coveredMinor: 360 });
  const after = { lines: [aLine(), covered], totalMinor: 360 };

  it('earns a stamp less for the coffee, and what the money left still earns', () => {
    const sale = { before, after, stampsEarned: 2 };
    expect(computeForfeitedStamps({ ...sale, accrual: perItem })).toBe(1);
    expect(computeForfeitedStamps({ ...sale, accrual: perAmount })).toBe(1);
    expect(computeForfeitedStamps({ ...sale, accrual: perSale })).toBe(1);
    expect(computeForfeitedStamps({ ...sale, accrual: { per: 'sale', minimumMinor: 300 } })).toBe(0);
  });

  it('never loses more than it earned', () => {
    expect(computeForfeitedStamps({ before, after, stampsEarned: 0, accrual: perItem })).toBe(0);
  });
});
