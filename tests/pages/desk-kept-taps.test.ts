import { v7 as uuid } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { TapBody } from '../../src/operations/keep-tap.ts';
import { startSession } from '../../src/operations/start-session.ts';
import { aCustomer } from '../support/a-customer.ts';
import type { Customer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { findAxeViolations } from '../support/axe.ts';
import type { Page } from '../support/browser.ts';
import { blockCard, rowsOf } from '../support/shop-settings.ts';
import { look, overflowOf, pressOn, showAs, useDeskWorld } from './a-desk.ts';

const DAY_SECONDS = 86_400;
const world = useDeskWorld();
let shop: Shop;
let zoe: Customer;
let page: Page;

beforeAll(async () => {
  shop = await aShop(world.db, { coolDownDays: 0, now: new Date(Date.now() - 10 * DAY_SECONDS * 1_000) });
  zoe = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Zoë Brontë');
  page = await world.aPage({ as: shop.manager });
});

async function open(path: string): Promise<void> {
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** As the till does once it hears “no” to something that was tapped while it was offline. */
async function keep(operation: string, body: TapBody, { refusal = 'session-over', sessionId = uuid() } = {}) {
  const response = await fetch(`${world.server.url}/api/v1/kept-taps`, {
    method: 'POST',
    headers: { Authorization: await world.server.signInDevice(shop.ada), 'Content-Type': 'application/json' },
    body: JSON.stringify({
      tapId: uuid(),
      operation,
      body,
      refusal,
      sessionId,
      tappedAgoSeconds: 9 * DAY_SECONDS,
    }),
  });
  expect(response.status).toBe(201);
}

/** Of Ada, at the till, ten days ago. */
async function aSession(): Promise<string> {
  const sessionId = uuid();
  const { merchantId, staffId, place } = shop.ada;
  const signedInAt = new Date(Date.now() - 10 * DAY_SECONDS * 1_000);
  await world.db.transact((tx) =>
    startSession(tx, {
      merchantId,
      sessionId,
      staffId,
      deviceId: place.deviceId,
      signedInAt,
      expiresAt: signedInAt,
    }),
  );
  return sessionId;
}

test('when nothing is waiting, the page says so', async () => {
  await open('/desk/kept-taps');
  await page.getByText('Nothing is waiting').waitFor();
  expect(await findAxeViolations(page)).toEqual([]);
});

test('home leads to what was kept: who tapped what, where, when it arrived, and why not', async () => {
  const { itemId } = shop.flatWhite;
  const sessionId = await aSession();
  const { cardCode } = zoe;
  await keep('sale', { cardCode, lines: [{ itemId, quantity: 2 }] }, { sessionId, refusal: 'tap-too-old' });
  await keep(
    'gesture',
    { cardCode, kind: 'double_stamp', reason: 'long_wait' },
    { refusal: 'allowance-spent' },
  );
  await keep('sale', { lines: [{ itemId, quantity: 1 }] });
  await keep('sale', { cardCode: '7F3K9QPD', lines: [{ itemId: uuid(), quantity: 1 }] });
  await keep('undo_gesture', { gestureId: uuid() }, { refusal: 'of-a-later-version' });
  await open('/desk');
  await page.getByText('5 taps of an offline till could not be recorded').waitFor();
  await pressOn(page, page.getByRole('link', { name: 'Look at them' }));
  await page.getByRole('heading', { name: 'Kept taps', level: 1 }).waitFor();

  const first = page.getByRole('listitem').filter({ hasText: 'Sold 2 × Flat white' });
  await first.getByRole('link', { name: 'Zoë Brontë' }).waitFor();
  await first.getByText('Ada, at').waitFor();
  await first.getByText('Not recorded: This was tapped more than a week ago').waitFor();
  const days = await first
    .getByRole('time')
    .evaluateAll((times) => times.map((one) => one.getAttribute('datetime')!));
  expect(days.map((day) => Math.round((Date.now() - Date.parse(day)) / (DAY_SECONDS * 1_000)))).toEqual([
    9, 0,
  ]);
  const gift = page.getByRole('listitem').filter({ hasText: 'Gave an extra stamp · Long wait' });
  await gift.getByText('No gestures left').waitFor();
  await gift.getByText('Somebody, at').waitFor();
  expect(await gift.getByRole('button').allTextContents()).toEqual(['Seen']);
  const unknown = page.getByRole('listitem').filter({ hasText: 'Card 7F3K9QPD, which nobody has' });
  expect(await unknown.getByRole('button').allTextContents()).toEqual(['Record it without the card', 'Seen']);
  await page.getByText('Not recorded: the server said no (of-a-later-version)').waitFor();

  for (const size of ['phone', 'tablet', 'desktop'] as const) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await showAs(page, size, colorScheme);
      await look(page, `kept-taps-${size}-${colorScheme}`);
      expect(await findAxeViolations(page), `${size}, ${colorScheme}`).toEqual([]);
    }
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  }
}, 90_000);

