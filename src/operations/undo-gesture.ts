import type { Database } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import { findGesture, markGestureUndone } from '../../db/queries/gesture-queries.ts';
import { findVoucher } from '../../db/queries/reward-queries.ts';
import type { Clock } from '../clock.ts';
import { decideUndo } from '../loyalty/undo.ts';
import type { UndoRefusal } from '../loyalty/undo.ts';
import type { TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { changeCounters, loadAllowance, presentAllowance } from './load-allowance.ts';
import type { AllowanceView } from './load-allowance.ts';
import { changeReward, postToCard } from './post-to-card.ts';
import { tappedAt } from './tapped-at.ts';

export interface GestureUndone {
  gestureId: string;
  card: CardView;
  /** Of whoever undid it. */
  allowance: AllowanceView;
}

/** Takes back a gesture by a reversing entry; the gesture stays on record, and its allowance is free again. */
export const undoGesture =
  (db: Database, clock: Clock) =>
  (actor: TillActor, { attempt, gestureId }: { attempt: Attempt; gestureId: string }) => {
    const now = clock.now();
    const undoneAt = tappedAt(attempt, now);
    const { merchantId, staffId, place } = actor;
    const { locationId, deviceId, weekStartsOn } = place;
    const businessDay = businessDayOf(place, undoneAt);
    return db.transact((tx) =>
      answerOnce<GestureUndone | UndoRefusal | { refused: 'gesture-unknown' }>(
        tx,
        { merchantId, attempt, now },
        async () => {
          const [gesture] = await findGesture(tx, { merchantId, gestureId });
          if (!gesture || gesture.locationId !== locationId) return { refused: 'gesture-unknown' };
          const { cardId } = gesture;
          const [voucher] = await findVoucher(tx, { merchantId, cardId, gestureId });
          const decision = decideUndo({
            gesture: {
              ...gesture,
              givenAt: gesture.isPast ? gesture.recordedAt : gesture.givenAt,
              businessDay: gesture.isPast ? businessDayOf(place, gesture.recordedAt) : gesture.businessDay,
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
            context: { merchantId, locationId, deviceId, staffId, at: undoneAt, businessDay, gestureId },
            hasTouchedRewards: rewardId !== null,
          });
          const after = await loadAllowance(tx, {
            merchantId,
            staffId,
            locationId,
            businessDay,
            weekStartsOn,
          });
          return { gestureId, card: view, allowance: presentAllowance(after, place, businessDay) };
        },
      ),
    );
  };
