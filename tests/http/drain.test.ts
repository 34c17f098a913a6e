import { expect, test } from 'vitest';
import { makeCardSecret } from '../../src/operations/card-codes.ts';
import { issueCardIn } from '../../src/operations/issue-card.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { startTestServer } from '../support/server.ts';

forEachDatabase('stopping', (database) => {
  test('a phone that watches its card does not keep the server from stopping', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const { merchantId, locationId } = await aShop(db, { now: clock.now() });
    const secret = makeCardSecret();
    await db.transact((tx) => issueCardIn(tx, { merchantId, locationId, secret }, clock.now()));
    const server = await startTestServer({ db, clock });
    const watching = await fetch(`${server.url}/c/${secret}/events`);
    expect(watching.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await server.close();
    await watching.text(); // ended, not cut off: that would throw
  });
});