test('a sale is put on the card at the moment it was tapped, by keyboard alone', async () => {
  await open('/desk/kept-taps');
  await pressOn(page, page.getByRole('button', { name: 'Put it on the card: Sold 2 × Flat white' }));
  await page.getByText('On the card, with 2 stamps').waitFor();
  await expect.poll(() => page.getByText('Sold 2 × Flat white').count()).toBe(0);
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('What tills could not record');
  const [sale] = await rowsOf(world.db, shop, 'sales');
  expect(sale).toMatchObject({ cardId: zoe.cardId, staffId: shop.ada.staffId });
  const agoDays = (Date.now() - sale!.occurredAt.getTime()) / (DAY_SECONDS * 1_000);
  expect(Math.round(agoDays)).toBe(9);
});

test('a sale on a card that nobody has, or that is blocked, is recorded without it', async () => {
  const { itemId } = shop.flatWhite;
  const blocked = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Sam');
  await keep('sale', { cardCode: 'Jonathan', lines: [{ itemId, quantity: 4 }] });
  await keep('sale', { cardCode: blocked.cardCode, lines: [{ itemId, quantity: 5 }] });
  await blockCard(world.db, shop, blocked.cardId);
  await open('/desk/kept-taps');
  for (const quantity of [4, 5]) {
    const sold = `Sold ${quantity} × Flat white`;
    await page.getByRole('button', { name: `Record it without the card: ${sold}` }).click();
    await expect.poll(() => page.getByText(sold).count()).toBe(0);
  }
  const sales = await rowsOf(world.db, shop, 'sales');
  expect(sales.slice(1).map(({ cardId, totalMinor }) => ({ cardId, totalMinor }))).toEqual([
    { cardId: null, totalMinor: 1_400 },
    { cardId: null, totalMinor: 1_750 },
  ]);
});

test('what still cannot be recorded says why, and stays', async () => {
  await zoe.buyCoffee();
  await keep('sale', { cardCode: zoe.cardCode, lines: [{ itemId: uuid(), quantity: 3 }] });
  await open('/desk/kept-taps');
  await page.getByRole('button', { name: 'Put it on the card: Sold 3 × something' }).click();
  await page.getByText('We do not know this item').waitFor();
  expect(await page.getByText('Sold 3 × something').count()).toBe(1);
});

test('the rest is seen, after a question, and nothing is left on home', async () => {
  await open('/desk/kept-taps');
  await page.getByRole('button', { name: 'Record the sale: Sold Flat white' }).click();
  await page.getByText('Recorded, at the moment it was tapped').waitFor();
  const seen = page.getByRole('button', { name: /^Seen: / });
  await expect.poll(() => seen.count()).toBe(4);
  const question = page.getByRole('dialog', { name: 'Leave it at that?' });
  await pressOn(page, seen.first());
  await question.getByText('is not recorded, now or later').waitFor();
  expect(await findAxeViolations(page)).toEqual([]);
  await pressOn(page, question.getByRole('button', { name: 'Cancel' }));
  for (let left = 4; left > 0; left--) {
    await pressOn(page, seen.first());
    await pressOn(page, question.getByRole('button', { name: 'Seen' }));
    await expect.poll(() => seen.count()).toBe(left - 1);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('What tills could not record');
  }
  await page.getByText('Nothing is waiting').waitFor();
  await open('/desk');
  await page.getByRole('region', { name: 'Today' }).waitFor();
  await expect.poll(() => page.getByText('could not be recorded').count()).toBe(0);
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(5);
}, 60_000);
