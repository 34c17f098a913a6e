import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Database } from '../../db/database.ts';
import { createEraser, eraseOldTraces } from '../../src/operations/erase-traces.ts';
import { forgetCustomer } from '../../src/operations/forget-customer.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { useDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';

const database = useDatabase();

/** The database, and how often it was asked to erase what was forgotten. */
function watched(): { db: Database; count: () => number } {
  let count = 0;
  const eraseTraces = async (): Promise<void> => void count++;
  return {
    db: Object.create(database.db, { eraseTraces: { value: eraseTraces } }) as Database,
    count: () => count,
  };
}

test('many who are forgotten in an hour make tills wait once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { db, count } = watched();
  const eraser = createEraser(db, pino({ level: 'silent' }));
  eraser.soon();
  vi.advanceTimersByTime(1);
  expect(count()).toBe(1);
  for (let more = 0; more < 3; more++) eraser.soon();
  vi.advanceTimersByTime(3_600_000 - 2);
  expect(count()).toBe(1);
  vi.advanceTimersByTime(2);
  expect(count()).toBe(2);
  eraser.close();
});

test('what could not be erased is tried again every day, for a week', async () => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  const shop = await aShop(database.db);
  await aCard(database.db, shop, { customerName: 'Zoe' });
  const [customer] = await rowsOf(database.db, shop, 'customers');
  const { merchantId, staffId } = shop.owner;
  const { customerId } = customer!;
  await forgetCustomer(database.db, clock, () => undefined)({ merchantId, customerId, staffId });
  const { db, count } = watched();
  clock.advance({ days: 7, seconds: -1 });
  await eraseOldTraces(db, clock)();
  expect(count()).toBe(1);
  clock.advance({ seconds: 2 });
  await eraseOldTraces(db, clock)();
  expect(count()).toBe(1);
});
