import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeEarnedStamps } from '../../src/loyalty/accrual.ts';
import { computeBalance, computeSettlement, computeStampsOnCard } from '../../src/loyalty/card.ts';
import type { CardEntry } from '../../src/loyalty/card.ts';
import { decideGesture } from '../../src/loyalty/gesture.ts';
import type { SaleLine } from '../../src/loyalty/program.ts';
import { decideRefund } from '../../src/loyalty/refund.ts';
import type { Refund } from '../../src/loyalty/refund.ts';
import { decideRedemption } from '../../src/loyalty/reward.ts';
import type { Reward } from '../../src/loyalty/reward.ts';
import { decideUndo } from '../../src/loyalty/undo.ts';
import { aGestureRequest, aLine, anAllowance, aReward, later, NOON } from './builders.ts';

interface Sale {
  saleId: string;
  lines: SaleLine[];
  totalMinor: number;
  earnedStamps: number;
  reversedStamps: number;
  refundedMinor: number;
}

const idOf = (letter: string, count: number) => `${letter}${String(count).padStart(3, '0')}`;

/** One card and its ledger, moved by the same decisions as the operations move it. */
class Card {
  entries: CardEntry[] = [];
  rewards: Reward[] = [];
  sales: Sale[] = [];
  gestures: { isUndone: boolean }[] = [];
  spentOn = new Map<string, string>();
  stampsRequired = 10;
  /** What the next card costs: the owner may have changed it. */
  nextRequired = 10;
  settledStamps = 0;

  get openRewards() {
    return this.rewards.filter((reward) => reward.status === 'open');
  }

  get balance() {
    return computeBalance(this.entries);
  }

  get stampsOnCard() {
    return computeStampsOnCard(this);
  }

  sell(quantity: number, extraStamps: CardEntry[] = []) {
    const lines = [aLine({ quantity, totalMinor: quantity * 360 })];
    const totalMinor = quantity * 360;
    const earnedStamps = computeEarnedStamps({ accrual: { per: 'item' }, lines, totalMinor });
    const saleId = idOf('s', this.sales.length);
    this.sales.push({ saleId, lines, totalMinor, earnedStamps, reversedStamps: 0, refundedMinor: 0 });
    this.append({ kind: 'earned', stamps: earnedStamps }, ...extraStamps);
    return saleId;
  }

  /** A double stamp comes in one go with the stamp of the sale it is given with. */
  sellWithDoubleStamp() {
    const decision = decideGesture(aGestureRequest({ allowance: anAllowance({ gesturesLimit: null }) }));
    if (decision.refused || !decision.entry) throw new Error('a double stamp adds a stamp');
    this.gestures.push({ isUndone: false });
    return this.sell(1, [decision.entry]);
  }

  redeem(saleId: string, rewardId?: string) {
    const sale = this.sales.find((known) => known.saleId === saleId);
    if (!sale || sale.refundedMinor > 0) return null;
    const { stampsOnCard, stampsRequired, rewards } = this;
    const card = { isBlocked: false, stampsOnCard, stampsRequired };
    const decision = decideRedemption({ card, rewards, rewardId, now: NOON, sale });
    if (decision.refused) return decision;
    sale.lines = decision.sale?.lines ?? sale.lines;
    sale.totalMinor -= decision.sale?.coveredMinor ?? 0;
    this.mark([decision.rewardId], 'redeemed');
    this.spentOn.set(decision.rewardId, saleId);
    this.append(decision.entry);
    return decision;
  }

  refund(saleId: string, refund: Refund) {
    const sale = this.sales.find((known) => known.saleId === saleId);
    if (!sale) return;
    const spent = this.rewards.filter((reward) => this.spentOn.get(reward.rewardId) === saleId);
    const decision = decideRefund({ ...sale, sale, refund, rewardsSpentOnSale: spent });
    if (decision.refused) return;
    sale.refundedMinor = decision.refundedMinor;
    sale.reversedStamps = decision.reversedStamps;
    this.mark(decision.rewardIdsToReopen, 'open');
    for (const rewardId of decision.rewardIdsToReopen) this.spentOn.delete(rewardId);
    this.append(...decision.entries);
  }

  undo(at: number) {
    const gesture = this.gestures[at];
    if (!gesture) return;
    const decision = decideUndo({
      gesture: {
        kind: 'double_stamp',
        staffId: 'ada',
        givenAt: NOON,
        businessDay: '2026-03-02',
        fundedBy: 'allowance',
        costMinor: 8,
        undoneAt: gesture.isUndone ? NOON : null,
        voucher: null,
      },
      by: { staffId: 'ada', role: 'barista' },
      now: NOON,
      businessDay: '2026-03-02',
    });
    if (decision.refused || !decision.entry) return;
    gesture.isUndone = true;
    this.append(decision.entry);
  }

  /** What its customer sees. */
  get face() {
    const { stampsOnCard, stampsRequired } = this;
    return { stampsOnCard, stampsRequired, rewardIds: this.openRewards.map(({ rewardId }) => rewardId) };
  }

  undoEverything() {
    this.gestures.forEach((_, at) => this.undo(at));
    for (const { saleId } of this.sales) this.refund(saleId, { wholeSale: true });
  }

  /** Whether the stamps on the card and in its open rewards are the ledger's, and a debt leaves no reward open. */
  get isSound() {
    const held = this.openRewards.reduce((sum, reward) => sum + reward.stamps, 0);
    const written = this.entries.reduce((sum, entry) => sum + entry.stamps, 0);
    const isDebtCovered = this.stampsOnCard >= 0 || this.openRewards.length === 0;
    const isSettled = this.stampsOnCard < this.stampsRequired && this.stampsOnCard === this.settledStamps;
    return this.stampsOnCard + held === written && isDebtCovered && isSettled;
  }

