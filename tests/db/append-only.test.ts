import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import { appendAudit, computeAuditHash } from '../../src/operations/append-audit.ts';
import { appendEntries } from '../../src/operations/append-entries.ts';
import { issueCardIn } from '../../src/operations/issue-card.ts';
import { verifyAuditChain } from '../../src/operations/verify-audit-chain.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';

const now = new Date('2026-03-02T09:00:00Z');

forEachDatabase('the append-only tables', (database) => {
  async function aWrittenShop() {
    const { db } = database;
    const shop = await aShop(db, { now });
    const { merchantId, locationId } = shop;
    const card = { merchantId, locationId, secret: `secret of ${merchantId}` };
    const issued = await db.transact((tx) => issueCardIn(tx, card, now));
    if ('refused' in issued) throw new Error(issued.refused);
    await db.transact(async (tx) => {
      for (const name of ['b', 'a'])
        await appendAudit(tx, {
          merchantId,
          at: now,
          staffId: null,
          action: 'test.done',
          subjectId: null,
          details: { name, nested: { z: 1, a: [1, null] } },
        });
      await appendEntries(tx, {
        merchantId,
        entries: [
          {
            cardId: issued.card.cardId,
            kind: 'adjusted',
            stamps: 1,
            saleId: null,
            gestureId: null,
            rewardId: null,
            refundId: null,
            staffId: null,
            deviceId: null,
            locationId,
            at: now,
            businessDay: '2026-03-02',
          },
        ],
      });
    });
    return shop;
  }

  /** The driver's own message; Drizzle shows the statement instead. */
  async function whyNot(work: Promise<unknown>): Promise<string> {
    const error: unknown = await work.then(
      () => new Error('it was done'),
      (thrown: unknown) => thrown,
    );
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }

  test('nobody can change or delete a stamp in the ledger, or a line of the audit log', async () => {
    await aWrittenShop();
    const { db } = database;
    const attempts = [
      db.transact((tx) => tx.query((d, { entries }) => d.update(entries).set({ stamps: 9 }))),
      db.transact((tx) => tx.query((d, { entries }) => d.delete(entries))),
      db.transact((tx) => tx.query((d, { auditLog }) => d.update(auditLog).set({ action: 'nothing' }))),
      db.transact((tx) => tx.query((d, { auditLog }) => d.delete(auditLog))),
    ];
    for (const attempt of attempts) expect(await whyNot(attempt)).toMatch(/append-only/);
  });

  test('an audit log that is as it was written proves intact', async () => {
    const { merchantId } = await aWrittenShop();
    expect(await verifyAuditChain(database.db)({ merchantId })).toEqual({
      rowCount: 2,
      brokenAt: null,
    });
  });

  test('a line of the audit log that was invented, and a last line that was cut off, are noticed', async () => {
    const { db } = database;
    const invented = await aWrittenShop();
    await db.transact((tx) =>
      tx.query((d, { chainHeads }) =>
        d.update(chainHeads).set({ sequence: 3 }).where(eq(chainHeads.merchantId, invented.merchantId)),
      ),
    );
    expect(await verifyAuditChain(db)({ merchantId: invented.merchantId })).toMatchObject({
      brokenAt: 3,
    });
    await db.transact((tx) =>
      tx.query((d, { auditLog }) =>
        d.insert(auditLog).values({
          merchantId: invented.merchantId,
          sequence: 3,
          at: now,
          staffId: null,
          action: 'test.invented',
          subjectId: null,
          details: {},
          hash: '0'.repeat(64),
        }),
      ),
    );
    expect(await verifyAuditChain(db)({ merchantId: invented.merchantId })).toMatchObject({
      brokenAt: 3,
    });
  });

  test('a line put at the end of the audit log, rightly linked but never counted, is noticed', async () => {
    const { db } = database;
    const { merchantId } = await aWrittenShop();
    const [head] = await db.read((queries) => findChainHead(queries, { merchantId, chain: 'audit' }));
    const row = {
      merchantId,
      sequence: 3,
      at: now,
      staffId: null,
      action: 'test.smuggled',
      subjectId: null,
      details: {},
    };
    const hash = computeAuditHash({ previousHash: head!.hash, row });
    await db.transact((tx) => tx.query((d, { auditLog }) => d.insert(auditLog).values({ ...row, hash })));
    expect(await verifyAuditChain(db)({ merchantId })).toMatchObject({ brokenAt: 3 });
  });
});
