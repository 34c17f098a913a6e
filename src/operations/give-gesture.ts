import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { findLease, updateLease } from '../../db/queries/allowance-queries.ts';
import type { LeaseRow } from '../../db/queries/allowance-queries.ts';
import { findSale } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { computeAllowanceAfter } from '../loyalty/allowance.ts';
import { decideGesture } from '../loyalty/gesture.ts';
import type { GestureKind, GestureReason, GestureRefusal, Granter } from '../loyalty/gesture.ts';
import type { Place, TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { askBonus, findGivableDraw } from './draw-for-gesture.ts';
import type { BonusAnswer, DrawRefusal } from './draw-for-gesture.ts';
import { findCard } from './find-card.ts';
import { changeCounters, loadAllowance, presentAllowance } from './load-allowance.ts';
import type { AllowanceView } from './load-allowance.ts';
import { readLastGesture } from './read-last-gesture.ts';
import type { LastGesture } from './read-last-gesture.ts';
import { loadGestureFacts, recordGesture } from './record-gesture.ts';
import type { GestureView } from './record-gesture.ts';
import type { Sealer } from './seal.ts';
import { tappedAt } from './tapped-at.ts';

/** A tap a moment before the cut-off, slow to arrive, is still of the day it was made on. */
const SLOW_TAP_MS = 60_000;

export interface GiveRequest {
  attempt: Attempt;
  cardCode: string;
  kind: GestureKind;
  itemId?: string | undefined;
  reason: GestureReason;
  note?: string | undefined;
  /** The sale it is given with. */
  saleId?: string | undefined;
  /** Gestures the till took along for when it is offline. */
  leaseId?: string | undefined;
  /** The lucky moment, granted bonus or suggestion it is given on. */
  drawId?: string | undefined;
}

export interface GestureGiven {
  gesture: GestureView;
  card: CardView;
  allowance: AllowanceView;
  lastGesture: LastGesture | null;
}

type AllowanceSpentRefusal = Extract<GestureRefusal, { refused: 'allowance-spent' }>;

export type GiveRefusal =
  | Exclude<GestureRefusal, AllowanceSpentRefusal>
  | (AllowanceSpentRefusal & { bonus?: BonusAnswer })
  | DrawRefusal
  | { refused: 'card-unknown' }
  | { refused: 'sale-unknown' }
  | { refused: 'lease-unknown' }
  | { refused: 'tap-day-over' };

/**
 * Gives a customer a double stamp, a free item or a voucher, if the rules and the allowance let it. `granter` is a
 * manager who entered a PIN on the same till to allow one more. On a draw (`drawId`) the house pays. A tap beyond the
 * spent allowance makes the bonus draw of a season that is on; without `sealer`, which opens its key, none is made.
 */
export const giveGesture =
  (db: Database, clock: Clock, sealer: Sealer | null = null) =>
  (actor: TillActor, request: GiveRequest, granter: Granter | null = null) => {
    const now = clock.now();
    const gestureId = uuid();
    const bonusDrawId = uuid();
    const { merchantId, staffId, place } = actor;
    const { locationId, deviceId } = place;
    const { attempt, saleId = null, leaseId = null, drawId = null } = request;
    const givenAt = tappedAt(attempt, now);
    return db.transact((tx) =>
      answerOnce<GestureGiven | GiveRefusal>(tx, { merchantId, attempt, now }, async () => {
        const card = await findCard(tx, { merchantId, cardCode: request.cardCode });
        if (!card) return { refused: 'card-unknown' };
        const [sale] = saleId ? await findSale(tx, { merchantId, saleId }) : [];
        if (saleId && (sale?.cardId !== card.cardId || sale.locationId !== locationId))
          return { refused: 'sale-unknown' };
        const [lease] = leaseId ? await findLease(tx, { merchantId, leaseId }) : [];
        if (leaseId && lease?.deviceId !== deviceId) return { refused: 'lease-unknown' };
        const businessDay = dayOfTap(place, givenAt, lease);
        const isLive = now.getTime() - givenAt.getTime() <= SLOW_TAP_MS;
        // What no lease set aside is spent on the day it arrives: or else a till that says it was away could spend what
        // was left over on days that are gone.
        if (!lease && !isLive && businessDay !== businessDayOf(place, now))
          return { refused: 'tap-day-over' };
        const drawn = drawId
          ? await findGivableDraw(tx, { ...request, drawId, card, place, businessDay })
          : null;
        if (drawn && 'refused' in drawn) return drawn;
        const giver = { merchantId, staffId, locationId, businessDay, weekStartsOn: place.weekStartsOn };
        const allowance = await loadAllowance(tx, giver);
        const facts = await loadGestureFacts(tx, { ...request, merchantId, card });
        const decision = decideGesture({
          ...facts,
          merchantId,
          kind: request.kind,
          givenAt,
          isPast: false,
          giver: actor,
          allowance,
          shop: { ...place, businessDay },
          grant: granter,
          // A suggestion is a hint alone: the allowance pays for it.
          drawn: drawn && drawn.season.kind !== 'suggestion' ? drawn.season.kind : null,
          lease: lease ?? null,
        });
        if (decision.refused === 'allowance-spent' && sealer && isLive && !drawn && !lease) {
          const situation = { actor, card, now, businessDay };
          const bonus = await askBonus(tx, situation, { kind: request.kind, drawId: bonusDrawId, sealer });
          return bonus ? { ...decision, bonus } : decision;
        }
        if (decision.refused) return decision;

        await changeCounters(tx, { giver, change: decision.change, allowance: lease ? null : allowance });
        if (lease && decision.fundedBy === 'allowance')
          await updateLease(tx, { ...lease, usedCount: lease.usedCount + 1 });
        const recorded = await recordGesture(tx, {
          request,
          facts,
          card,
          decision,
          posted: { at: givenAt, businessDay },
          gesture: {
            merchantId,
            gestureId,
            staffId,
            locationId,
            deviceId,
            givenAt,
            businessDay,
            saleId,
            leaseId,
            drawId,
            grantedBy: decision.grantedBy,
            recordedAt: now,
          },
        });
        const after = computeAllowanceAfter(allowance, decision.change);
        return {
          ...recorded,
          allowance: presentAllowance(after, place, businessDay),
          lastGesture: await readLastGesture(tx, { merchantId, customerId: card.customerId, now }),
        };
      }),
    );
  };

/**
 * The business day a tap counts in. A lease was counted on its own day when it was handed out: an edit of zone or
 * cut-off meanwhile does not move what was tapped on that day to another. Anything else never counts on a day that was
 * over at the edit.
 */
function dayOfTap(place: Place, givenAt: Date, lease: LeaseRow | undefined): string {
  const isOfLease = lease?.endsAt && givenAt >= lease.leasedAt && givenAt < lease.endsAt;
  return isOfLease ? lease.businessDay : businessDayOf({ ...place, dayFloorAt: null }, givenAt);
}
