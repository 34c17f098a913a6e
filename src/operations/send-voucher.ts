import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { findCardById } from '../../db/queries/card-queries.ts';
import { findLocationClock } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { decideGesture } from '../loyalty/gesture.ts';
import type { GestureReason, GestureRefusal } from '../loyalty/gesture.ts';
import type { Actor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { changeCounters, loadAllowance } from './load-allowance.ts';
import { loadGestureFacts, recordGesture } from './record-gesture.ts';
import type { GestureView } from './record-gesture.ts';

export interface VoucherRequest {
  attempt: Attempt;
  /** Of a card that was joined with another, the other gets it. */
  cardId: string;
  /** What it is good for; anything the shop likes when not said. */
  itemId?: string | undefined;
  reason: GestureReason;
  note?: string | undefined;
}

/**
 * “We are sorry about the tea”: a manager or owner puts a voucher on a customer's card from the desk, by the rules and
 * out of the allowance of every gesture. It counts for the location the card comes from.
 */
export const sendVoucher =
  (db: Database, clock: Clock) =>
  (actor: Actor, { attempt, ...request }: VoucherRequest) => {
    const now = clock.now();
    const gestureId = uuid();
    const { merchantId, staffId } = actor;
    const kind = 'voucher' as const;
    return db.transact((tx) =>
      answerOnce<{ gesture: GestureView; card: CardView } | GestureRefusal | { refused: 'card-unknown' }>(
        tx,
        { merchantId, attempt, now },
        async () => {
          const [named] = await findCardById(tx, { merchantId, cardId: request.cardId });
          if (!named) return { refused: 'card-unknown' };
          const { locationId, joinedIntoId } = named;
          const [card] = joinedIntoId
            ? await findCardById(tx, { merchantId, cardId: joinedIntoId })
            : [named];
          if (!card) return { refused: 'card-unknown' };
          const [location] = await findLocationClock(tx, { merchantId, locationId });
          if (!location) throw new Error(`There is no location ${locationId}`);
          const businessDay = businessDayOf(location, now);
          const giver = {
            merchantId,
            staffId,
            locationId,
            businessDay,
            weekStartsOn: location.weekStartsOn,
          };
          const allowance = await loadAllowance(tx, giver);
          const facts = await loadGestureFacts(tx, { ...request, kind, merchantId, card });
          const decision = decideGesture({
            ...facts,
            merchantId,
            kind,
            givenAt: now,
            isPast: false,
            giver: actor,
            allowance,
            shop: { ...location, businessDay },
            grant: null,
            drawn: null,
            lease: null,
          });
          if (decision.refused) return decision;
          await changeCounters(tx, { giver, change: decision.change, allowance });
          return recordGesture(tx, {
            request: { ...request, kind },
            facts,
            card,
            decision,
            posted: { at: now, businessDay },
            gesture: {
              merchantId,
              gestureId,
              staffId,
              locationId,
              deviceId: null,
              givenAt: now,
              businessDay,
              saleId: null,
              leaseId: null,
              drawId: null,
              grantedBy: decision.grantedBy,
              recordedAt: now,
            },
          });
        },
      ),
    );
  };
