import { eq } from 'drizzle-orm';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { endLocation } from '../../src/operations/edit-location.ts';
import { formatMajorUnits } from '../../src/operations/major-units.ts';
import { aCard } from '../support/a-card.ts';
import { testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { overflowOf, SIZES, useDeskWorld } from './a-desk.ts';

const world = useDeskWorld();

test.each([
  ['RSD', '350', 35_000, 'RSD 350.00'],
  ['HUF', '890', 890, 'HUF 890'],
  ['IDR', '45.000', 45_000, 'IDR 45,000'],
  ['KWD', '1,250', 1_250, 'KWD 1.250'],
])(
  'a price of %s %s means the same in the browser as in the accountant’s file',
  async (currency, typed, minor, shown) => {
    const shop = await aShop(world.db, { currency });
    const page = await world.aPage({ as: shop.owner });
    await page.goto(`${world.server.url}/desk/menu`);
    await page.getByLabel('Price of Flat white').fill(typed);
    await page.keyboard.press('Enter');
    await page.locator('.toast').getByText('Flat white is saved').waitFor();
    const items = await rowsOf(world.db, shop, 'items');
    const { priceMinor } = items.find(({ name }) => name === 'Flat white')!;
    expect(priceMinor).toBe(minor);
    // The field is drawn anew a moment after the toast.
    const price = page.getByLabel('Price of Flat white');
    await expect.poll(() => price.inputValue()).toBe(formatMajorUnits(minor, currency));

    granted(await aTill(world.db, systemClock, shop).sell(await aCard(world.db, shop)));
    await page.goto(`${world.server.url}/desk/sales`);
    // Intl parts the code from the figures by a space that does not break.
    await page.getByRole('cell', { name: shown.replace(' ', '\u00a0') }).waitFor();
    await page.context().close();
  },
);

test('an example of an amount is one in the currency of the shop', async () => {
  const shop = await aShop(world.db, { currency: 'JPY' });
  const page = await world.aPage({ as: shop.owner });
  await page.goto(`${world.server.url}/desk/menu`);
  await page.getByLabel('Price of Flat white').fill('cheap');
  await page.keyboard.press('Enter');
  await page.getByText('An amount such as 350, please').waitFor();
  const items = await rowsOf(world.db, shop, 'items');
  expect(items.find(({ name }) => name === 'Flat white')!.priceMinor).toBe(350);
  await page.context().close();
});

test('a price in thousands is read whole on the menu, however narrow the screen', async () => {
  const shop = await aShop(world.db, { currency: 'NGN' });
  const page = await world.aPage({ as: shop.owner, size: 'phone' });
  await page.goto(`${world.server.url}/desk/menu`);
  const price = page.getByLabel('Price of Flat white');
  await price.fill('45000');
  await page.keyboard.press('Enter');
  await expect.poll(() => price.inputValue()).toBe('45000.00');
  // The last two are the narrowest and the widest screen on which the columns stand closer together.
  for (const width of [320, SIZES.phone.width, SIZES.tablet.width, 736, 959]) {
    await page.setViewportSize({ width, height: 800 });
    const cut = await price.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(cut, `at ${width}`).toBe(0);
    expect(await overflowOf(page), `at ${width}`).toBeLessThanOrEqual(0);
  }
  await page.context().close();
});

test('a customer’s first day is one of the reader’s calendar', async () => {
  const shop = await aShop(world.db);
  const { cardId } = await aCard(world.db, shop, {
    customerName: 'Moana',
    now: new Date('2026-03-10T21:00Z'),
  });
  const card = (await rowsOf(world.db, shop, 'cards')).find((one) => one.cardId === cardId)!;
  const page = await world.aPage({ as: shop.owner, timezoneId: 'Pacific/Auckland' });
  await page.goto(`${world.server.url}/desk/customers/${card.customerId}`);
  const since = page.getByText('Has a card since');
  await expect.poll(() => since.textContent()).toBe('Has a card since 11 Mar 2026');
  await page.context().close();
});

const LONG_NAME = 'São Paulo, Avenida Paulista com a Rua Augusta, em frente ao museu de arte';
const NAME_WITHOUT_SPACES = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe';

/** How wide what is written in an element is, and how far it reaches beyond its tile: negative when there is room. */
const roomOf = (element: Locator) =>
  element.evaluate((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const written = range.getBoundingClientRect();
    const tile = node.closest('.tile, .figures > div') ?? node;
    return { width: written.width, beyond: written.right - tile.getBoundingClientRect().right };
  });

test('long names of places and people, and sums of millions, leave room for what stands beside them', async () => {
  const shop = await aShop(world.db, { currency: 'VND', gesturesLimit: null, coolDownDays: 0 });
  const { merchantId } = shop;
  await world.db.transact(async (tx) => {
    await tx.query((d, t) =>
      d.update(t.locations).set({ name: LONG_NAME }).where(eq(t.locations.merchantId, merchantId)),
    );
    await tx.query((d, t) =>
      d
        .update(t.items)
        .set({ priceMinor: 12_450_000, costMinor: 100_000_000 })
        .where(eq(t.items.merchantId, merchantId)),
    );
    await tx.query((d, t) =>
      d.update(t.staff).set({ name: NAME_WITHOUT_SPACES }).where(eq(t.staff.staffId, shop.owner.staffId)),
    );
  });
  const elsewhere = await anotherTill(world.db, shop, { isElsewhere: true });
  await world.db.transact((tx) =>
    tx.query((d, t) =>
      d
        .update(t.locations)
        .set({ name: NAME_WITHOUT_SPACES })
        .where(eq(t.locations.locationId, elsewhere.locationId)),
    ),
  );
  const card = await aCard(world.db, shop, { customerName: NAME_WITHOUT_SPACES });
  const till = aTill(world.db, systemClock, shop);
  granted(await till.sell(card, 30));
  granted(await till.give(card, { kind: 'free_item', itemId: shop.flatWhite.itemId }));
  granted(await till.give(card, { by: { ...shop.ada, place: elsewhere } }));
  const page = await world.aPage({ as: shop.owner });
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    await page.setViewportSize(SIZES[size]);
    const open = async (path: string) => {
      await page.goto(world.server.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
    };
    await open('/desk');
    const takings = page.locator('.tile-figure').filter({ hasText: '373,500,000' }).first();
    await takings.waitFor();
    expect((await roomOf(takings)).beyond, `takings, ${size}`).toBeLessThanOrEqual(0);

    expect(await overflowOf(page), `home, ${size}`).toBeLessThanOrEqual(0);
    const beyondSide = await page.locator('.side').evaluate((side) => side.scrollWidth - side.clientWidth);
    expect(beyondSide, `navigation, ${size}`).toBeLessThanOrEqual(0);

    await open('/desk/tills');
    await page.getByRole('cell', { name: NAME_WITHOUT_SPACES }).waitFor();
    expect(await overflowOf(page), `tills, ${size}`).toBeLessThanOrEqual(0);

    await open('/desk/sales');
    await page.getByRole('link', { name: NAME_WITHOUT_SPACES }).waitFor();
    expect(await overflowOf(page), `sales, ${size}`).toBeLessThanOrEqual(0);

    await open('/desk/customers');
    const name = page.getByRole('link', { name: NAME_WITHOUT_SPACES });
    await name.waitFor();
    expect(await overflowOf(page), `customers, ${size}`).toBeLessThanOrEqual(0);

    await name.click();
    const bought = page.getByText('Bought Flat white for').first();
    await bought.waitFor();
    expect((await roomOf(bought)).width, `history, ${size}`).toBeGreaterThan(80);
    expect(await overflowOf(page), `history, ${size}`).toBeLessThanOrEqual(0);

    await open('/desk/gestures');
    const cost = page.getByRole('cell', { name: '₫100,000,000' });
    await cost.waitFor();
    const { width } = await roomOf(cost);
    const cell = (await cost.boundingBox())!;
    expect(cell.width - width, `gestures, ${size}`).toBeGreaterThanOrEqual(-1);
    expect((await roomOf(page.locator('.figure').nth(1))).beyond, `gestures, ${size}`).toBeLessThanOrEqual(0);
  }
  await page.context().close();
}, 60_000);

test('whose only location was closed is told apart, and given another from the form', async () => {
  const shop = await aShop(world.db);
  const { locationId } = await anotherTill(world.db, shop, { isElsewhere: true });
  const { staffId } = shop.ada;
  await world.db.transact((tx) =>
    tx.query((d, t) => d.update(t.staff).set({ locationId }).where(eq(t.staff.staffId, staffId))),
  );
  await endLocation(world.db, systemClock, testSealer)(shop.owner, { locationId });
  const page = await world.aPage({ as: shop.owner });
  await page.goto(`${world.server.url}/desk/people`);
  const ada = page.getByRole('row').filter({ hasText: 'Ada' });
  await ada.getByText('A closed location').waitFor();

  await page.getByRole('button', { name: 'Give Ada a new PIN' }).click();
  await page.getByRole('dialog').getByLabel('PIN for the till').fill('4711');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await ada.getByText('PIN at the till').waitFor();

  await page.getByRole('button', { name: 'Edit Ada' }).click();
  await page.getByRole('dialog').getByLabel('Works at').selectOption('All locations');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => page.getByText('A closed location').count()).toBe(0);
  const people = await rowsOf(world.db, shop, 'staff');
  expect(people.find((one) => one.staffId === staffId)!.locationId).toBeNull();
  await page.context().close();
});

