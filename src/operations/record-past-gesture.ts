import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { findGiver } from '../../db/queries/gesture-queries.ts';
import { findLocationClock } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import { computeBusinessDay } from '../loyalty/business-day.ts';
import { decideGesture } from '../loyalty/gesture.ts';
import type { GestureKind, GestureReason, GestureRefusal } from '../loyalty/gesture.ts';
import type { Actor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { businessDayOf } from './business-day-of.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';
import { loadGestureFacts, recordGesture } from './record-gesture.ts';
import type { GestureView } from './record-gesture.ts';

export interface PastGestureRequest {
  attempt: Attempt;
  /** A scanned or typed code, or the card's id. */
  cardCode: string;
  locationId: string;
  kind: GestureKind;
  itemId?: string | undefined;
  reason: GestureReason;
  note?: string | undefined;
  givenAt: Date;
  /** Who gave it; the owner who writes it down when not given. */
  staffId?: string | undefined;
}

export type PastGestureRefusal =
  | GestureRefusal
  | { refused: 'card-unknown' }
  | { refused: 'location-unknown' }
  | { refused: 'staff-unknown' }
  | { refused: 'not-in-the-past' };

/** Writes down a gesture that was given before: marked so, outside the allowance and the cool-down. Owners only. */
export const recordPastGesture =
  (db: Database, clock: Clock) => (actor: Actor, request: PastGestureRequest) => {
    const now = clock.now();
    const gestureId = uuid();
    const { merchantId } = actor;
    const { attempt, locationId, givenAt } = request;
    const staffId = request.staffId ?? actor.staffId;
    return db.transact((tx) =>
      answerOnce<{ gesture: GestureView; card: CardView } | PastGestureRefusal>(
        tx,
        { merchantId, attempt, now },
        async () => {
          if (givenAt > now) return { refused: 'not-in-the-past' };
          const card = await findCard(tx, { merchantId, cardCode: request.cardCode });
          if (!card) return { refused: 'card-unknown' };
          const [location] = await findLocationClock(tx, { merchantId, locationId });
          if (!location) return { refused: 'location-unknown' };
          const [person] = await findGiver(tx, { merchantId, staffId });
          if (!person) return { refused: 'staff-unknown' };
          const businessDay = computeBusinessDay({ instant: givenAt, ...location });
          const facts = await loadGestureFacts(tx, { ...request, merchantId, card });
          const decision = decideGesture({
            ...facts,
            merchantId,
            kind: request.kind,
            givenAt,
            isPast: true,
            giver: { staffId, role: actor.role },
            allowance: { limits: [], remaining: null, remainingCostMinor: null },
            shop: { ...location, businessDay },
            grant: null,
            drawn: null,
            lease: null,
          });
          if (decision.refused) return decision;
          return recordGesture(tx, {
            request,
            facts,
            card,
            decision,
            posted: { at: now, businessDay: businessDayOf(location, now) },
            gesture: {
              merchantId,
              gestureId,
              staffId,
              locationId,
              deviceId: null,
              givenAt,
              businessDay,
              saleId: null,
              leaseId: null,
              drawId: null,
              grantedBy: actor.staffId,
              recordedAt: now,
            },
          });
        },
      ),
    );
  };
