import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { aCustomer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import type { Page } from '../support/browser.ts';
import { openDeskWorld } from './a-desk.ts';
import type { DeskWorld } from './a-desk.ts';

let world: DeskWorld;
let shop: Shop;
/** Sends the head of an answer and the beginning of its body, and is gone. */
let breaksOff: Server;

beforeAll(async () => {
  world = await openDeskWorld();
  shop = await aShop(world.db, { coolDownDays: 0, now: new Date(Date.now() - 86_400_000) });
  breaksOff = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write('{ "items": [', () => response.destroy());
  });
  await new Promise<void>((resolve) => breaksOff.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await world?.close();
  breaksOff?.close();
});

async function open(path: string): Promise<Page> {
  const page = await world.aPage({ as: shop.owner });
  await page.goto(world.server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

/** From now on, until `mend`, answers to these requests break off half-way. */
async function breakOff(page: Page, path: string | RegExp): Promise<void> {
  const { port } = breaksOff.address() as AddressInfo;
  await page.route(path, (route) => route.continue({ url: `http://127.0.0.1:${port}/` }));
}

test('an answer that breaks off half-way is said, and the page comes when it is asked for again', async () => {
  const page = await open('/desk');
  await breakOff(page, '**/api/v1/staff');
  await page.getByRole('navigation').getByRole('link', { name: 'People' }).click();
  const problem = page.getByRole('alert').filter({ hasText: 'The server does not answer' });
  await problem.waitFor();
  await page.unroute('**/api/v1/staff');
  await problem.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('row', { name: /^Ada/ }).waitFor();
  expect(await problem.count()).toBe(0);
  await page.context().close();
}, 60_000);

test('a form whose answer breaks off says so, and so does a file', async () => {
  const page = await open('/desk/people');
  await page.getByRole('button', { name: 'Add somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Bo');
  await dialog.getByLabel('PIN for the till').fill('2468');
  await breakOff(page, '**/api/v1/staff');
  await dialog.getByRole('button', { name: 'Add somebody' }).click();
  await dialog.getByText('The server does not answer').waitFor();

  await page.goto(`${world.server.url}/desk/gestures`);
  await breakOff(page, '**/reports/gestures.csv*');
  await page.getByRole('button', { name: 'CSV' }).click();
  await page.locator('.toast.bad').getByText('The server does not answer').waitFor();
  await page.context().close();
}, 60_000);

test('no page broke a rule of the browser', () => {
  expect(world.complaints.filter((one) => !/ERR_(FAILED|INCOMPLETE)/.test(one))).toEqual([]);
});
