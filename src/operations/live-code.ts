import { createHmac } from 'node:crypto';
import type { Queries } from '../../db/database.ts';
import { forgetAttempts } from '../../db/queries/attempt-queries.ts';
import { moveLiveStep } from '../../db/queries/card-queries.ts';
import { takeGuess } from './guess-limit.ts';
import type { Locked } from './guess-limit.ts';
import { computeTimeCode, findStepOfCode, stepOf } from './time-code.ts';

const HOW = { digits: 6, algorithm: 'sha256' } as const;
/** `GST1:` and 26 letters and figures, then the live code: what the QR on a customer's phone says. */
const SCANNED = /^(GST1:[A-Z2-7]{16,52}):(\d{6})$/i;

export type LiveCodeRefusal =
  | { refused: 'live-code-needed' }
  | { refused: 'live-code-wrong'; triesLeft: number }
  | { refused: 'live-code-used' }
  | Locked;

/**
 * The key of a card's live codes. It follows from a key outside the database, the card's id and what is kept of its
 * link, so it is stored nowhere: whoever reads the database can't compute a code. With a new link the key is another:
 * a phone that was lost still holds the old one.
 */
export function deriveLiveKey(
  cardKey: Uint8Array,
  { cardId, secretHash }: { cardId: string; secretHash: string | null },
): Buffer {
  return createHmac('sha256', cardKey)
    .update(`live ${cardId} ${secretHash ?? ''}`)
    .digest();
}

/** The six digits that a card shows at an instant. */
export function computeLiveCode(liveKey: Uint8Array, at: Date): string {
  return computeTimeCode({ key: liveKey, step: stepOf(at), ...HOW });
}

/** What a scanner read, in two: the code that says which card it is, and the live code, if it came with one. */
export function splitScannedCode(scanned: string): { cardCode: string; liveCode?: string | undefined } {
  const [, cardCode, liveCode] = SCANNED.exec(scanned.trim()) ?? [];
  return cardCode ? { cardCode, liveCode } : { cardCode: scanned };
}

/**
 * Whether a live code is the one a card showed at `shownAt`, give or take a step of 30 s. It works once, and so do all
 * codes before it: a photograph of the phone is worth nothing. Wrong ones are counted, against guessing. Returns the
 * refusal, or null when it is proved.
 */
export async function spendLiveCode(
  tx: Queries,
  {
    merchantId,
    cardId,
    liveKey,
    liveCode,
    shownAt,
    now,
    subject = `live:${cardId}`,
  }: {
    merchantId: string;
    cardId: string;
    liveKey: Uint8Array;
    liveCode: string | undefined;
    shownAt: Date;
    now: Date;
    /** What wrong codes are counted under. */
    subject?: string;
  },
): Promise<LiveCodeRefusal | null> {
  if (!liveCode) return { refused: 'live-code-needed' };
  const guess = await takeGuess(tx, { merchantId, subject, now });
  if ('refused' in guess) return guess;
  const step = findStepOfCode(liveCode, { key: liveKey, step: stepOf(shownAt), ...HOW });
  if (step === undefined) return { refused: 'live-code-wrong', triesLeft: guess.triesLeft };
  await forgetAttempts(tx, { merchantId, subject });
  const moved = await moveLiveStep(tx, { merchantId, cardId, step });
  return moved.length === 1 ? null : { refused: 'live-code-used' };
}
