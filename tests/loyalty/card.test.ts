import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeBalance, computeSettlement, computeStampsOnCard } from '../../src/loyalty/card.ts';
import { aReward, later, NOON } from './builders.ts';

const settle = (balance: number, openRewards = [] as ReturnType<typeof aReward>[], stampsRequired = 10) =>
  computeSettlement({ balance, openRewards, stampsRequired });

describe('a card', () => {
  it('has as many stamps as its entries add up to', () => {
    expect(computeBalance([])).toBe(0);
    expect(computeBalance([{ stamps: 9 }, { stamps: 2 }, { stamps: -10 }])).toBe(1);
  });

  it('with 9 stamps is not full, with 10 it is, and the 11th is the first of the next card', () => {
    const settled = { rewardIdsToReverse: [], stampsRequired: 10 };
    expect(settle(9)).toEqual({ ...settled, rewardsToIssue: 0, stampsOnCard: 9 });
    expect(settle(10)).toEqual({ ...settled, rewardsToIssue: 1, stampsOnCard: 0 });
    expect(settle(11)).toEqual({ ...settled, rewardsToIssue: 1, stampsOnCard: 1 });
  });

  it('filled several times over by one sale earns several rewards', () => {
    expect(settle(25)).toMatchObject({ rewardsToIssue: 2, stampsOnCard: 5 });
  });

  it('keeps the stamps of an open reward apart; a voucher holds none', () => {
    const openRewards = [aReward(), aReward({ rewardId: 'v', kind: 'voucher', stamps: 0 })];
    expect(computeStampsOnCard({ balance: 13, openRewards })).toBe(3);
  });

  it('loses its newest open reward, not a voucher, when a refund takes the stamps back', () => {
    const voucher = aReward({ rewardId: 'v', kind: 'voucher', stamps: 0, earnedAt: later(9) });
    const rewards = [aReward(), aReward({ rewardId: 'r2', earnedAt: later(1) }), voucher];
    expect(settle(19, rewards)).toEqual({
      rewardsToIssue: 0,
      rewardIdsToReverse: ['r2'],
      stampsOnCard: 9,
      stampsRequired: 10,
    });
    expect(settle(0, rewards).rewardIdsToReverse).toEqual(['r2', 'r1']);
  });

  it('loses first, of rewards of one sale, the one that was opened last', () => {
    const [first, second] = [aReward({ rewardId: 'a' }), aReward({ rewardId: 'b' })];
    for (const rewards of [
      [first, second],
      [second, first],
    ])
      expect(settle(19, rewards).rewardIdsToReverse).toEqual(['b']);
  });

  it('goes below zero rather than lose track of a reward already spent', () => {
    expect(settle(-2)).toMatchObject({ rewardsToIssue: 0, rewardIdsToReverse: [], stampsOnCard: -2 });
  });

  it('keeps what its reward cost when the owner asks for more or fewer stamps on the next', () => {
    expect(settle(19, [aReward()], 12)).toMatchObject({ rewardsToIssue: 0, stampsOnCard: 9 });
  });

  it('that loses its reward is collected again at what that reward cost, whatever the next card costs', () => {
    const again = { rewardsToIssue: 0, rewardIdsToReverse: ['r1'], stampsOnCard: 9, stampsRequired: 10 };
    expect(settle(9, [aReward()], 5)).toEqual(again);
    expect(settle(9, [aReward()], 12)).toEqual(again);
    const both = [aReward(), aReward({ rewardId: 'r2', stamps: 5, earnedAt: later(1) })];
    expect(settle(9, both, 12)).toEqual({ ...again, rewardIdsToReverse: ['r2', 'r1'] });
    expect(settle(14, both, 12)).toEqual({
      ...again,
      rewardIdsToReverse: ['r2'],
      stampsOnCard: 4,
      stampsRequired: 5,
    });
  });

  it('that needs no stamps is a mistake', () => {
    expect(() => settle(1, [], 0)).toThrow(RangeError);
  });

  it('settled twice changes nothing the second time, and no stamp is lost or made', () => {
    const stamps = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        fc.integer({ min: -20, max: 80 }),
        fc.array(stamps),
        stamps,
        (balance, costs, stampsRequired) => {
          const open = costs.map((cost, at) =>
            aReward({ rewardId: `r${at}`, stamps: cost, earnedAt: later(at) }),
          );
          const first = settle(balance, open, stampsRequired);
          const kept = open.filter((reward) => !first.rewardIdsToReverse.includes(reward.rewardId));
          const issued = Array.from({ length: first.rewardsToIssue }, (_, at) =>
            aReward({ rewardId: `s${at}`, stamps: stampsRequired, earnedAt: NOON }),
          );
          const second = settle(balance, [...kept, ...issued], first.stampsRequired);
          expect(second).toEqual({ ...first, rewardsToIssue: 0, rewardIdsToReverse: [] });
          expect(first.stampsOnCard).toBeLessThan(first.stampsRequired);
          expect(first.stampsOnCard >= 0 || kept.length === 0).toBe(true);
        },
      ),
    );
  });
});
