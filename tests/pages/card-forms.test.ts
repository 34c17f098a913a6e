import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';

/** What iPhones of before 2023 do not say, and no browser where the address is neither https nor this computer. */
const NOT_ALWAYS_SAID = /^sec-/;

const world = useWorld();

test('a phone that does not say which site a form comes from can take a card, and change what is on it, without https too', async () => {
  const { db, server, browser } = world;
  const shop = await aShop(db);
  const [location] = await rowsOf(db, shop, 'locations');
  const { secret } = await aCustomer({ db, clock: systemClock, shop }, 'Zoë');
  const page = await browser.newPage();
  for (const [path, button] of [
    [`/join/${location!.joinCode}`, 'Get my card'],
    [`/c/${secret}/me`, 'Save'],
  ] as const) {
    await page.goto(server.url + path);
    const sending = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: button }).click();
    const form = await sending;
    const headers = Object.entries(await form.allHeaders()).filter(
      ([name]) => !NOT_ALWAYS_SAID.test(name) && !name.startsWith(':'),
    );
    const answer = await fetch(form.url(), {
      method: 'POST',
      redirect: 'manual',
      headers: Object.fromEntries(headers),
      body: form.postData() ?? '',
    });
    expect([path, answer.status]).toEqual([path, 303]);
    // And nobody is told the address it comes from, which is a secret.
    expect((await form.allHeaders())['referer'] ?? '').not.toContain(path);
  }
});
