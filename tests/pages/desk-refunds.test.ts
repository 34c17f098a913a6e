import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Actor } from '../../src/operations/actor.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop, ShopOptions } from '../support/a-shop.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { findAxeViolations } from '../support/axe.ts';
import type { Page } from '../support/browser.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { look, loseOneAnswer, overflowOf, pressOn, showAs, SIZES, typeInto, useDeskWorld } from './a-desk.ts';

const DAY_MS = 86_400_000;
const SHOWN_AT_ONCE = 30;

const world = useDeskWorld({ mayComplainOf: /ERR_FAILED/ });

/** A shop of its own for each test, whose sales are made now. */
async function openShop(options: ShopOptions = {}) {
  const shop = await aShop(world.db, { now: new Date(Date.now() - DAY_MS), coolDownDays: 0, ...options });
  return { shop, till: aTill(world.db, systemClock, shop) };
}

async function open(path: string, as: Actor): Promise<Page> {
  const page = await world.aPage({ as });
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

async function customerPathOf(shop: Shop, cardId: string): Promise<string> {
  const card = (await rowsOf(world.db, shop, 'cards')).find((one) => one.cardId === cardId)!;
  return `/desk/customers/${card.customerId}`;
}

const refundButton = (page: Page) => page.getByRole('button', { name: /^Refund: / });
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Refund this sale' });

/** Light and dark, at every size; the page as it is shown now. */
async function findFaults(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[])
    for (const colorScheme of ['light', 'dark'] as const) {
      await showAs(page, size, colorScheme);
      await look(page, `${name}-${size}-${colorScheme}`);
      faults.push(...(await findAxeViolations(page)).map((fault) => `${size} ${colorScheme}: ${fault}`));
      if ((await overflowOf(page)) > 0) faults.push(`${size}: wider than the screen`);
    }
  await showAs(page, 'desktop', 'light');
  return faults;
}

