import type { Database } from '../../db/database.ts';
import { listCustomersAtTill } from '../../db/queries/till-customer-queries.ts';
import type { CustomerAtTillRow, CustomerWish } from '../../db/queries/till-customer-queries.ts';
import type { Clock } from '../clock.ts';
import type { TillActor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { nameKeyOf, phoneEndingOf } from './contact-keys.ts';
import { takeSearch } from './search-limit.ts';

/** As many as fit on a till's screen; with more, one more letter is asked for. */
const MAX_SHOWN = 8;
const MIN_NAME_LETTERS = 2;
/** In Chinese and Japanese one sign is a whole name: 林. */
const WHOLE_NAME_SIGN = /\p{Script=Han}/u;

/** As much of a customer as tells them apart at a till. */
export interface CustomerAtTill {
  firstName: string | null;
  /** The last four figures of the phone number. */
  phoneEnd: string | null;
  lastVisitAt: Date | null;
  stamps: number;
  stampsRequired: number;
  /** Opens the card. */
  shortCode: string;
}

/** What somebody typed, as what it looks for: two letters of a name, or four figures; null when it is too little. */
export function readWish(typed: string): CustomerWish | null {
  const ending = phoneEndingOf(typed);
  if (ending) return ending;
  const nameKey = nameKeyOf(typed);
  const isEnough = [...nameKey].length >= MIN_NAME_LETTERS || WHOLE_NAME_SIGN.test(nameKey);
  return isEnough && /\p{L}/u.test(nameKey) ? { nameKey } : null;
}

/** Finds a customer who has no card with them. Counted, limited and noted in the audit log, without what was typed. */
export const findCustomers =
  (db: Database, clock: Clock) =>
  (
    { merchantId, staffId, place: { deviceId } }: TillActor,
    { wish }: { wish: CustomerWish },
  ): Promise<
    { items: CustomerAtTill[]; hasMore: boolean } | { refused: 'too-many-requests'; retryAt: Date }
  > => {
    const now = clock.now();
    return db.transact(async (tx) => {
      const refusal = await takeSearch(tx, { merchantId, staffId, deviceId, now });
      if (refusal) return refusal;
      const rows = await listCustomersAtTill(tx, { merchantId, wish, limit: MAX_SHOWN + 1 });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'customers.searched',
        subjectId: null,
        details: { deviceId, by: 'nameKey' in wish ? 'name' : 'phone', found: rows.length },
      });
      return { items: rows.slice(0, MAX_SHOWN).map(present), hasMore: rows.length > MAX_SHOWN };
    });
  };

function present(row: CustomerAtTillRow): CustomerAtTill {
  const { name, phoneEnd, shortCode, balance, heldStamps, stampsRequired, lastVisitAt } = row;
  const firstName = name?.trim().split(/\s+/)[0] ?? null;
  return { firstName, phoneEnd, lastVisitAt, stamps: balance - heldStamps, stampsRequired, shortCode };
}
