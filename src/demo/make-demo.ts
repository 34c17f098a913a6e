import type { Database } from '../../db/database.ts';
import type { Clock } from '../clock.ts';
import { deriveCardSecret } from '../operations/card-codes.ts';
import { createPasswords } from '../operations/passwords.ts';
import { createSealer } from '../operations/seal.ts';
import type { Sealer } from '../operations/seal.ts';
import { storeReport } from '../operations/store-evidence.ts';
import type { Secrets } from '../secrets.ts';
import type { Books } from './books.ts';
import { foundShop } from './found-shop.ts';
import type { FoundedShop } from './found-shop.ts';
import { liveAYear } from './live-a-year.ts';
import { LuckySeason } from './lucky-season.ts';
import { PASSWORD, STAFF } from './shop-plan.ts';
import { writeShop } from './write-shop.ts';

const DAY_MS = 86_400_000;
/** By then the first draws have matured, and some more. */
const FIRST_TOLD_MS = 50 * DAY_MS;
const TOLD_EVERY_MS = 12 * DAY_MS;

/** A made-up shop with a year behind it, in memory. */
interface Demo {
  shop: FoundedShop;
  books: Books;
  season: LuckySeason;
  sealer: Sealer;
}

/** Makes up a shop and its year up to `now`. The same seed makes the same year, on the same day. */
export async function makeUpYear({
  seed,
  sales,
  now,
  secrets,
}: {
  seed: number;
  /** About so many. */
  sales: number;
  now: Date;
  secrets: Secrets;
}): Promise<Demo> {
  const passwords = createPasswords(secrets.pepper);
  const hashes = {
    password: await passwords.hash(PASSWORD),
    pins: await Promise.all(STAFF.map(({ pin }) => passwords.hash(pin))),
  };
  const shop = foundShop({ seed, now, hashes, secretOf: (card) => demoCardSecret(secrets, card) });
  const sealer = createSealer(secrets.sealKey);
  const season = new LuckySeason(shop, { seed, sealer });
  const books = liveAYear(shop, { seed, sales, now, season });
  return { shop, books, season, sealer };
}

/** Writes it into an empty database, with what the evidence said meanwhile. */
export async function writeDemo(db: Database, clock: Clock, demo: Demo): Promise<void> {
  await writeShop(db)(demo.shop, demo.books, demo.season);
  await tellSeason(db, clock, demo);
}

/** What the evidence said on some days of the season, as a server that was there would have stored it. */
async function tellSeason(
  db: Database,
  clock: Clock,
  { season: { row }, sealer }: Pick<Demo, 'season' | 'sealer'>,
): Promise<void> {
  const now = clock.now().getTime();
  const store = storeReport(db, clock, sealer);
  for (let ms = row.startedAt.getTime() + FIRST_TOLD_MS; ms < now; ms += TOLD_EVERY_MS) {
    const asOf = new Date(ms);
    await store(row, { day: asOf.toISOString().slice(0, 10), asOf });
  }
}

/** From the key in the data folder, so that `--keep` prints links that work. */
export function demoCardSecret(
  { cardKey }: Secrets,
  { merchantId, cardId }: { merchantId: string; cardId: string },
): string {
  return deriveCardSecret(cardKey, { merchantId, operationId: `demo ${cardId}` });
}
