import lighthouse from 'lighthouse';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { aCustomer } from '../support/a-customer.ts';
import { launchBrowser } from '../support/browser.ts';
import type { Browser } from '../support/browser.ts';
import { useWorld } from './a-world.ts';
import { aStaffedShop } from './till-tablet.ts';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const LEAST = 0.95;

const world = useWorld();
let browser: Browser;
let port: number;
beforeAll(async () => {
  port = await freePort();
  browser = await launchBrowser([`--remote-debugging-port=${port}`]);
});
afterAll(() => browser?.close());

/**
 * Speed is Lighthouse's own estimate for a slow phone, worked out from what is loaded and not from how busy this
 * machine is. A card asks search engines to stay away, because its link is its secret; for that nothing is taken off.
 */
test('a card earns 95 points or more in each of Lighthouse’s categories', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Sam');
  await sam.buyCoffee(9);
  const run = await lighthouse(`${world.server.url}/c/${sam.secret}`, {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: CATEGORIES,
    skipAudits: ['is-crawlable'],
  });
  const { categories, audits } = run!.lhr;
  const failed = Object.values(audits).filter(({ score }) => score !== null && score < 1);
  const why = failed.map(({ id, score, displayValue }) => `${id} ${score} ${displayValue ?? ''}`).join('\n');
  for (const name of CATEGORIES)
    expect(categories[name]?.score, `${name}\n${why}`).toBeGreaterThanOrEqual(LEAST);
}, 120_000);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}
