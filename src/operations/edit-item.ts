import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { findItem, findMenuItem, insertItem, updateItem } from '../../db/queries/item-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Answered, Attempt, RepeatRefusal } from './answer-once.ts';
import { appendAudit } from './append-audit.ts';
import { isSameJson } from './canonical-json.ts';
import { presentItem } from './list-items.ts';
import type { ItemView } from './list-items.ts';

type ItemUnknown = { refused: 'item-unknown' };
export type NewItem = Omit<ItemView, 'itemId'>;

/** Puts an item on the menu. */
export const addItem =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    { attempt, ...item }: NewItem & { attempt: Attempt },
  ): Promise<Answered<ItemView> | RepeatRefusal> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const row = { merchantId, itemId: uuid(), ...item, createdAt: now, endedAt: null };
    return db.transact((tx) =>
      answerOnce(tx, { merchantId, attempt, now }, async () => {
        await insertItem(tx, row);
        await appendAudit(tx, {
          merchantId,
          at: now,
          staffId,
          action: 'item.added',
          subjectId: row.itemId,
          details: item,
        });
        return presentItem(row);
      }),
    );
  };

/** Edits an item. Sales and gestures keep the price and cost they were made with. */
export const editItem =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    { itemId, change }: { itemId: string; change: Partial<NewItem> },
  ): Promise<ItemView | ItemUnknown> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const [item] = await findMenuItem(tx, { merchantId, itemId });
      if (!item) return { refused: 'item-unknown' };
      const edited = {
        name: change.name ?? item.name,
        priceMinor: change.priceMinor ?? item.priceMinor,
        costMinor: change.costMinor ?? item.costMinor,
        qualifies: change.qualifies ?? item.qualifies,
        mayBeGiven: change.mayBeGiven ?? item.mayBeGiven,
      };
      if (isSameJson({ ...item, ...edited }, item)) return presentItem(item);
      await updateItem(tx, { merchantId, itemId, change: edited });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'item.edited',
        subjectId: itemId,
        details: { from: presentItem(item), to: edited },
      });
      return presentItem({ ...item, ...edited });
    });
  };

/** Takes an item off the menu. */
export const endItem =
  (db: Database, clock: Clock) =>
  (actor: Actor, { itemId }: { itemId: string }): Promise<ItemUnknown | undefined> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const [item] = await findMenuItem(tx, { merchantId, itemId });
      if (!item) return { refused: 'item-unknown' };
      await updateItem(tx, { merchantId, itemId, change: { endedAt: now } });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'item.ended',
        subjectId: itemId,
        details: { name: item.name },
      });
      return undefined;
    });
  };

/** Puts an item back on the menu that was taken off it: the way back from a slip. What is on it stays on it. */
export const restoreItem =
  (db: Database, clock: Clock) =>
  (actor: Actor, { itemId }: { itemId: string }): Promise<ItemView | ItemUnknown> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const item = await findItem(tx, { merchantId, itemId });
      if (!item) return { refused: 'item-unknown' };
      if (!item.endedAt) return presentItem(item);
      await updateItem(tx, { merchantId, itemId, change: { endedAt: null } });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'item.restored',
        subjectId: itemId,
        details: { name: item.name },
      });
      return presentItem(item);
    });
  };
