import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRefund, isRefundable } from '../../src/loyalty/refund.ts';
import type { Refund } from '../../src/loyalty/refund.ts';
import { aLine } from './builders.ts';

const covered = aLine({ totalMinor: 0, paidBy: 'reward', rewardId: 'r1', coveredMinor: 360 });
const sale = { totalMinor: 1_000, lines: [aLine({ quantity: 3, totalMinor: 1_000 }), covered] };
const spentReward = { rewardId: 'r1', stamps: 10 };
const refundIt = (refund: Refund, state: Partial<Parameters<typeof decideRefund>[0]> = {}) =>
  decideRefund({
    sale,
    earnedStamps: 3,
    reversedStamps: 0,
    refundedMinor: 0,
    rewardsSpentOnSale: [spentReward],
    ...state,
    refund,
  });

/** Applies refunds one after another, as the ledger would, and says where that ends. */
function refundAll(refunds: readonly Refund[], of = sale) {
  let refundedMinor = 0;
  let reversedStamps = 0;
  let balance = 0;
  let rewardsSpentOnSale = [spentReward];
  for (const refund of refunds) {
    const decision = refundIt(refund, { sale: of, refundedMinor, reversedStamps, rewardsSpentOnSale });
    if (decision.refused) throw new Error(decision.refused);
    ({ refundedMinor, reversedStamps } = decision);
    rewardsSpentOnSale = rewardsSpentOnSale.filter(
      ({ rewardId }) => !decision.rewardIdsToReopen.includes(rewardId),
    );
    balance += decision.entries.reduce((sum, entry) => sum + entry.stamps, 0);
  }
  return { refundedMinor, reversedStamps, balance, rewardsSpentOnSale };
}

describe('a refund', () => {
  it('takes back the same share of the stamps as of the money, rounded for the customer', () => {
    const stamps = [1, 333, 334, 666, 667, 999, 1_000].map((amountMinor) => {
      const decision = refundIt({ amountMinor });
      return !decision.refused && decision.stampsToReverse;
    });
    expect(stamps).toEqual([0, 0, 1, 1, 2, 2, 3]);
  });

  it('of the whole sale takes back all it earned and gives back the reward spent on it', () => {
    for (const refund of [{ wholeSale: true }, { amountMinor: 1_000 }] as const) {
      expect(refundIt(refund)).toEqual({
        amountMinor: 1_000,
        refundedMinor: 1_000,
        isFullyRefunded: true,
        stampsToReverse: 3,
        reversedStamps: 3,
        rewardIdsToReopen: ['r1'],
        entries: [
          { kind: 'reversed', stamps: -3 },
          { kind: 'reversed', stamps: 10, rewardId: 'r1' },
        ],
      });
    }
  });

  it('of a part gives the reward back only when it names the item the reward paid for', () => {
    expect(refundIt({ amountMinor: 500 })).toMatchObject({ rewardIdsToReopen: [] });
    expect(refundIt({ amountMinor: 500, lineIndexes: [0] })).toMatchObject({ rewardIdsToReopen: [] });
    expect(refundIt({ amountMinor: 0, lineIndexes: [1] })).toMatchObject({
      rewardIdsToReopen: ['r1'],
      stampsToReverse: 0,
      isFullyRefunded: false,
    });
  });

  it('of more than is left is refused, and says how much is left', () => {
    const state = { refundedMinor: 400, reversedStamps: 1 };
    expect(refundIt({ amountMinor: 600 }, state)).toMatchObject({
      isFullyRefunded: true,
      stampsToReverse: 2,
    });
    expect(refundIt({ amountMinor: 601 }, state)).toEqual({
      refused: 'refund-exceeds-sale',
      refundableMinor: 600,
    });
    expect(() => refundIt({ amountMinor: -1 })).toThrow(RangeError);
    expect(() => refundIt({ amountMinor: 0.5 })).toThrow(RangeError);
  });

  it('of a sale that a reward paid entirely happens when somebody says so, and stays', () => {
    const nothingPaid = { totalMinor: 0, lines: [covered] };
    expect(refundIt({ amountMinor: 0 }, { sale: nothingPaid })).toMatchObject({
      isFullyRefunded: false,
      entries: [],
    });
    const refunds: Refund[] = [{ wholeSale: true }, { amountMinor: 0, lineIndexes: [0] }];
    const end = { refundedMinor: 0, reversedStamps: 3, balance: 7, rewardsSpentOnSale: [] };
    expect(refundAll(refunds, nothingPaid)).toEqual(end);
    expect(refundAll(refunds.toReversed(), nothingPaid)).toEqual(end);
  });

  it('in parts ends the same in any order, and as one refund of their sum', () => {
    const parts = fc.array(fc.record({ amountMinor: fc.nat(250), namesReward: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    });
    const shuffled = parts.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.boolean(), ([list, otherOrder], endsWhole) => {
        const toRefunds = (some: typeof list): Refund[] =>
          some.map(({ amountMinor, namesReward }) => ({ amountMinor, lineIndexes: namesReward ? [1] : [] }));
        const last: Refund[] = endsWhole ? [{ wholeSale: true }] : [];
        const end = refundAll([...toRefunds(list), ...last]);
        expect(refundAll([...toRefunds(otherOrder), ...last])).toEqual(end);
        const amountMinor = endsWhole ? 1_000 : list.reduce((sum, part) => sum + part.amountMinor, 0);
        const lineIndexes = list.some((part) => part.namesReward) ? [1] : [];
        expect(refundAll([{ amountMinor, lineIndexes }])).toEqual(end);
      }),
    );
  });
});

describe('a sale', () => {
  const paidBack = {
    totalMinor: 360,
    refundedMinor: 360,
    earnedStamps: 1,
    reversedStamps: 1,
    rewardsSpentCount: 0,
  };

  it('can be refunded while money, a stamp or a reward of it is left, and then no more', () => {
    expect(isRefundable(paidBack)).toBe(false);
    expect(isRefundable({ ...paidBack, refundedMinor: 359 })).toBe(true);
    expect(isRefundable({ ...paidBack, reversedStamps: 0 })).toBe(true);
    expect(isRefundable({ ...paidBack, rewardsSpentCount: 1 })).toBe(true);
  });
});