  private append(...entries: CardEntry[]) {
    this.entries.push(...entries);
    for (;;) {
      const settlement = computeSettlement(this);
      this.mark(settlement.rewardIdsToReverse, 'reversed');
      this.stampsRequired = settlement.stampsRequired;
      this.settledStamps = settlement.stampsOnCard;
      if (settlement.rewardsToIssue === 0) return;
      const count = this.rewards.length;
      const rewardId = idOf('r', count);
      this.rewards.push(aReward({ rewardId, stamps: this.stampsRequired, earnedAt: later(count) }));
      this.stampsRequired = this.nextRequired;
    }
  }

  private mark(rewardIds: string[], status: Reward['status']) {
    for (const reward of this.rewards) if (rewardIds.includes(reward.rewardId)) reward.status = status;
  }
}

type Step = (card: Card) => void;
const pick = fc.nat(20);
const latest = (card: Card, at: number) => idOf('s', Math.max(0, card.sales.length - 1 - at));
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 12 }).map(
      (quantity): Step =>
        (card) =>
          void card.sell(quantity),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Step>((card) => void card.sellWithDoubleStamp()) },
  {
    weight: 3,
    arbitrary: pick.map(
      (at): Step =>
        (card) =>
          void card.redeem(latest(card, at % 3)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(20).map(
      (at): Step =>
        (card) =>
          card.undo(at),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(pick, fc.nat(1_500), fc.nat(2)).map(
      ([at, amountMinor, line]): Step =>
        (card) =>
          card.refund(latest(card, at % 6), { amountMinor, lineIndexes: [line] }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 12 }).map((stampsRequired): Step => (card) => {
      card.nextRequired = stampsRequired;
    }),
  },
);

describe('a card over time', () => {
  it('at 9 of 10, a double stamp fills it, pays for this very coffee, and starts the next card', () => {
    const card = new Card();
    card.sell(9);
    expect(card.stampsOnCard).toBe(9);
    const saleId = card.sellWithDoubleStamp();
    expect(card.openRewards).toHaveLength(1);
    expect(card.stampsOnCard).toBe(1);
    expect(card.redeem(saleId)).toMatchObject({ sale: { coveredMinor: 360 } });
    expect(card.sales.at(-1)).toMatchObject({ totalMinor: 0, earnedStamps: 1 });
    expect(card.stampsOnCard).toBe(1);
    expect(card.balance).toBe(1);
  });

  it('that is full is redeemed once, even when tapped twice', () => {
    const card = new Card();
    const saleId = card.sell(10);
    expect(card.redeem(saleId, 'r000')).toMatchObject({ rewardId: 'r000' });
    expect(card.redeem(saleId, 'r000')).toEqual({ refused: 'reward-already-redeemed' });
    expect(card.redeem(saleId)).toMatchObject({ refused: 'card-not-full', stampsOnCard: 0 });
  });

  it('keeps a gesture when the sale it came with is refunded', () => {
    const card = new Card();
    const saleId = card.sellWithDoubleStamp();
    card.refund(saleId, { wholeSale: true });
    expect(card.balance).toBe(1);
  });

  it('goes below zero when the stamps of a spent reward are refunded, and earns its way back', () => {
    const card = new Card();
    const filled = card.sell(10);
    card.redeem(card.sell(1));
    card.refund(filled, { wholeSale: true });
    expect(card.stampsOnCard).toBe(-9);
    card.sell(10);
    expect(card.stampsOnCard).toBe(1);
    expect(card.openRewards).toEqual([]);
  });

  it('never loses or makes a stamp, whatever is sold, given, redeemed, undone, refunded or edited', () => {
    let redeemedCount = 0;
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40, size: 'max' }), (sequence) => {
        const card = new Card();
        for (const step of sequence) {
          step(card);
          expect(card.isSound).toBe(true);
        }
        redeemedCount += card.entries.filter((entry) => entry.kind === 'redeemed').length;
      }),
      { numRuns: 500 },
    );
    expect(redeemedCount).toBeGreaterThan(200);
  });

  it('is as it was when what has just happened is refunded or undone, whatever the owner edited before', () => {
    let takenBackCount = 0;
    fc.assert(
      fc.property(
        fc.array(steps, { maxLength: 40, size: 'max' }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (sequence, quantity, isRedeemed) => {
          const card = new Card();
          for (const step of sequence) step(card);
          const { face } = card;
          const saleId = card.sell(quantity);
          if (isRedeemed) card.redeem(saleId);
          card.refund(saleId, { wholeSale: true });
          expect(card.face).toEqual(face);

          const given = card.sellWithDoubleStamp();
          card.undo(card.gestures.length - 1);
          card.refund(given, { wholeSale: true });
          expect(card.face).toEqual(face);
          takenBackCount += card.rewards.some(({ status }) => status === 'reversed') ? 1 : 0;
        },
      ),
      { numRuns: 500 },
    );
    expect(takenBackCount).toBeGreaterThan(200);
  });

  it('of which everything is refunded and undone is empty, with no reward left to spend', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40, size: 'max' }), (sequence) => {
        const card = new Card();
        for (const step of sequence) step(card);
        card.undoEverything();
        expect(card.balance).toBe(0);
        expect(card.stampsOnCard).toBe(0);
        expect(card.openRewards).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
