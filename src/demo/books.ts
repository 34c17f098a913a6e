import type { Tables } from '../../db/database.ts';
import { computeEarnedStamps } from '../loyalty/accrual.ts';
import { computeAllowance, computeCounterKeys, NO_CHANGE } from '../loyalty/allowance.ts';
import type { AllowanceRule, CounterChange } from '../loyalty/allowance.ts';
import { computeBusinessWeek } from '../loyalty/business-day.ts';
import type { CardEntry } from '../loyalty/card.ts';
import { decideGesture } from '../loyalty/gesture.ts';
import type { GestureKind, GestureReason, Granter } from '../loyalty/gesture.ts';
import { computeStampCost } from '../loyalty/program.ts';
import { decideRefund } from '../loyalty/refund.ts';
import type { Refund } from '../loyalty/refund.ts';
import { decideRedemption } from '../loyalty/reward.ts';
import type { Role } from '../loyalty/role.ts';
import { decideUndo } from '../loyalty/undo.ts';
import type { AuditEvent } from '../operations/append-audit.ts';
import type { NewEntry } from '../operations/append-entries.ts';
import { businessDayOf } from '../operations/business-day-of.ts';
import { closeReward, postToState } from '../operations/card-state.ts';
import type { CardState } from '../operations/card-state.ts';
import { customerColumnsOf } from '../operations/edit-customer.ts';
import { newVoucher, UNSPENT } from '../operations/new-rows.ts';
import type { EntryContext } from '../operations/post-to-card.ts';
import { coverSale } from '../operations/redeem-reward.ts';

/** A row of a table, as it is written. */
export type Row<Name extends keyof Tables> = Tables[Name]['$inferSelect'];

export interface Till extends Pick<
  Row<'locations'>,
  'locationId' | 'timeZone' | 'cutOffMinutes' | 'dayFloor' | 'dayFloorAt'
> {
  deviceId: string;
  weekStartsOn: number;
}

export interface Giver {
  staffId: string;
  role: Role;
}

export interface CardInBooks extends CardState {
  customer: Row<'customers'>;
  /** In the order they were given. */
  gestures: Row<'gestures'>[];
  visits: number;
}

/** When and where something happens, and who does it. */
export interface Moment {
  at: Date;
  till: Till;
  by: Giver;
}

export interface GestureWish {
  card: CardInBooks;
  kind: GestureKind;
  item: Row<'items'> | null;
  reason: GestureReason;
  note: string | null;
  sale: Row<'sales'> | null;
  granter: Granter | null;
  /** The lucky moment it is given on. */
  drawId?: string;
}

export interface BookRules {
  merchantId: string;
  coolDownDays: number;
  allowances: readonly AllowanceRule[];
  /** An id of that moment, later ones sorting later. */
  makeId: (at: Date) => string;
}

/**
 * The books of one shop in memory: what the operations of a till write, by the same rules, without a database. Each
 * function is the counterpart of the operation of its name. What happens is told in the order it happens.
 */
export class Books {
  readonly cards: CardInBooks[] = [];
  readonly sales: Row<'sales'>[] = [];
  readonly refunds: Row<'refunds'>[] = [];
  readonly gestures: Row<'gestures'>[] = [];
  readonly thanks: Row<'thanks'>[] = [];
  readonly entries: NewEntry[] = [];
  readonly audit: AuditEvent[] = [];
  readonly rewards = new Map<string, Row<'rewards'>>();
  readonly counters = new Map<string, Row<'allowanceCounters'>>();
  readonly #rules: BookRules;

  constructor(rules: BookRules) {
    this.#rules = rules;
  }

