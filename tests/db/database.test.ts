import { asc, eq, sql } from 'drizzle-orm';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import type { CardChange, Queries } from '../../db/database.ts';
import { TransactionEnded } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { forEachDatabase } from '../support/databases.ts';
import { aCounter, addOneSlowly, findCounter, insertCounter, tapOnce, usedCountOf } from './rows.ts';
import type { Counter } from './rows.ts';

const ALLOWANCE = 3;

forEachDatabase('a database', (database) => {
  test('what fails half-way leaves nothing behind', async () => {
    const counter = aCounter();
    const failing = database.db.transact(async (tx) => {
      await insertCounter(tx, counter);
      throw new Error('the till lost power');
    });
    await expect(failing).rejects.toThrow('the till lost power');
    expect(await usedCountOf(database.db, counter.merchantId)).toBeUndefined();
  });

  test('a reader never sees what is not yet committed', async () => {
    const counter = aCounter();
    const seen = await database.db.transact(async (tx) => {
      await insertCounter(tx, counter);
      const inside = await findCounter(tx, counter);
      return { inside: inside.length, outside: await usedCountOf(database.db, counter.merchantId) };
    });
    expect(seen).toEqual({ inside: 1, outside: undefined });
    expect(await usedCountOf(database.db, counter.merchantId)).toBe(0);
  });

  test('a transaction or a reader kept after its end can no longer be used', async () => {
    const leaked: Queries[] = [];
    await database.db.transact(async (tx) => void leaked.push(tx));
    await database.db.read(async (queries) => void leaked.push(queries));
    await database.db
      .transact(async (tx) => (leaked.push(tx), Promise.reject(new Error('no'))))
      .catch(() => 0);
    expect(leaked).toHaveLength(3);
    for (const queries of leaked) {
      await expect(findCounter(queries, aCounter())).rejects.toThrow(TransactionEnded);
      await expect(queries.query((db, { staff }) => db.select().from(staff))).rejects.toThrow(
        TransactionEnded,
      );
      expect(() => queries.announce({ merchantId: 'm', cardId: 'c' })).toThrow(TransactionEnded);
    }
  });

  test('a reader cannot write', async () => {
    const counter = aCounter();
    await expect(database.db.read((queries) => insertCounter(queries, counter))).rejects.toThrow(
      /insert|readonly/,
    );
    expect(await usedCountOf(database.db, counter.merchantId)).toBeUndefined();
  });

  test('a thousand taps at once on an allowance of three give exactly three', async () => {
    const counter = aCounter();
    const taps = Array.from({ length: 1_000 }, () =>
      database.db.transact(async (tx) => (await tapOnce(tx, { ...counter, limit: ALLOWANCE })).length),
    );
    const granted = (await Promise.all(taps)).filter((rows) => rows === 1).length;
    expect(granted).toBe(ALLOWANCE);
    expect(await usedCountOf(database.db, counter.merchantId)).toBe(ALLOWANCE);
  });

  test('two hundred tills that read and then write lose no update', async () => {
    const counter = aCounter();
    await database.db.transact((tx) => insertCounter(tx, counter));
    const additions = Array.from({ length: 200 }, () =>
      database.db.transact((tx) => addOneSlowly(tx, counter.merchantId)),
    );
    await Promise.all(additions);
    expect(await usedCountOf(database.db, counter.merchantId)).toBe(200);
  });

  test('two that each look at what the other is about to write run one after the other', async () => {
    const pairs = Array.from({ length: 20 }, () => [aCounter(), aCounter()] as const);
    for (const pair of pairs)
      await database.db.transact(async (tx) => {
        for (const counter of pair) await insertCounter(tx, counter);
      });
    await Promise.all(
      pairs.flatMap(([one, other]) => [tapUnlessTapped(one, other), tapUnlessTapped(other, one)]),
    );
    for (const pair of pairs) {
      const counts = await Promise.all(pair.map(({ merchantId }) => usedCountOf(database.db, merchantId)));
      expect(counts).toEqual(expect.arrayContaining([0, 1]));
    }

    function tapUnlessTapped(own: Counter, other: Counter) {
      return database.db.transact(async (tx) => {
        const [seen] = await findCounter(tx, other);
        if (seen!.usedCount === 0) await addOneSlowly(tx, own.merchantId);
      });
    }
  });

  test('a second server on the same data loses no update either', async () => {
    const counter = aCounter();
    await database.db.transact((tx) => insertCounter(tx, counter));
    const others = await Promise.all([openDatabase(database.url), openDatabase(database.url)]);
    const all = [database.db, ...others];
    const additions = Array.from({ length: 150 }, (_, place) =>
      all[place % all.length]!.transact((tx) => addOneSlowly(tx, counter.merchantId)),
    );
    await Promise.all(additions);
    await Promise.all(others.map((other) => other.close()));
    expect(await usedCountOf(database.db, counter.merchantId)).toBe(150);
  });

  test('one that fails among many takes no other with it', async () => {
    const counters = Array.from({ length: 20 }, aCounter);
    const outcomes = await Promise.allSettled(
      counters.map((counter, place) =>
        database.db.transact(async (tx) => {
          await insertCounter(tx, counter);
          if (place % 5 === 2) throw new Error(`number ${place} fails`);
          // The primary key refuses a second row: an error of the database, not of ours.
          if (place % 5 === 3) await insertCounter(tx, counter);
        }),
      ),
    );
    const kept = await Promise.all(counters.map(({ merchantId }) => usedCountOf(database.db, merchantId)));
    for (const [place, outcome] of outcomes.entries()) {
      const fails = place % 5 === 2 || place % 5 === 3;
      expect(outcome.status, `number ${place}`).toBe(fails ? 'rejected' : 'fulfilled');
      expect(kept[place], `number ${place}`).toBe(fails ? undefined : 0);
    }
  });

  test('an error of the database that is caught inside still undoes everything: nothing half done is confirmed', async () => {
    const counter = aCounter();
    const swallowing = database.db.transact(async (tx) => {
      await insertCounter(tx, counter);
      await insertCounter(tx, counter).catch(() => 'never mind');
      return 'done';
    });
    await expect(swallowing).rejects.toThrow(/insert|UNIQUE/);
    expect(await usedCountOf(database.db, counter.merchantId)).toBeUndefined();
  });

  test('an error that nobody waited for is not confirmed either', async () => {
    const counter = aCounter();
    const forgetful = database.db.transact(async (tx) => {
      await insertCounter(tx, counter);
      insertCounter(tx, counter).catch(() => 'nobody looks');
    });
    await expect(forgetful).rejects.toThrow(/insert|UNIQUE/);
    expect(await usedCountOf(database.db, counter.merchantId)).toBeUndefined();
  });

  test('a row that is there already is refused at once, not after many tries', async () => {
    const counter = aCounter();
    await database.db.transact((tx) => insertCounter(tx, counter));
    let tries = 0;
    const again = database.db.transact((tx) => (tries++, insertCounter(tx, counter)));
    await expect(again).rejects.toThrow(/insert|UNIQUE/);
    expect(tries).toBeLessThanOrEqual(5);
  });

  test('subscribers hear of a change after its commit, never of one that was undone', async () => {
    const heard: (CardChange & { wasCommitted: boolean })[] = [];
    const counter = aCounter();
    const stop = database.db.subscribe((change) => {
      if (change === 'any' || change.merchantId !== counter.merchantId) return;
      heard.push({ ...change, wasCommitted: isCommitted });
    });
    let isCommitted = false;
    const undone = database.db.transact(async (tx) => {
      tx.announce({ merchantId: counter.merchantId, cardId: 'undone' });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await database.db.transact(async (tx) => {
      tx.announce({ merchantId: counter.merchantId, cardId: 'kept' });
      await insertCounter(tx, counter);
      await sleep(20);
      isCommitted = true; // the commit follows; whoever hears before this line heard too early
    });
    await until(() => heard.length > 0);
    stop();
    await database.db.transact(async (tx) =>
      tx.announce({ merchantId: counter.merchantId, cardId: 'unheard' }),
    );
    await sleep(50);
    expect(heard).toEqual([{ merchantId: counter.merchantId, cardId: 'kept', wasCommitted: true }]);
  });

  test('a subscriber that fails stops neither the others nor the tills', async () => {
    const merchantId = uuid();
    const heard: string[] = [];
    const stopFailing = database.db.subscribe((change) => {
      if (change !== 'any' && change.merchantId === merchantId) throw new Error('this listener is broken');
    });
    const stop = database.db.subscribe((change) => {
      if (change !== 'any' && change.merchantId === merchantId) heard.push(change.cardId);
    });
    await database.db.transact(async (tx) => tx.announce({ merchantId, cardId: 'first' }));
    await until(() => heard.length === 1);
    await database.db.transact(async (tx) => tx.announce({ merchantId, cardId: 'second' }));
    await until(() => heard.length === 2);
    stopFailing();
    stop();
    expect(heard).toEqual(['first', 'second']);
  });

  test('what is written comes back the same', async () => {
    const at = new Date('2026-03-29T00:59:59.123Z');
    const merchant = {
      merchantId: uuid(),
      name: 'Zoë’s Café ☕ – "the kind" one; \\ \' % 日本語 👩🏽‍🍳',
      currency: 'GBP',
      weekStartsOn: 0,
      visitMinutes: 30,
      coolDownDays: 7,
      isMadeUp: true,
      createdAt: at,
    };
    const program = {
      merchantId: merchant.merchantId,
      programId: uuid(),
      name: '',
      currentVersion: 1,
      createdAt: at,
      endedAt: null,
    };
    const version = {
      merchantId: merchant.merchantId,
      programId: program.programId,
      version: 1,
      stampsRequired: 2_147_483_647,
      rewardName: 'tab\tnew\nline',
      accrual: { per: 'amount' as const, amountMinor: 350 },
      expiryDays: null,
      colour: '#7a4a2b',
      createdAt: new Date(0),
    };
    await database.db.transact(async (tx) => {
      await tx.query((db, { merchants }) => db.insert(merchants).values(merchant));
      await tx.query((db, { programs }) => db.insert(programs).values(program));
      await tx.query((db, { programVersions }) => db.insert(programVersions).values(version));
    });
    const { merchantId } = merchant;
    const read = await database.db.read(async (queries) => ({
      merchants: await queries.query((db, { merchants }) =>
        db.select().from(merchants).where(eq(merchants.merchantId, merchantId)),
      ),
      programs: await queries.query((db, { programs }) =>
        db.select().from(programs).where(eq(programs.merchantId, merchantId)),
      ),
      versions: await queries.query((db, { programVersions }) =>
        db.select().from(programVersions).where(eq(programVersions.merchantId, merchantId)),
      ),
    }));
    expect(read).toMatchObject({
      merchants: [merchant],
      programs: [program],
      versions: [version],
    });
    expect(read.merchants[0]!.createdAt).toBeInstanceOf(Date);
  });

  test('what takes long comes in columns of numbers, and sees what was committed before it', async () => {
    const counters = Array.from({ length: 300 }, (_, place) => ({ ...aCounter(), usedCount: place }));
    const { merchantId } = counters[0]!;
    await database.db.transact(async (tx) => {
      for (const [place, counter] of counters.entries())
        await insertCounter(tx, { ...counter, merchantId, subjectId: `person ${place}` });
    });
    const read = database.db.readColumns(
      (db, { allowanceCounters }) =>
        db
          .select({
            usedCount: allowanceCounters.usedCount,
            nothing: sql<number | null>`null`,
            total: sql<number>`${allowanceCounters.usedCount} + ${sql.placeholder('more')}`,
          })
          .from(allowanceCounters)
          .where(eq(allowanceCounters.merchantId, sql.placeholder('merchantId')))
          .orderBy(asc(allowanceCounters.usedCount)),
      { merchantId, more: 1_000 },
    );
    expect(await read).toEqual([
      Float64Array.from(counters.keys()),
      new Float64Array(300),
      Float64Array.from(counters.keys(), (place) => place + 1_000),
    ]);
    const failing = database.db.readColumns(
      (db, { staff }) => db.select({ one: sql`no_such_column` }).from(staff),
      {},
    );
    await expect(failing).rejects.toThrow('no_such_column');
  });

  test('closing waits for everything that was asked before', async () => {
    const other = await openDatabase(database.url);
    const counters = Array.from({ length: 100 }, aCounter);
    const writes = counters.map((counter) => other.transact((tx) => insertCounter(tx, counter)));
    const reading = other.read(async (queries) => {
      await sleep(20);
      return findCounter(queries, aCounter());
    });
    const columns = other.readColumns(
      (db, { staff }) =>
        db
          .select({ one: sql`1` })
          .from(staff)
          .limit(0),
      {},
    );
    await other.close();
    await Promise.all(writes);
    expect(await reading).toEqual([]);
    expect(await columns).toEqual([new Float64Array()]);
    expect(await usedCountOf(database.db, counters.at(-1)!.merchantId)).toBe(0);
    await expect(other.transact(async () => 'late')).rejects.toThrow(/closed|not open/);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 5 }).toBe(true);
}
