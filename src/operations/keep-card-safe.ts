import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { updateCustomer } from '../../db/queries/customer-queries.ts';
import { listOneTimeCodes } from '../../db/queries/one-time-code-queries.ts';
import type { Clock } from '../clock.ts';
import { drawOneTimeCode, keepOneTimeCode, ONE_TIME_CODE_MINUTES, takeOneTimeCode } from './one-time-code.ts';
import { openCard } from './open-card.ts';

/** A code that is to be sent, by whoever asked for it and once this is committed. */
export interface CodeToSend {
  customerId: string;
  email: string;
  code: string;
  shopName: string;
}

type CardUnknown = { refused: 'card-unknown' };

/**
 * Begins to keep a card safe: writes down an e-mail address as not yet proved, and returns the code to send to it. The
 * address proved before stays until the new one is.
 */
export const startKeepingSafe =
  (db: Database, clock: Clock, cardKey: Uint8Array) =>
  ({
    secret,
    email,
  }: {
    secret: string;
    email: string;
  }): Promise<CodeToSend | CardUnknown | { refused: 'too-many-requests'; retryAt: Date }> => {
    const now = clock.now();
    const code = drawOneTimeCode();
    const codeId = uuid();
    return db.transact(async (tx) => {
      const card = await openCard(tx, secret);
      if (!card) return { refused: 'card-unknown' };
      const { merchantId, cardId, customerId, shopName } = card;
      const pendingEmail = email.trim().toLowerCase();
      const refusal = await keepOneTimeCode(tx, {
        merchantId,
        customerId,
        purpose: 'keep_safe',
        codeId,
        code,
        email: pendingEmail,
        cardKey,
        now,
      });
      if (refusal) return refusal;
      await updateCustomer(tx, { merchantId, customerId, change: { pendingEmail } });
      tx.announce({ merchantId, cardId });
      return { customerId, email: pendingEmail, code, shopName };
    });
  };

/** Proves the address by the newest code that was sent to it. */
export const confirmKeepingSafe =
  (db: Database, clock: Clock, cardKey: Uint8Array) =>
  ({
    secret,
    code,
  }: {
    secret: string;
    code: string;
  }): Promise<{ email: string } | CardUnknown | { refused: 'one-time-code-wrong' }> => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const card = await openCard(tx, secret);
      if (!card) return { refused: 'card-unknown' };
      const { merchantId, cardId, customerId, pendingEmail: email } = card;
      const after = new Date(now.getTime() - ONE_TIME_CODE_MINUTES * 60_000);
      const [kept] = await listOneTimeCodes(tx, {
        merchantId,
        customerId,
        purpose: 'keep_safe',
        after,
        limit: 1,
      });
      if (!kept || !email || !(await takeOneTimeCode(tx, { kept, code, email, cardKey, now })))
        return { refused: 'one-time-code-wrong' };
      await updateCustomer(tx, { merchantId, customerId, change: { email, pendingEmail: null } });
      tx.announce({ merchantId, cardId });
      return { email };
    });
  };
