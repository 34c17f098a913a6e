import type { Database } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import { findGesture, markGestureUndone } from '../../db/queries/gesture-queries.ts';
import { findVoucher } from '../../db/queries/reward-queries.ts';
import { findLocationClock } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { decideUndo } from '../loyalty/undo.ts';
import type { UndoRefusal } from '../loyalty/undo.ts';
import type { AnyActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { changeCounters, loadAllowance, presentAllowance } from './load-allowance.ts';
import type { AllowanceView } from './load-allowance.ts';
import { changeReward, postToCard } from './post-to-card.ts';
import { readLastGesture } from './read-last-gesture.ts';
import type { LastGesture } from './read-last-gesture.ts';
import { tappedAt } from './tapped-at.ts';

export interface GestureUndone {
  gestureId: string;
  card: CardView;
  /** Of whoever undid it. */
  allowance: AllowanceView;
  lastGesture: LastGesture | null;
}

/**
 * Takes back a gesture by a reversing entry; the gesture stays on record, and its allowance is free again. At a till:
 * one of its location; at the desk, which is never offline, one of any.
 */
export const undoGesture =
  (db: Database, clock: Clock) =>
  (actor: AnyActor, { attempt, gestureId }: { attempt: Attempt; gestureId: string }) => {
    const now = clock.now();
    const { merchantId, staffId } = actor;
    const undoneAt = actor.place ? tappedAt(attempt, now) : now;
    return db.transact((tx) =>
      answerOnce<GestureUndone | UndoRefusal | { refused: 'gesture-unknown' }>(
        tx,
        { merchantId, attempt, now },
        async () => {
          const [gesture] = await findGesture(tx, { merchantId, gestureId });
          if (!gesture) return { refused: 'gesture-unknown' };
          const { cardId, locationId } = gesture;
          if (actor.place && actor.place.locationId !== locationId) return { refused: 'gesture-unknown' };
          const [location] = actor.place ? [actor.place] : await findLocationClock(tx, gesture);
          if (!location) throw new Error(`Gesture ${gestureId} was given nowhere`);
          const { weekStartsOn } = location;
          const businessDay = businessDayOf(location, undoneAt);
          const [voucher] = await findVoucher(tx, { merchantId, cardId, gestureId });
          const decision = decideUndo({
            gesture: {
              ...gesture,
              givenAt: gesture.isPast ? gesture.recordedAt : gesture.givenAt,
              businessDay: gesture.isPast ? businessDayOf(location, gesture.recordedAt) : gesture.businessDay,
              voucher: voucher ?? null,
            },
            by: actor,
            now: undoneAt,
            businessDay,
          });
          if (decision.refused) return decision;

          await markGestureUndone(tx, { merchantId, gestureId, undoneAt, undoneBy: staffId });
          // A lease that gave the gesture does not get it back: it is free in the counters instead.
          await changeCounters(tx, {
            giver: { ...gesture, weekStartsOn },
            change: decision.change,
            allowance: null,
          });
          const { voucherIdToReverse: rewardId } = decision;
          if (rewardId) await changeReward(tx, { merchantId, rewardId, status: 'reversed' });
          const [card] = await findCardById(tx, { merchantId, cardId });
          if (!card) throw new Error(`Gesture ${gestureId} is on a card that is not there`);
          const view = await postToCard(tx, {
            card,
            entries: [decision.entry ?? { kind: 'reversed', stamps: 0 }],
            context: {
              merchantId,
              locationId,
              deviceId: actor.place?.deviceId ?? null,
              staffId,
              at: undoneAt,
              businessDay,
              gestureId,
            },
            hasTouchedRewards: rewardId !== null,
          });
          const after = await loadAllowance(tx, {
            merchantId,
            staffId,
            locationId,
            businessDay,
            weekStartsOn,
          });
          return {
            gestureId,
            card: view,
            allowance: presentAllowance(after, location, businessDay),
            lastGesture: await readLastGesture(tx, { merchantId, customerId: card.customerId, now }),
          };
        },
      ),
    );
  };