  #contextOf({ at, till, by }: Moment): EntryContext {
    const { merchantId } = this.#rules;
    const { locationId, deviceId } = till;
    return {
      merchantId,
      locationId,
      deviceId,
      staffId: by.staffId,
      at,
      businessDay: businessDayOf(till, at),
    };
  }

  #post(state: CardInBooks, entries: readonly CardEntry[], context: EntryContext): void {
    const makeId = (): string => this.#rules.makeId(context.at);
    postToState(state, { entries, context, pending: this, makeId });
  }

  recordSale(
    moment: Moment,
    { state, lines }: { state: CardInBooks | null; lines: Row<'sales'>['lines'] },
  ): Row<'sales'> {
    const context = this.#contextOf(moment);
    const { merchantId, at, locationId, deviceId, staffId, businessDay } = context;
    const totalMinor = lines.reduce((total, line) => total + line.totalMinor, 0);
    const sale: Row<'sales'> = {
      merchantId,
      saleId: this.#rules.makeId(at),
      source: 'till',
      reference: null,
      locationId,
      deviceId,
      staffId,
      customerId: state?.card.customerId ?? null,
      cardId: state?.card.cardId ?? null,
      occurredAt: at,
      businessDay,
      totalMinor,
      lines,
      stampsEarned: state ? computeEarnedStamps({ accrual: state.version.accrual, lines, totalMinor }) : 0,
      recordedAt: at,
    };
    this.sales.push(sale);
    if (!state) return sale;
    const { saleId, stampsEarned } = sale;
    this.#post(state, stampsEarned > 0 ? [{ kind: 'earned', stamps: stampsEarned }] : [], {
      ...context,
      saleId,
    });
    state.card.lastVisitAt = at;
    return sale;
  }

  /** As the customer does it, on their own card. */
  editOwnCard(at: Date, { customer }: CardInBooks, change: { phone: string }): void {
    Object.assign(customer, customerColumnsOf(change));
    const details = { by: 'customer', changed: Object.keys(change) };
    this.#tell({ at, staffId: null, action: 'customer.edited', subjectId: customer.customerId, details });
  }

  editPreferences({ at, by }: Moment, { customer }: CardInBooks, preferences: string): void {
    customer.preferences = preferences;
    this.#tell({
      at,
      staffId: by.staffId,
      action: 'customer.preferences-edited',
      subjectId: customer.customerId,
      details: { isEmpty: false },
    });
  }

  blockCard({ at, by }: Pick<Moment, 'at' | 'by'>, { card }: CardInBooks): void {
    card.blockedAt = at;
    this.#tell({ at, staffId: by.staffId, action: 'card.blocked', subjectId: card.cardId, details: {} });
  }

  #tell(event: Omit<AuditEvent, 'merchantId'>): void {
    this.audit.push({ merchantId: this.#rules.merchantId, ...event });
  }

  /** Whether a reward of the card paid for an item of the sale. */
  redeemReward(moment: Moment, state: CardInBooks, sale: Row<'sales'>): boolean {
    const context = this.#contextOf(moment);
    const decision = decideRedemption({
      card: {
        isBlocked: state.card.blockedAt !== null,
        stampsOnCard: state.card.balance - state.card.heldStamps,
        stampsRequired: state.version.stampsRequired,
      },
      rewards: state.openRewards,
      now: moment.at,
      sale,
    });
    if (decision.refused || !decision.sale) return false;
    const reward = state.openRewards.find(({ rewardId }) => rewardId === decision.rewardId)!;
    const covered = coverSale({ sale, covered: decision.sale, reward, card: state.version });
    const forfeited = sale.stampsEarned - covered.stampsEarned;
    const { coveredMinor } = decision.sale;
    const { saleId } = sale;
    this.rewards.set(reward.rewardId, {
      ...reward,
      status: 'redeemed',
      redeemedAt: moment.at,
      saleId,
      coveredMinor,
      proof: 'live_code',
    });
    state.openRewards = state.openRewards.filter((one) => one !== reward);
    Object.assign(sale, covered);
    const lost: CardEntry[] = forfeited > 0 ? [{ kind: 'reversed', stamps: -forfeited }] : [];
    this.#post(state, [decision.entry, ...lost], { ...context, saleId });
    return true;
  }

  #countersOf(moment: Moment, businessDay: string) {
    const { merchantId } = this.#rules;
    const { till, by } = moment;
    const weekStart = computeBusinessWeek({ businessDay, weekStartsOn: till.weekStartsOn });
    const situation = { staffId: by.staffId, locationId: till.locationId, businessDay, weekStart };
    const four = computeCounterKeys(situation).map((key) => {
      const name = [key.scope, key.subjectId, key.period, key.periodStart].join();
      return { name, counter: this.counters.get(name) ?? { merchantId, ...key, ...NO_CHANGE } };
    });
    return { situation, four };
  }

  #changeCounters(moment: Moment, businessDay: string, change: CounterChange): void {
    if (change.usedCount === 0) return;
    for (const { name, counter } of this.#countersOf(moment, businessDay).four)
      this.counters.set(name, {
        ...counter,
        usedCount: counter.usedCount + change.usedCount,
        usedCostMinor: counter.usedCostMinor + change.usedCostMinor,
      });
  }

  /** The gesture, or why it was refused. */
  giveGesture(moment: Moment, wish: GestureWish): Row<'gestures'> | { refused: string } {
    const { at, till, by } = moment;
    const { card: state, kind, item, reason, note, sale, granter, drawId = null } = wish;
    const context = this.#contextOf(moment);
    const { merchantId, businessDay, locationId, deviceId } = context;
    const { situation, four } = this.#countersOf(moment, businessDay);
    const decision = decideGesture({
      merchantId,
      kind,
      givenAt: at,
      isPast: false,
      giver: by,
      card: { isBlocked: state.card.blockedAt !== null },
      customer: state.customer,
      itemId: item?.itemId ?? null,
      item,
      stampCostMinor: computeStampCost(state.version),
      lastGestureAt: state.gestures.findLast(({ undoneAt }) => undoneAt === null)?.givenAt ?? null,
      coolDownDays: this.#rules.coolDownDays,
      allowance: computeAllowance({
        rules: this.#rules.allowances,
        counters: four.map(({ counter }) => counter),
        ...situation,
      }),
      shop: { ...till, businessDay },
      grant: granter,
      drawn: drawId === null ? null : 'lucky',
      lease: null,
    });
    if (decision.refused) return decision;
    this.#changeCounters(moment, businessDay, decision.change);
    const { priceMinor, costMinor, fundedBy, grantedBy } = decision;
    const gestureId = this.#rules.makeId(at);
    const saleId = sale?.saleId ?? null;
    const gesture: Row<'gestures'> = {
      merchantId,
      gestureId,
      kind,
      cardId: state.card.cardId,
      customerId: state.card.customerId,
      staffId: by.staffId,
      locationId,
      deviceId,
      givenAt: at,
      businessDay,
      saleId,
      itemId: item?.itemId ?? null,
      itemName: item?.name ?? null,
      priceMinor,
      costMinor,
      reason,
      note,
      fundedBy,
      grantedBy,
      leaseId: null,
      drawId,
      isPast: false,
      recordedAt: at,
      undoneAt: null,
      undoneBy: null,
    };
    this.gestures.push(gesture);
    state.gestures.push(gesture);
    if (decision.opensVoucher) this.#openVoucher(state, gesture);
    this.#post(state, [decision.entry ?? { kind: 'gesture', stamps: 0 }], { ...context, gestureId, saleId });
    return gesture;
  }

  #openVoucher(state: CardInBooks, gesture: Row<'gestures'>): void {
    const { givenAt: earnedAt } = gesture;
    const voucher = newVoucher(gesture, { rewardId: this.#rules.makeId(earnedAt), earnedAt });
    this.rewards.set(voucher.rewardId, voucher);
    state.openRewards = [...state.openRewards, voucher];
  }

  /** Whether it was taken back. */
  undoGesture(moment: Moment, state: CardInBooks, gesture: Row<'gestures'>): boolean {
    const { at, by } = moment;
    const context = this.#contextOf(moment);
    const { businessDay } = context;
    const voucher = state.openRewards.find(({ gestureId }) => gestureId === gesture.gestureId) ?? null;
    const decision = decideUndo({ gesture: { ...gesture, voucher }, by, now: at, businessDay });
    if (decision.refused) return false;
    gesture.undoneAt = at;
    gesture.undoneBy = by.staffId;
    const giver = { staffId: gesture.staffId, role: by.role };
    this.#changeCounters({ ...moment, by: giver }, gesture.businessDay, decision.change);
    if (decision.voucherIdToReverse)
      closeReward(state, { rewardId: decision.voucherIdToReverse, status: 'reversed', pending: this });
    this.#post(state, [decision.entry ?? { kind: 'reversed', stamps: 0 }], {
      ...context,
      gestureId: gesture.gestureId,
    });
    return true;
  }

  /** Each sale once at most. */
  refundSale(
    moment: Moment,
    { state, sale, refund }: { state: CardInBooks | null; sale: Row<'sales'>; refund: Refund },
  ): void {
    const context = this.#contextOf(moment);
    const { saleId } = sale;
    const spent = [...this.rewards.values()].filter(
      (reward) => reward.saleId === saleId && reward.status === 'redeemed',
    );
    const decision = decideRefund({
      sale,
      earnedStamps: sale.stampsEarned,
      reversedStamps: 0,
      refundedMinor: 0,
      refund,
      rewardsSpentOnSale: spent,
    });
    if (decision.refused || (decision.amountMinor === 0 && decision.entries.length === 0)) return;
    const refundId = this.#rules.makeId(moment.at);
    this.refunds.push({
      merchantId: sale.merchantId,
      refundId,
      saleId,
      reference: null,
      staffId: moment.by.staffId,
      refundedAt: moment.at,
      businessDay: context.businessDay,
      amountMinor: decision.amountMinor,
      reversedStamps: decision.stampsToReverse,
      recordedAt: moment.at,
    });
    if (!state) return;
    for (const rewardId of decision.rewardIdsToReopen) this.#reopenReward(state, rewardId);
    this.#post(state, decision.entries, { ...context, saleId, refundId });
  }

  #reopenReward(state: CardInBooks, rewardId: string): void {
    const reward = this.rewards.get(rewardId)!;
    const open: Row<'rewards'> = { ...reward, ...UNSPENT };
    this.rewards.set(rewardId, open);
    state.openRewards = [...state.openRewards, open];
  }
}
