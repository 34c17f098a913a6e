import { expect, test } from 'vitest';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { startTestServer } from '../support/server.ts';

forEachDatabase('an open card page', (database) => {
  test('hears of a stamp the moment it is recorded, and ends when the server stops', async () => {
    const { db } = database;
    const clock = { now: () => new Date('2026-03-02T09:00:00Z') };
    const shop = await aShop(db, { now: clock.now() });
    const customer = await aCustomer({ db, clock, shop });
    const server = await startTestServer({ db, clock });
    const { body } = await fetch(`${server.url}/c/${customer.secret}/events`);
    const messages = body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const hear = async (text: string) => {
      while (!heard.includes(text)) {
        const { value, done } = await messages.read();
        if (done) throw new Error(`The stream ended before it said ${text}`);
        heard += value;
      }
    };
    await hear('0 of 10 stamps');
    await customer.buyCoffee();
    await hear('1 of 10 stamps');
    await server.close();
    while (!(await messages.read()).done);
    expect(heard).toMatch(/^retry: \d+\n\nevent: beat\ndata: \d+\n\nid: \w+\ndata: \{/);
  });
});
