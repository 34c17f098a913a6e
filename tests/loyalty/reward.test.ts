import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverItem } from '../../src/loyalty/cover-item.ts';
import { computeExpiry, computeRewardExpiresAt, decideRedemption } from '../../src/loyalty/reward.ts';
import { aLine, aReward, DAY_MS, later, NOON } from './builders.ts';

const card = { isBlocked: false, stampsOnCard: 9, stampsRequired: 10 };
const redeem = (request: Partial<Parameters<typeof decideRedemption>[0]> = {}) =>
  decideRedemption({ card, rewards: [aReward()], now: NOON, ...request });

describe('a reward', () => {
  it('is redeemed once, even when tapped twice', () => {
    expect(redeem()).toEqual({
      rewardId: 'r1',
      entry: { kind: 'redeemed', stamps: -10, rewardId: 'r1' },
      sale: null,
    });
    const rewards = [aReward({ status: 'redeemed' })];
    expect(redeem({ rewards, rewardId: 'r1' })).toEqual({ refused: 'reward-already-redeemed' });
    expect(redeem({ rewards })).toMatchObject({ refused: 'card-not-full' });
  });

  it('is refused while the card is not full, and says how far it is', () => {
    expect(redeem({ rewards: [] })).toEqual({
      refused: 'card-not-full',
      stampsOnCard: 9,
      stampsRequired: 10,
    });
  });

  it('is the oldest open one unless another is named', () => {
    const rewards = [aReward({ rewardId: 'r3', earnedAt: later(2) }), aReward({ rewardId: 'r2' }), aReward()];
    expect(redeem({ rewards })).toMatchObject({ rewardId: 'r1' });
    expect(redeem({ rewards, rewardId: 'r3' })).toMatchObject({ rewardId: 'r3' });
    expect(redeem({ rewards, rewardId: 'r9' })).toEqual({ refused: 'reward-unknown' });
  });

  it('costs no stamps when it is a voucher', () => {
    const rewards = [aReward({ kind: 'voucher', stamps: 0 })];
    expect(redeem({ rewards })).toMatchObject({ entry: { kind: 'redeemed', stamps: 0 } });
  });

  it('can not be had with a blocked card', () => {
    expect(redeem({ card: { ...card, isBlocked: true } })).toEqual({ refused: 'card-blocked' });
  });

  it('that a refund took back is a card that is not full; a voucher taken back is unknown', () => {
    const reversed = aReward({ status: 'reversed' });
    expect(redeem({ rewards: [reversed], rewardId: 'r1' })).toMatchObject({ refused: 'card-not-full' });
    const voucher = { ...reversed, kind: 'voucher' as const };
    expect(redeem({ rewards: [voucher], rewardId: 'r1' })).toEqual({ refused: 'reward-unknown' });
  });

  it('expires so many days after it was earned, not a moment before', () => {
    expect(computeRewardExpiresAt({ earnedAt: NOON, expiryDays: null })).toBeNull();
    const expiresAt = computeRewardExpiresAt({ earnedAt: NOON, expiryDays: 90 });
    expect(expiresAt).toEqual(later(90 * DAY_MS));
    const offline = { earnedAt: NOON, expiryDays: 90 };
    expect(computeRewardExpiresAt({ ...offline, recordedAt: later(DAY_MS) })).toEqual(later(91 * DAY_MS));
    expect(computeRewardExpiresAt({ ...offline, recordedAt: later(-DAY_MS) })).toEqual(expiresAt);
    const rewards = [aReward({ expiresAt })];
    expect(redeem({ rewards, now: later(90 * DAY_MS - 1) })).toMatchObject({ rewardId: 'r1' });
    const over = { rewards, now: later(90 * DAY_MS) };
    expect(redeem(over)).toEqual({ refused: 'reward-expired', expiredAt: expiresAt });
    expect(redeem({ ...over, rewards: [...rewards, aReward({ rewardId: 'r2' })] })).toMatchObject({
      rewardId: 'r2',
    });
    const swept = [aReward({ status: 'expired', expiresAt })];
    expect(redeem({ rewards: swept, rewardId: 'r1' })).toEqual({
      refused: 'reward-expired',
      expiredAt: expiresAt,
    });
    expect(computeExpiry({ ...over, now: later(0) })).toEqual([]);
    expect(computeExpiry(over)).toEqual([{ kind: 'expired', stamps: -10, rewardId: 'r1' }]);
  });
});

