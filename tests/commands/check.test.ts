import { eq } from 'drizzle-orm';
import { mkdtempSync, openSync, rmSync, statSync, writeSync, closeSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { checkCommand } from '../../src/commands/check.ts';
import { appendAudit } from '../../src/operations/append-audit.ts';
import { checkShop } from '../../src/operations/check-shop.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { tamper } from '../support/tamper.ts';
import { aCommandLine } from './a-command-line.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doublestamp-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a row of the audit log. */
function noteSomething(db: Database, { merchantId }: Shop): Promise<void> {
  const at = new Date('2026-03-07T09:00:00Z');
  const details = { a: 1 };
  return db.transact((tx) =>
    appendAudit(tx, {
      merchantId,
      at,
      staffId: null,
      action: 'something.happened',
      subjectId: null,
      details,
    }),
  );
}

forEachDatabase('checking a shop', (database) => {
  const afterADay = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0 });
    const till = aTill(db, clock, shop);
    const card = await aCard(db, shop, { stamps: 8 });
    granted(await till.sell(card, 3));
    granted(await till.give(card, { kind: 'free_item', itemId: shop.flatWhite.itemId }));
    const { gestureId } = granted(await till.give(card)).gesture;
    granted(await till.undo(gestureId));
    granted(await till.lease(shop.ada));
    const { leaseId } = granted(await till.lease(shop.ben));
    granted(await till.give(card, { by: shop.ben, leaseId }));
    granted(await till.redeem(card));
    clock.advance({ days: 5 });
    granted(await till.give(card));
    await noteSomething(db, shop);
    return { shop, till, card };
  };
  const check = async (shop: { merchantId: string }) =>
    (await checkShop(database.db)({ ...shop, weekStartsOn: 1 } as never)).fault;
  const change = (work: Parameters<typeof database.db.transact>[0]) => database.db.transact(work);

  it('finds nothing wrong after two days of gestures, undone ones and leases', async () => {
    const { shop } = await afterADay();
    const found = await checkShop(database.db)({ ...shop, weekStartsOn: 1 } as never);
    expect(found).toMatchObject({ cardCount: 1, auditCount: 2, fault: null });
    // Two givers and a location, two days of one week.
    const counters = await rowsOf(database.db, shop, 'allowanceCounters');
    expect(counters.length).toBeGreaterThan(6);
    expect(found.counterCount).toBe(counters.length);
  });

  const emptyCounters = ({ ada }: Shop) =>
    change((tx) =>
      tx.query((d, { allowanceCounters: counters }) =>
        d.update(counters).set({ usedCount: 0 }).where(eq(counters.subjectId, ada.staffId)),
      ),
    );

  it('says so when a counter does not say what was given', async () => {
    const { shop } = await afterADay();
    await emptyCounters(shop);
    expect(await check(shop)).toMatchObject({
      fault: 'counter-wrong',
      counter: { scope: 'staff', subjectId: shop.ada.staffId },
      counted: { usedCount: 0 },
    });
  });

  it('says so when a counter is gone, or counts what nobody gave', async () => {
    const { shop } = await afterADay();
    await change((tx) =>
      tx.query((d, { allowanceCounters: counters }) =>
        d.delete(counters).where(eq(counters.subjectId, shop.locationId)),
      ),
    );
    expect(await check(shop)).toMatchObject({
      fault: 'counter-wrong',
      counted: { usedCount: 0, leasedCount: 0, usedCostMinor: 0 },
    });
    const idle = await aShop(database.db);
    await change((tx) =>
      tx.query((d, { allowanceCounters: counters }) =>
        d.insert(counters).values({
          merchantId: idle.merchantId,
          scope: 'staff',
          subjectId: idle.ada.staffId,
          period: 'day',
          periodStart: '2026-03-02',
          usedCount: 1,
          leasedCount: 0,
          usedCostMinor: 0,
        }),
      ),
    );
    expect(await check(idle)).toMatchObject({ fault: 'counter-wrong', given: { usedCount: 0 } });
  });

  it('says so when a gesture is gone from its row', async () => {
    const { shop } = await afterADay();
    await change((tx) =>
      tx.query((d, { gestures }) =>
        d.update(gestures).set({ costMinor: 1 }).where(eq(gestures.merchantId, shop.merchantId)),
      ),
    );
    expect(await check(shop)).toMatchObject({ fault: 'counter-wrong' });
  });

  it('names the row of the audit log, and the entry of the ledger, that was changed', async () => {
    const { shop } = await afterADay();
    const of = `WHERE merchant_id = '${shop.merchantId}' AND sequence = 2`;
    await tamper(database, `UPDATE audit_log SET action = 'nothing.happened' ${of}`);
    expect(await check(shop)).toEqual({ fault: 'audit-changed', sequence: 2 });
    await tamper(database, `UPDATE entries SET stamps = stamps + 1 ${of}`);
    expect(await check(shop)).toEqual({ fault: 'entry-changed', sequence: 2 });
  });

  it('is one command, which names the shop', async () => {
    await emptyCounters((await afterADay()).shop);
    const cli = aCommandLine({ dataFolder: folder, databaseUrl: database.url });
    const { code, out, said } = await cli(checkCommand);
    expect(code).toBe(1);
    expect(out + said).toContain('The Kind Bean');
    expect(said).toMatch(/NOT RIGHT: .*allowance of .* says .*; the gestures say/);
  });
});

describe('the check command', () => {
  test('ends with 0 and says what it proved', async () => {
    const url = join(folder, 'doublestamp.db');
    const db = await openDatabase(url);
    const shop = await aShop(db);
    granted(await aTill(db, new FixedClock('2026-03-02T09:00:00Z'), shop).sell(await aCard(db, shop), 2));
    const { code, out, said } = await aCommandLine({ dataFolder: folder })(checkCommand);
    await db.close();
    expect({ code, said }).toEqual({ code: 0, said: '' });
    expect(out).toContain('The Kind Bean: everything is as it was written');
    expect(out).toMatch(/1 entry of the ledger/);
  });

  test('does not make a database where there is none', async () => {
    const { code, said } = await aCommandLine({ dataFolder: folder })(checkCommand);
    expect(code).toBe(1);
    expect(said).toContain('There is no database at');
    expect(existsSync(join(folder, 'doublestamp.db'))).toBe(false);
  });

  test('says in which part of the books a row cannot be read', async () => {
    const url = join(folder, 'doublestamp.db');
    const db = await openDatabase(url);
    await noteSomething(db, await aShop(db));
    await tamper({ db, url }, `UPDATE audit_log SET details = '{"half'`);
    const { code, said } = await aCommandLine({ dataFolder: folder })(checkCommand);
    await db.close();
    expect(code).toBe(1);
    expect(said).toContain('NOT RIGHT: The Kind Bean: a row of the audit log cannot be read');
  });

  test('says that a file is damaged instead of opening it', async () => {
    const url = join(folder, 'doublestamp.db');
    await (await openDatabase(url)).close();
    const file = openSync(url, 'r+');
    writeSync(file, Buffer.alloc(4_096, 7), 0, 4_096, statSync(url).size - 8_192);
    closeSync(file);
    const { code, said } = await aCommandLine({ dataFolder: folder })(checkCommand);
    expect(code).toBe(1);
    expect(said).toContain('NOT RIGHT: the file is damaged');
  });
});