describe('on the customer’s page', () => {
  test('a sale is refunded by the keys alone, a part and then the rest, and the sums and the history say so', async () => {
    const { shop, till } = await openShop();
    const zoe = await aCard(world.db, shop, { customerName: 'Zoë' });
    granted(await till.sell(zoe, 4));
    const page = await open(await customerPathOf(shop, zoe.cardId), shop.manager);
    const dialog = dialogOf(page);
    await pressOn(page, refundButton(page));
    await dialog.getByText('4 × Flat white').waitFor();
    const amount = dialog.getByLabel('Pay back (GBP)');
    await expect.poll(() => amount.inputValue()).toBe('14.00');
    await dialog.getByText('4 stamps go back from the card.').waitFor();
    await dialog.getByText('The card then has 0 of 10 stamps.').waitFor();
    await typeInto(page, amount, '15');
    await page.keyboard.press('Enter');
    await dialog.getByText('No more than £14.00 is left of this sale').waitFor();
    await typeInto(page, amount, '7.00');
    await dialog.getByText('2 stamps go back from the card.').waitFor();
    await dialog.getByText('What this customer spent falls by £7.00').waitFor();
    expect(await findFaults(page, 'refund-of-a-part')).toEqual([]);
    await pressOn(page, dialog.getByRole('button', { name: 'Refund £7.00' }));
    await page.getByText('£7.00 refunded, and 2 stamps taken back').waitFor();
    await page.getByText('£7.00 of it refunded').waitFor();
    await page.getByText('after £7.00 refunded').waitFor();
    await page.getByText('2 stamps of 10 for').waitFor();

    await pressOn(page, refundButton(page));
    await dialog.getByText(/^Refunded .* by Mo$/).waitFor();
    await expect.poll(() => amount.inputValue()).toBe('7.00');
    await pressOn(page, dialog.getByRole('button', { name: 'Refund £7.00' }));
    await page.getByText('£14.00 of it refunded').waitFor();
    await expect.poll(() => refundButton(page).count()).toBe(0);
    // The button is gone: the list it stood in has the focus.
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('history-list');
    expect((await rowsOf(world.db, shop, 'refunds')).map(({ amountMinor }) => amountMinor)).toEqual([
      700, 700,
    ]);
    expect(await till.fault()).toBeNull();
    await page.context().close();

    const audit = await open('/desk/audit', shop.owner);
    await expect.poll(() => audit.getByText('Mo refunded £7.00 of a sale at the desk').count()).toBe(2);
    await audit.getByLabel('About').selectOption('Refunds at the desk');
    await expect.poll(() => audit.getByRole('row').count()).toBe(3);
    await audit.context().close();
  }, 90_000);

  test('a reward that was drunk leaves the card short, and one spent on the sale comes back: said before', async () => {
    const { shop, till } = await openShop();
    const short = await aCard(world.db, shop, { stamps: 8 });
    granted(await till.sell(short, 3));
    granted(await till.redeem(short));
    const page = await open(await customerPathOf(shop, short.cardId), shop.owner);
    await refundButton(page).click();
    await dialogOf(page).getByText('so the card is left 2 stamps short').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Refund £10.50' }).click();
    await page.getByText('-2 stamps of 10 for').waitFor();

    const full = await aCard(world.db, shop, { stamps: 13, now: new Date(Date.now() - DAY_MS) });
    const { sale } = granted(await till.sell(full, 2));
    granted(await till.redeem(full, { saleId: sale.saleId }));
    await page.goto(world.server.url + (await customerPathOf(shop, full.cardId)));
    await refundButton(page).click();
    await dialogOf(page).getByLabel('Pay back').fill('1');
    await dialogOf(page).getByText('The reward used for it stays used: A coffee on the house.').waitFor();
    await dialogOf(page).getByLabel('Pay back').fill('3.50');
    await dialogOf(page).getByText('has the reward again that was used for it: A coffee').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Refund £3.50' }).click();
    await page.getByText('Given back: A coffee on the house').waitFor();
    await page.getByText('Ready to use').waitFor();
    // The refund made two entries; its money is told in one.
    expect(await page.getByText('£3.50 was refunded').count()).toBe(1);
    expect(await till.fault()).toBeNull();
    await page.context().close();
  }, 60_000);

  test('an amount that is typed as soon as there is a field for it stays', async () => {
    const { shop, till } = await openShop();
    const card = await aCard(world.db, shop);
    granted(await till.sell(card, 2));
    const page = await open(await customerPathOf(shop, card.cardId), shop.owner);
    await page.evaluate(() => {
      const watch = new MutationObserver(() => {
        const field = document.querySelector<HTMLInputElement>('dialog input');
        if (!field) return;
        watch.disconnect();
        field.value = '1';
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
      watch.observe(document.body, { childList: true, subtree: true });
    });
    await refundButton(page).click();
    await dialogOf(page).getByRole('button', { name: 'Refund £1.00' }).waitFor();
    await page.context().close();
  });

  test('a yen has no cents, and long words have room', async () => {
    const { shop, till } = await openShop({ currency: 'JPY', timeZone: 'Asia/Tokyo' });
    const card = await aCard(world.db, shop);
    granted(await till.sell(card, 2));
    const path = await customerPathOf(shop, card.cardId);
    const page = await open(path, shop.owner);
    await refundButton(page).click();
    await dialogOf(page)
      .getByText(/bought by Card [0-9A-Z]{4}-[0-9A-Z]{4}$/)
      .waitFor();
    await expect.poll(() => dialogOf(page).getByLabel('Pay back (JPY)').inputValue()).toBe('700');
    await dialogOf(page).getByLabel('Pay back').fill('1.50');
    await dialogOf(page).getByText('Say how much is paid back.').waitFor();
    await dialogOf(page).getByLabel('Pay back').fill('350');
    await dialogOf(page).getByRole('button', { name: 'Refund JP¥350' }).click();
    await page.getByText('JP¥350 refunded, and 1 stamp taken back').waitFor();
    for (const language of ['long', 'rtl'])
      for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
        await page.setViewportSize(SIZES[size]);
        await page.goto(`${world.server.url}${path}?language=${language}`);
        await page.locator('.refund-open').first().click();
        await page.locator('.refund-effects li').first().waitFor();
        await look(page, `refund-${language}-${size}`);
        const cut = await page.evaluate(() => {
          const inside = document.querySelector('.dialog-inside')!;
          return inside.scrollWidth - inside.clientWidth;
        });
        expect(cut, `${language}, ${size}`).toBeLessThanOrEqual(0);
        expect(await overflowOf(page), `${language}, ${size}`).toBeLessThanOrEqual(0);
      }
    await page.context().close();
  }, 60_000);
});

describe('on the page of sales', () => {
  test('a sale without a card is found by location and day, and refunded', async () => {
    const { shop, till } = await openShop();
    const page = await open('/desk/sales', shop.manager);
    await page.getByText('No sales yet today').waitFor();
    expect(await findFaults(page, 'no-sales')).toEqual([]);
    const elsewhere = { ...shop.ben, place: await anotherTill(world.db, shop, { isElsewhere: true }) };
    granted(await till.sell(null, 2, { by: elsewhere }));
    granted(await till.sell(null, 1, { itemId: shop.granola.itemId }));
    granted(await till.sell(await aCard(world.db, shop, { customerName: 'Zoë' })));
    await page.reload();
    await page.getByRole('link', { name: 'Zoë' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(3);
    expect(await findFaults(page, 'sales')).toEqual([]);
    await page.getByLabel('Location').selectOption('Station Road');
    await page.getByText('Ben').waitFor();
    expect(new URL(page.url()).searchParams.get('location')).toBe(elsewhere.place.locationId);
    await pressOn(page, refundButton(page));
    await dialogOf(page).getByText('It was on no card, so no stamps and no rewards change.').waitFor();
    // Enter pressed once too often refunds nothing.
    await page.keyboard.press('Enter');
    await dialogOf(page).waitFor({ state: 'hidden' });
    expect(await rowsOf(world.db, shop, 'refunds')).toEqual([]);
    await pressOn(page, refundButton(page));
    await pressOn(page, dialogOf(page).getByRole('button', { name: 'Refund £7.00' }));
    await page.getByText('£7.00 refunded').first().waitFor();
    await expect.poll(() => refundButton(page).count()).toBe(0);

    await pressOn(page, page.getByRole('button', { name: 'The day before' }));
    await page.getByText('No sales on this day').waitFor();
    await page.getByText('The latest sales at this location were on').waitFor();
    expect(await findFaults(page, 'no-sales-that-day')).toEqual([]);
    await pressOn(page, page.getByRole('button', { name: 'Show that day' }));
    const list = page.getByRole('region', { name: 'The sales of this day' });
    await list.getByText('£7.00 refunded').waitFor();
    expect(await list.evaluate((element) => element === document.activeElement)).toBe(true);
    await pressOn(page, page.getByRole('button', { name: 'The day before' }));
    await page.getByText('No sales on this day').waitFor();
    const chosen = await page.getByLabel('Business day').inputValue();
    expect(new URL(page.url()).searchParams.get('day')).toBe(chosen);
    await page.reload();
    await expect.poll(() => page.getByLabel('Business day').inputValue()).toBe(chosen);
    // What is no day is today.
    await page.goto(`${world.server.url}/desk/sales?day=2026-02-30`);
    await page.getByRole('link', { name: 'Zoë' }).waitFor();
    await page.goBack();
    await pressOn(page, page.getByRole('button', { name: 'The day after' }));
    await page.getByText('£7.00 refunded').waitFor();
    expect(new URL(page.url()).searchParams.get('day')).toBeNull();
    await page.context().close();
  }, 90_000);

  test('a long day comes page by page', async () => {
    const { shop, till } = await openShop();
    for (let sale = 0; sale < SHOWN_AT_ONCE + 2; sale++) granted(await till.sell(null));
    const page = await open('/desk/sales', shop.owner);
    await expect.poll(() => page.getByRole('row').count()).toBe(SHOWN_AT_ONCE + 1);
    // More of the day that is shown, also when another has begun meanwhile.
    const [asked] = await Promise.all([
      page.waitForRequest((one) => one.url().includes('cursor=')),
      page.getByRole('button', { name: 'Show more' }).click(),
    ]);
    const day = await page.getByLabel('Business day').inputValue();
    expect(new URL(asked.url()).searchParams.get('businessDay')).toBe(day);
    await expect.poll(() => page.getByRole('row').count()).toBe(SHOWN_AT_ONCE + 3);
    await expect.poll(() => page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    await page.context().close();
  }, 60_000);

  test('a sale from a file says where it comes from, and that a refund may come from there too', async () => {
    const { shop, till } = await openShop();
    granted(await till.sell(await aCard(world.db, shop)));
    const [sale] = await rowsOf(world.db, shop, 'sales');
    await world.db.transact((tx) =>
      tx.query((d, { sales }) =>
        d.insert(sales).values({ ...sale!, saleId: uuid(), source: 'vending', reference: '17' }),
      ),
    );
    const page = await open('/desk/sales', shop.owner);
    await page.getByText('from “vending”').waitFor();
    expect(await page.getByText(/^from “/).count()).toBe(1);
    await refundButton(page).first().click();
    await dialogOf(page).getByText('This sale came in a file, from “vending”').waitFor();
    await page.context().close();
  }, 60_000);

  test('pressed again because no answer came, a refund is made once', async () => {
    const { shop, till } = await openShop();
    granted(await till.sell(null, 2));
    const page = await open('/desk/sales', shop.owner);
    await refundButton(page).click();
    await dialogOf(page).getByLabel('Pay back').fill('2');
    await loseOneAnswer(page, '**/refunds');
    const press = dialogOf(page).getByRole('button', { name: 'Refund £2.00' });
    await press.click();
    await dialogOf(page).getByText('The server does not answer').waitFor();
    await press.click();
    await page.getByText('£2.00 refunded').first().waitFor();
    expect(await rowsOf(world.db, shop, 'refunds')).toHaveLength(1);
    await page.context().close();
  }, 60_000);

  test('asked for with another amount after a lost answer, it says that the first one arrived', async () => {
    const { shop, till } = await openShop();
    granted(await till.sell(null, 2));
    const page = await open('/desk/sales', shop.owner);
    await refundButton(page).click();
    await dialogOf(page).getByLabel('Pay back').fill('2');
    await loseOneAnswer(page, '**/refunds');
    await dialogOf(page).getByRole('button', { name: 'Refund £2.00' }).click();
    await dialogOf(page).getByText('The server does not answer').waitFor();
    await dialogOf(page).getByLabel('Pay back').fill('3');
    await dialogOf(page).getByRole('button', { name: 'Refund £3.00' }).click();
    await dialogOf(page).getByText('The refund you asked for first did arrive').waitFor();
    await dialogOf(page)
      .getByText(/^Refunded .* by Olive$/)
      .waitFor();
    await expect.poll(() => dialogOf(page).getByLabel('Pay back').inputValue()).toBe('5.00');
    expect(await rowsOf(world.db, shop, 'refunds')).toMatchObject([{ amountMinor: 200 }]);
    await dialogOf(page).getByRole('button', { name: 'Refund £5.00' }).click();
    await page.getByText('£7.00 refunded').waitFor();
    await page.context().close();
  }, 60_000);

  test('what somebody else refunded meanwhile is said, and what is left is shown', async () => {
    const { shop, till } = await openShop();
    const { sale } = granted(await till.sell(null, 2));
    const page = await open('/desk/sales', shop.owner);
    await refundButton(page).click();
    await dialogOf(page).getByLabel('Pay back').fill('6');
    granted(await till.refund(sale.saleId, { amountMinor: 300 }, shop.manager));
    await dialogOf(page).getByRole('button', { name: 'Refund £6.00' }).click();
    await dialogOf(page).getByText('Somebody refunded a part of it meanwhile').waitFor();
    await expect.poll(() => dialogOf(page).getByLabel('Pay back').inputValue()).toBe('4.00');
    granted(await till.refund(sale.saleId, { wholeSale: true }, shop.manager));
    await dialogOf(page).getByRole('button', { name: 'Refund £4.00' }).click();
    await dialogOf(page).getByText('There is nothing left of this sale to refund.').waitFor();
    expect(
      await dialogOf(page)
        .getByText(/^Refunded .* by Mo$/)
        .count(),
    ).toBe(2);
    expect(await findAxeViolations(page)).toEqual([]);
    await pressOn(page, dialogOf(page).getByRole('button', { name: 'Close' }).last());
    await page.getByText('£7.00 refunded').waitFor();
    expect(await rowsOf(world.db, shop, 'refunds')).toHaveLength(2);
    await page.context().close();
  }, 60_000);
});