test.each([
  { name: 'The Kind Bean', reward: 'A coffee on the house', stamps: 12 },
  {
    name: 'The Kind Bean Coffee Company',
    reward: 'A coffee or a tea of your choice on the house',
    stamps: 10,
  },
  {
    name: 'The Kind Bean Coffee Company',
    reward: 'A coffee or a tea of your choice on the house',
    stamps: 12,
  },
  { name: NAME_WITHOUT_SPACES, reward: NAME_WITHOUT_SPACES, stamps: 10 },
  { name: '東京珈琲'.repeat(20), reward: '珈琲一杯'.repeat(20), stamps: 10 },
])('the code on the poster of $name is whole: $reward after $stamps', async ({ name, reward, stamps }) => {
  const shop = await aShop(world.db);
  const { merchantId } = shop;
  await world.db.transact(async (tx) => {
    await tx.query((d, t) =>
      d.update(t.merchants).set({ name }).where(eq(t.merchants.merchantId, merchantId)),
    );
    await tx.query((d, t) =>
      d
        .update(t.programVersions)
        .set({ rewardName: reward, stampsRequired: stamps })
        .where(eq(t.programVersions.merchantId, merchantId)),
    );
  });
  const [location] = await rowsOf(world.db, shop, 'locations');
  const page = await world.aPage({ size: 'tablet' });
  await page.goto(`${world.server.url}/join/${location!.joinCode}/poster?size=a5`);
  const beyond = await page.evaluate(() => {
    const paper = document.querySelector('.poster')!.getBoundingClientRect();
    const whole = ['.qr', '.poster-offer strong', '.poster-how'].map((part) => {
      const range = document.createRange();
      range.selectNodeContents(document.querySelector(part)!);
      const written = range.getBoundingClientRect();
      return Math.max(written.bottom - paper.bottom, written.right - paper.right);
    });
    return Math.max(...whole);
  });
  expect(beyond).toBeLessThanOrEqual(0);
  await page.context().close();
});
