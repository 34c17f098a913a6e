import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import { findJoinPlace } from '../../db/queries/card-page-queries.ts';
import { findCustomer, listCardsOfCustomers } from '../../db/queries/customer-queries.ts';
import { findOneTimeCode, listCustomersByEmail } from '../../db/queries/one-time-code-queries.ts';
import type { Clock } from '../clock.ts';
import { makeCardSecret } from './card-codes.ts';
import type { CodeToSend } from './keep-card-safe.ts';
import { drawOneTimeCode, keepOneTimeCode, takeOneTimeCode } from './one-time-code.ts';
import { renewLinkIn } from './renew-card-link.ts';

/** Cards that one address may bring back: of somebody who began anew before they remembered. */
const MAX_CARDS = 5;

export interface FoundCard {
  secret: string;
  stamps: number;
  stampsRequired: number;
  rewardName: string;
}

/**
 * "I lost my phone": returns the code to send to an address that keeps a card of this merchant safe, and a number that
 * the code is asked for by. There is a number, and an equal one, when nobody has the address: whoever asks learns nothing.
 */
export const startFinding =
  (db: Database, clock: Clock, cardKey: Uint8Array) =>
  ({
    joinCode,
    email,
  }: {
    joinCode: string;
    email: string;
  }): Promise<{ challenge: string; toSend: CodeToSend | null } | { refused: 'location-unknown' }> => {
    const now = clock.now();
    const code = drawOneTimeCode();
    const challenge = uuid();
    const address = email.trim().toLowerCase();
    return db.transact(async (tx) => {
      const [place] = await findJoinPlace(tx, { joinCode });
      if (!place) return { refused: 'location-unknown' };
      const { merchantId, shopName } = place;
      const [customer] = await listCustomersByEmail(tx, { merchantId, email: address, limit: 1 });
      if (!customer) return { challenge, toSend: null };
      const { customerId } = customer;
      const refusal = await keepOneTimeCode(tx, {
        merchantId,
        customerId,
        purpose: 'find_card',
        codeId: challenge,
        code,
        email: address,
        cardKey,
        now,
      });
      // Too many: said to nobody, because it would say that the address is known.
      return { challenge, toSend: refusal ? null : { customerId, email: address, code, shopName } };
    });
  };

/**
 * With the code, every card that the address keeps safe gets a new link; what opened it before opens nothing now. A
 * wrong code, an old one and one that was never sent are refused alike.
 */
export const finishFinding =
  (db: Database, clock: Clock, cardKey: Uint8Array) =>
  ({
    joinCode,
    challenge,
    code,
  }: {
    joinCode: string;
    challenge: string;
    code: string;
  }): Promise<
    | { merchantId: string; cards: FoundCard[] }
    | { refused: 'location-unknown' }
    | { refused: 'one-time-code-wrong' }
  > => {
    const now = clock.now();
    const secrets = Array.from({ length: MAX_CARDS }, makeCardSecret);
    return db.transact(async (tx) => {
      const [place] = await findJoinPlace(tx, { joinCode });
      if (!place) return { refused: 'location-unknown' };
      const { merchantId } = place;
      const kept = await findOneTimeCode(tx, { merchantId, codeId: challenge });
      if (kept?.purpose !== 'find_card') return { refused: 'one-time-code-wrong' };
      const email = (await findCustomer(tx, kept))?.email;
      if (!email || !(await takeOneTimeCode(tx, { kept, code, email, cardKey, now })))
        return { refused: 'one-time-code-wrong' };
      const cards = await listCardsToFind(tx, { merchantId, email });
      const found: FoundCard[] = [];
      for (const [place, card] of cards.entries()) {
        const { cardId, customerId } = card;
        const secret = secrets[place]!;
        await renewLinkIn(tx, { merchantId, cardId, customerId, secret, staffId: null, now });
        const { balance, heldStamps, stampsRequired, rewardName } = card;
        found.push({ secret, stamps: balance - heldStamps, stampsRequired, rewardName });
      }
      return { merchantId, cards: found };
    });
  };

async function listCardsToFind(tx: Queries, { merchantId, email }: { merchantId: string; email: string }) {
  const customers = await listCustomersByEmail(tx, { merchantId, email, limit: MAX_CARDS });
  const customerIds = customers.map(({ customerId }) => customerId);
  const cards = await listCardsOfCustomers(tx, { merchantId, customerIds });
  return cards.filter(({ joinedIntoId }) => joinedIntoId === null).slice(0, MAX_CARDS);
}
