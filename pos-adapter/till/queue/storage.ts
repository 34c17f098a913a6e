import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { AnsweredIds, RefusedTap, Tap } from './tap.ts';

/** What a till keeps on the tablet. No customer's name is ever in here. */
export interface TillStorage extends DBSchema {
  /** Taps yet to be answered, in the order they were made. */
  taps: { key: number; value: Tap; indexes: { tapId: string } };
  /** The ids in the answers of taps, for those that still need them. */
  answered: { key: string; value: { tapId: string; ids: AnsweredIds; at: number } };
  refused: { key: string; value: RefusedTap };
  /** The shop, the lease, who may unlock: one value by each name. */
  kept: { key: string; value: unknown };
}

type Names = StoreNames<TillStorage>;

let opened: Promise<IDBPDatabase<TillStorage>> | undefined;

/** Opens the till's database on this tablet; throws where the browser has none. */
export function openStorage(): Promise<IDBPDatabase<TillStorage>> {
  if (opened) return opened;
  const opening = openDB<TillStorage>('doublestamp-till', 1, {
    upgrade(db) {
      db.createObjectStore('taps', { autoIncrement: true }).createIndex('tapId', 'tapId', { unique: true });
      db.createObjectStore('answered', { keyPath: 'tapId' });
      db.createObjectStore('refused', { keyPath: 'tapId' });
      db.createObjectStore('kept');
    },
    // An iPad cuts pages off from their databases when they come back from the background: opened anew, all is there.
    terminated: forget,
  });
  function forget(): void {
    if (opened === opening) opened = undefined;
  }
  opened = opening;
  opening.catch(forget); // what failed once may work the next time
  return opening;
}

/** Runs `work` in one transaction, and returns when it is on the disk: a browser's default may lose what it said it had. */
export async function change<Stores extends Names[], Result>(
  stores: Stores,
  work: (tx: IDBPTransaction<TillStorage, Stores, 'readwrite'>) => Promise<Result>,
): Promise<Result> {
  const db = await openStorage();
  const tx = db.transaction(stores, 'readwrite', { durability: 'strict' });
  const result = await work(tx);
  await tx.done;
  return result;
}

export async function readKept<Value>(name: string): Promise<Value | undefined> {
  return (await (await openStorage()).get('kept', name)) as Value | undefined;
}

export function writeKept(name: string, value: unknown): Promise<void> {
  return change(['kept'], async (tx) => {
    if (value === null) await tx.objectStore('kept').delete(name);
    else await tx.objectStore('kept').put(value, name);
  });
}