describe('a reward spent on a sale', () => {
  it('pays for one of the dearest qualifying items, and the rest is paid with money', () => {
    const lines = [
      aLine({ itemId: 'cake', qualifies: false, totalMinor: 900 }),
      aLine({ itemId: 'mocha', quantity: 2, totalMinor: 840 }),
      aLine(),
    ];
    const decision = redeem({ sale: { saleId: 's1', lines } });
    expect(decision).toMatchObject({ sale: { saleId: 's1', coveredMinor: 420 } });
    expect(!decision.refused && decision.sale?.lines).toEqual([
      lines[0],
      aLine({ itemId: 'mocha', quantity: 1, totalMinor: 420 }),
      lines[2],
      aLine({ itemId: 'mocha', totalMinor: 0, paidBy: 'reward', rewardId: 'r1', coveredMinor: 420 }),
    ]);
  });

  it('pays for the item it is good for, when it is a voucher for one, and for nothing else', () => {
    const lines = [aLine({ itemId: 'cake', qualifies: false, totalMinor: 300 }), aLine({ totalMinor: 420 })];
    const voucher = { kind: 'voucher' as const, stamps: 0, itemId: 'cake' };
    const forCake = { rewards: [aReward(voucher)] };
    expect(redeem({ ...forCake, sale: { saleId: 's1', lines } })).toMatchObject({
      sale: { coveredMinor: 300 },
    });
    expect(redeem({ ...forCake, sale: { saleId: 's1', lines: [lines[1]!] } })).toEqual({
      refused: 'nothing-to-cover',
    });
    const forAnything = { rewards: [aReward({ ...voucher, itemId: null })] };
    expect(redeem({ ...forAnything, sale: { saleId: 's1', lines } })).toMatchObject({
      sale: { coveredMinor: 420 },
    });
  });

  it('is the oldest that can pay for something of it, unless another is named', () => {
    const rewards = [
      aReward({ rewardId: 'v1', kind: 'voucher', stamps: 0, itemId: 'cake' }),
      aReward({ rewardId: 'r2', earnedAt: later(1) }),
      aReward({ rewardId: 'r3', earnedAt: later(2) }),
    ];
    const sale = { saleId: 's1', lines: [aLine()] };
    expect(redeem({ rewards, sale })).toMatchObject({ rewardId: 'r2' });
    expect(redeem({ rewards, sale, rewardId: 'v1' })).toEqual({ refused: 'nothing-to-cover' });
    expect(redeem({ rewards })).toMatchObject({ rewardId: 'v1' });
  });

  it('pays the odd penny of a line that does not divide', () => {
    const lines = [aLine({ quantity: 3, totalMinor: 1_000 })];
    expect(redeem({ sale: { saleId: 's1', lines } })).toMatchObject({ sale: { coveredMinor: 334 } });
  });

  it('is refused when there is nothing it could pay for', () => {
    const cannotBeCovered = [
      aLine({ qualifies: false }),
      aLine({ paidBy: 'reward', totalMinor: 0 }),
      aLine({ paidBy: 'gesture' }),
      aLine({ totalMinor: 0 }),
      aLine({ quantity: 0.5 }),
    ];
    for (const lines of [[], cannotBeCovered]) {
      expect(redeem({ sale: { saleId: 's1', lines } })).toEqual({ refused: 'nothing-to-cover' });
    }
  });

  it('never changes what the sale adds up to', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 5 }),
      totalMinor: fc.integer({ min: 0, max: 2_000 }),
      qualifies: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line), (parts) => {
        const lines = parts.map(aLine);
        const covered = coverItem({ lines }, { rewardId: 'r1' });
        if (!covered) return;
        const sum = (of: typeof lines, part: 'totalMinor' | 'quantity') =>
          of.reduce((total, one) => total + one[part], 0);
        expect(sum(covered.lines, 'totalMinor') + covered.coveredMinor).toBe(sum(lines, 'totalMinor'));
        expect(sum(covered.lines, 'quantity')).toBe(sum(lines, 'quantity'));
        expect(covered.lines.every((one) => Number.isInteger(one.totalMinor) && one.totalMinor >= 0)).toBe(
          true,
        );
      }),
    );
  });
});
