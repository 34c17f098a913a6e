import { createHmac, randomInt } from 'node:crypto';
import type { Queries } from '../../db/database.ts';
import {
  insertOneTimeCode,
  listOneTimeCodes,
  updateOneTimeCode,
} from '../../db/queries/one-time-code-queries.ts';
import type { OneTimeCodeRow } from '../../db/queries/one-time-code-queries.ts';
import type { CodePurpose } from '../../db/schema.ts';
import { isSameText } from './same-text.ts';

const ONE_TIME_CODE_DIGITS = 6;
export const ONE_TIME_CODE_MINUTES = 10;
/** Tries at one code. */
export const MAX_WRONG_CODES = 5;
/** Codes for one customer and purpose in an hour: with five tries each, a guess is right once in 40,000 hours. */
export const MAX_CODES_PER_HOUR = 5;
const HOUR_MS = 3_600_000;

/** Six digits at random, leading noughts and all. */
export function drawOneTimeCode(): string {
  return String(randomInt(10 ** ONE_TIME_CODE_DIGITS)).padStart(ONE_TIME_CODE_DIGITS, '0');
}

/**
 * Writes down a code that is about to be sent, so that whoever reads the database can't find it: six digits are soon
 * tried, but not without the key. Refused when there were too many in the last hour.
 */
export async function keepOneTimeCode(
  tx: Queries,
  {
    merchantId,
    customerId,
    purpose,
    codeId,
    code,
    email,
    cardKey,
    now,
  }: {
    merchantId: string;
    customerId: string;
    purpose: CodePurpose;
    codeId: string;
    code: string;
    /** Where it is sent. It proves this address and no other. */
    email: string;
    cardKey: Uint8Array;
    now: Date;
  },
): Promise<{ refused: 'too-many-requests'; retryAt: Date } | null> {
  const after = new Date(now.getTime() - HOUR_MS);
  const recent = await listOneTimeCodes(tx, {
    merchantId,
    customerId,
    purpose,
    after,
    limit: MAX_CODES_PER_HOUR,
  });
  const oldest = recent.at(-1);
  if (oldest && recent.length === MAX_CODES_PER_HOUR)
    return { refused: 'too-many-requests', retryAt: new Date(oldest.createdAt.getTime() + HOUR_MS) };
  await insertOneTimeCode(tx, {
    merchantId,
    codeId,
    customerId,
    purpose,
    codeHash: hashOneTimeCode({ codeId, code, email, cardKey }),
    wrongCount: 0,
    createdAt: now,
    expiresAt: new Date(now.getTime() + ONE_TIME_CODE_MINUTES * 60_000),
    usedAt: null,
  });
  return null;
}

/**
 * Whether this is the code that was sent to this address; then it is used up. A wrong one is counted, and the fifth makes
 * the code worthless.
 */
export async function takeOneTimeCode(
  tx: Queries,
  {
    kept,
    code,
    email,
    cardKey,
    now,
  }: { kept: OneTimeCodeRow; code: string; email: string; cardKey: Uint8Array; now: Date },
): Promise<boolean> {
  const { merchantId, codeId, wrongCount, usedAt, expiresAt, codeHash } = kept;
  if (usedAt || expiresAt <= now || wrongCount >= MAX_WRONG_CODES) return false;
  const isRight = isSameText(hashOneTimeCode({ codeId, code, email, cardKey }), codeHash);
  await updateOneTimeCode(tx, {
    merchantId,
    codeId,
    wrongCount: isRight ? wrongCount : wrongCount + 1,
    usedAt: isRight ? now : null,
  });
  return isRight;
}

function hashOneTimeCode({
  codeId,
  code,
  email,
  cardKey,
}: {
  codeId: string;
  code: string;
  email: string;
  cardKey: Uint8Array;
}): string {
  return createHmac('sha256', cardKey).update(`one-time code ${codeId} ${code} ${email}`).digest('hex');
}
