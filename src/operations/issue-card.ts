import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import {
  findCardById,
  findCardByShortCode,
  findProgramVersion,
  insertCard,
  insertCustomer,
  listOpenPrograms,
} from '../../db/queries/card-queries.ts';
import { findGiver } from '../../db/queries/gesture-queries.ts';
import { findLocationClock } from '../../db/queries/sale-queries.ts';
import type { Clock } from '../clock.ts';
import type { TillActor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Attempt } from './answer-once.ts';
import { computeCardCode, hashOf, makeShortCode } from './card-codes.ts';
import { presentCard } from './card-view.ts';
import type { CardView } from './card-view.ts';
import { newCard, newCustomer } from './new-rows.ts';

export interface CardRequest {
  merchantId: string;
  locationId: string;
  /** From `makeCardSecret` or `deriveCardSecret`; only its hash is kept. */
  secret: string;
  /** The merchant's first program when not given. */
  programId?: string | undefined;
  customerName?: string | undefined;
  /** The member of staff the card is for, so that they cannot treat themselves. */
  staffId?: string | undefined;
}

export type CardIssueRefusal =
  { refused: 'location-unknown' } | { refused: 'program-unknown' } | { refused: 'staff-unknown' };

/** Gives a new customer a stamp card, for a till, which may ask twice. The answer that is kept does not hold the secret. */
export const issueCardAtTill =
  (db: Database, clock: Clock) =>
  (
    { merchantId, place }: TillActor,
    { attempt, ...request }: Omit<CardRequest, 'merchantId' | 'locationId'> & { attempt: Attempt },
  ) => {
    const now = clock.now();
    const { locationId } = place;
    return db.transact((tx) =>
      answerOnce(tx, { merchantId, attempt, now }, () =>
        issueCardIn(tx, { ...request, merchantId, locationId }, now),
      ),
    );
  };

/** Gives a new customer a stamp card, inside a transaction that may do more. */
export async function issueCardIn(
  tx: Queries,
  request: CardRequest,
  now: Date,
): Promise<{ card: CardView } | CardIssueRefusal> {
  const { merchantId, locationId, secret } = request;
  const [location] = await findLocationClock(tx, { merchantId, locationId });
  if (!location) return { refused: 'location-unknown' };
  const programs = await listOpenPrograms(tx, { merchantId });
  const program = request.programId
    ? programs.find(({ programId }) => programId === request.programId)
    : programs[0];
  if (!program) return { refused: 'program-unknown' };
  if (request.staffId) {
    const [person] = await findGiver(tx, { merchantId, staffId: request.staffId });
    if (!person) return { refused: 'staff-unknown' };
  }
  const { programId, currentVersion: version } = program;
  const [programVersion] = await findProgramVersion(tx, { merchantId, programId, version });
  if (!programVersion) throw new Error(`Program ${programId} has no version ${version}`);

  const customerId = uuid();
  const cardId = uuid();
  await insertCustomer(
    tx,
    newCustomer({
      merchantId,
      customerId,
      name: request.customerName ?? null,
      staffId: request.staffId ?? null,
      createdAt: now,
    }),
  );
  const row = newCard({
    merchantId,
    cardId,
    customerId,
    programId,
    programVersion: version,
    locationId,
    secretHash: hashOf(secret),
    codeHash: hashOf(computeCardCode(secret)),
    shortCode: await findFreeShortCode(tx, merchantId),
    createdAt: now,
  });
  await insertCard(tx, row);
  const [card] = await findCardById(tx, { merchantId, cardId });
  return {
    card: presentCard({ card: card!, balance: 0, heldStamps: 0, version: programVersion, openRewards: [] }),
  };
}

/** Two of a million cards share a random short code about once in two: then the second gets another. */
async function findFreeShortCode(tx: Queries, merchantId: string): Promise<string> {
  for (;;) {
    const shortCode = makeShortCode();
    const taken = await findCardByShortCode(tx, { merchantId, shortCode });
    if (taken.length === 0) return shortCode;
  }
}
