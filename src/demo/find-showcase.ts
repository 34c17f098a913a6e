import type { Database } from '../../db/database.ts';
import {
  listCardsWithStamps,
  listCustomersGivenSince,
  listFullCards,
  listLastGestures,
} from '../../db/queries/demo-queries.ts';
import type { Clock } from '../clock.ts';
import { COOL_DOWN_DAYS, PROGRAM } from './shop-plan.ts';

/** Cards looked through for one that shows something. */
const CANDIDATES = 60;
const DAY_MS = 86_400_000;

interface ShownCard {
  cardId: string;
  name: string | null;
}

/** Cards worth a look; null where no customer has such a one just now. */
export interface Showcase {
  /** One stamp short, and not treated lately: a double stamp fills it. */
  nearlyFull: ShownCard | null;
  full: ShownCard | null;
  /** With a gesture on it, and by whom. */
  treated: (ShownCard & { giverName: string }) | null;
}

/** Three different customers' cards of a made-up shop, as they are now; those with a name first. */
export const findShowcase =
  (db: Database, clock: Clock) =>
  ({ merchantId }: { merchantId: string }): Promise<Showcase> => {
    const since = new Date(clock.now().getTime() - COOL_DOWN_DAYS * DAY_MS);
    return db.read(async (queries) => {
      const some = { merchantId, limit: CANDIDATES };
      const lately = await listCustomersGivenSince(queries, { merchantId, since });
      const given = new Set(lately.map(({ customerId }) => customerId));
      const stamps = PROGRAM.stampsRequired - 1;
      const nearlyFull = (await listCardsWithStamps(queries, { ...some, stamps })).filter(
        ({ customerId }) => !given.has(customerId),
      );
      const full = preferNamed(await listFullCards(queries, some));
      const treated = (await listLastGestures(queries, some)).filter(({ cardId }) => cardId !== full?.cardId);
      return { nearlyFull: preferNamed(nearlyFull), full, treated: preferNamed(treated) };
    });
  };

function preferNamed<Card extends ShownCard>(cards: readonly Card[]): Card | null {
  return cards.find(({ name }) => name !== null) ?? cards[0] ?? null;
}
