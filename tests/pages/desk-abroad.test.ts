import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { formatMajorUnits } from '../../src/operations/major-units.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { openDeskWorld } from './a-desk.ts';
import type { DeskWorld } from './a-desk.ts';

let world: DeskWorld;
beforeAll(async () => {
  world = await openDeskWorld();
});
afterAll(() => world?.close());

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
    expect(await page.getByLabel('Price of Flat white').inputValue()).toBe(formatMajorUnits(minor, currency));

    granted(await aTill(world.db, systemClock, shop).sell(await aCard(world.db, shop)));
    await page.goto(`${world.server.url}/desk/sales`);
    // Intl parts the code from the figures by a space that does not break.
    await page.getByRole('cell', { name: shown.replace(' ', '\u00a0') }).waitFor();
    await page.context().close();
  },
);
