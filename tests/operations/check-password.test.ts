import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Database } from '../../db/database.ts';
import { checkPassword } from '../../src/operations/check-password.ts';
import { MAX_GUESSES } from '../../src/operations/guess-limit.ts';
import { createPasswords } from '../../src/operations/passwords.ts';
import { aShop } from '../support/a-shop.ts';
import { useDatabase } from '../support/databases.ts';
import { rowsOf } from '../support/shop-settings.ts';

const database = useDatabase();

it('a guess that locks writes as often for an address that nobody has, so that its time does not tell', async () => {
  const shop = await aShop(database.db);
  const [someone] = await rowsOf(database.db, shop, 'staff');
  const passwords = createPasswords(randomBytes(32));
  const passwordHash = await passwords.hash('a cortado at noon');
  let written = 0;
  const db: Database = {
    ...database.db,
    transact: (work) => {
      written++;
      return database.db.transact(work);
    },
  };
  const check = checkPassword({ db, passwords, now: new Date() });
  const guess = async (person: Parameters<typeof check>[0], email: string) => {
    const before = written;
    await check(person, { email, password: 'wrong' });
    return written - before;
  };
  const known = { ...someone!, role: 'owner', email: 'olive@example.com', passwordHash } as const;
  for (let guesses = 1; guesses <= MAX_GUESSES; guesses++)
    expect([guesses, await guess(known, 'olive@example.com')]).toEqual([
      guesses,
      await guess(undefined, 'nobody@example.com'),
    ]);
});
