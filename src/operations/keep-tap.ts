import type { Database, Queries } from '../../db/database.ts';
import { findAnswer } from '../../db/queries/answer-queries.ts';
import { findKeptTap, insertKeptTap } from '../../db/queries/kept-tap-queries.ts';
import { findTillSession } from '../../db/queries/session-queries.ts';
import type { Clock } from '../clock.ts';
import type { Place } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { CARD_CODE_PREFIX } from './card-codes.ts';
import { findCard } from './find-card.ts';

/** What a till may be asked to send later. */
export const TAP_OPERATIONS = [
  'sale',
  'claim',
  'gesture',
  'undo_sale',
  'undo_gesture',
  'return_lease',
] as const;
export type TapOperation = (typeof TAP_OPERATIONS)[number];

/** What a tap said, as far as a manager needs it. Ids and figures: no name, no note, no secret of a card. */
export interface TapBody {
  cardCode?: string | undefined;
  lines?: { itemId: string; quantity: number }[] | undefined;
  kind?: string | undefined;
  itemId?: string | undefined;
  reason?: string | undefined;
  saleId?: string | undefined;
  gestureId?: string | undefined;
  leaseId?: string | undefined;
}

export interface TapToKeep {
  /** Its operation id. */
  tapId: string;
  /** The session it was made under. */
  sessionId?: string | undefined;
  operation: TapOperation;
  body: TapBody;
  /** Why it was refused: the name of a problem. */
  refusal: string;
  tappedAgoSeconds: number;
}

/**
 * Keeps for the manager what a till tapped while it was offline and could not be recorded. Kept twice is kept once, and
 * what was recorded the first time, its answer lost, is not kept: a manager would record it once more.
 */
export const keepTap =
  (db: Database, clock: Clock) =>
  (by: Place, request: TapToKeep): Promise<{ tapId: string; keptAt: Date }> => {
    const now = clock.now();
    const { merchantId } = by;
    const { tapId, sessionId, operation, refusal } = request;
    return db.transact(async (tx) => {
      const known = await findKeptTap(tx, { merchantId, tapId });
      if (known) return { tapId, keptAt: known.keptAt };
      const [answered] = await findAnswer(tx, { merchantId, operationId: tapId });
      const isRefused = answered?.body && 'refused' in (JSON.parse(answered.body) as object);
      if (answered && !isRefused) return { tapId, keptAt: answered.answeredAt };
      const [session] = sessionId
        ? await findTillSession(tx, { merchantId, deviceId: by.deviceId, sessionId })
        : [];
      const { deviceId, locationId } = session?.place ?? by;
      await insertKeptTap(tx, {
        merchantId,
        tapId,
        deviceId,
        locationId,
        staffId: session?.staffId ?? null,
        operation,
        body: { ...(await withoutCode(tx, merchantId, request.body)) },
        refusal,
        tappedAt: new Date(now.getTime() - request.tappedAgoSeconds * 1_000),
        keptAt: now,
        endedAt: null,
        endedBy: null,
        end: null,
      });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId: session?.staffId ?? null,
        action: 'tap.kept',
        subjectId: tapId,
        details: { deviceId, operation, refusal },
      });
      return { tapId, keptAt: now };
    });
  };

/** A card by its id; the code of one that nobody knows is not written down, except one that was typed. */
async function withoutCode(tx: Queries, merchantId: string, body: TapBody): Promise<TapBody> {
  const { cardCode, ...rest } = body;
  if (cardCode === undefined) return rest;
  const card = await findCard(tx, { merchantId, cardCode });
  if (card) return { ...rest, cardCode: card.cardId };
  return cardCode.toUpperCase().startsWith(CARD_CODE_PREFIX) ? rest : { ...rest, cardCode };
}
