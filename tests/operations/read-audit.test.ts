import { expect, it } from 'vitest';
import { appendAudit } from '../../src/operations/append-audit.ts';
import { readAudit } from '../../src/operations/read-audit.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('the audit log', (database) => {
  it('is looked through some rows at a time, with a turn for everybody else, and each page is the same', async () => {
    const { db } = database;
    const shop = await aShop(db);
    const { merchantId } = shop;
    const { staffId } = shop.owner;
    for (let minute = 0; minute < 40; minute++)
      await db.transact((tx) =>
        appendAudit(tx, {
          merchantId,
          at: new Date(Date.UTC(2026, 2, 2, 9, minute)),
          staffId,
          action: minute % 13 === 0 ? 'staff.ended' : 'session.started',
          subjectId: null,
          details: { minute },
        }),
      );
    const readAll = async (stepRows: number, asked: { action?: string; from?: Date }, limit: number) => {
      const read = readAudit(db, { stepRows });
      const pages: number[][] = [];
      let before: number | undefined;
      do {
        const { items, nextCursor } = await read(shop, { ...asked, before, limit });
        pages.push(items.map(({ sequence }) => sequence));
        before = nextCursor === null ? undefined : Number(nextCursor);
      } while (before !== undefined);
      return pages;
    };
    expect(await readAll(1_000, { action: 'staff' }, 3)).toEqual([[40, 27, 14], [1]]);
    for (const stepRows of [1, 7, 40]) {
      expect(await readAll(stepRows, { action: 'staff.ended' }, 3)).toEqual([[40, 27, 14], [1]]);
      expect(await readAll(stepRows, { action: 'staff', from: new Date('2026-03-02T09:20:00Z') }, 3)).toEqual(
        [[40, 27]],
      );
      expect(await readAll(stepRows, {}, 30)).toEqual(await readAll(1_000, {}, 30));
      expect(await readAll(stepRows, { action: 'item' }, 3)).toEqual([[]]);
    }
    // A page that takes all there is is the last one.
    expect(await readAll(1_000, {}, 40)).toHaveLength(1);
    // From as far as a number goes, a page begins with the newest.
    const far = { before: Number.MAX_SAFE_INTEGER, limit: 1 };
    expect((await readAudit(db)(shop, far)).items).toMatchObject([{ sequence: 40 }]);

    let [turns, isRead] = [0, false];
    const turn = () => {
      turns++;
      if (!isRead) setImmediate(turn);
    };
    setImmediate(turn);
    await readAudit(db, { stepRows: 2 })(shop, { action: 'item', limit: 50 });
    isRead = true;
    expect(turns).toBeGreaterThanOrEqual(20);
  });
});
