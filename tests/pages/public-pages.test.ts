// What anybody may look at: the sealed draw of a season, the reference of the API, and the pages that are sorry.
import { createHmac } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { makeSeasonKey } from '../../src/operations/season-key.ts';
import { scanCard } from '../../src/operations/scan-card.ts';
import { stopSeason } from '../../src/operations/stop-season.ts';
import { aCard } from '../support/a-card.ts';
import { aSeason, testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { findAxeViolations } from '../support/axe.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { look, overflowOf, showAs, SIZES, useDeskWorld } from './a-desk.ts';

const PEOPLE = 9;
const ROUTES_LOOKED_AT = 6;
const clock = new FixedClock('2026-03-02T09:00:00Z');

const world = useDeskWorld({ clock });
let shop: Shop;
let seasonId: string;

beforeAll(async () => {
  shop = await aShop(world.db);
  ({ seasonId } = await aSeason(world.db, shop, { chanceMillionths: 500_000 }));
  for (let person = 0; person < PEOPLE; person++) {
    const card = await aCard(world.db, shop, { customerName: 'Frieda' });
    granted(await aTill(world.db, clock, shop).sell(card));
    clock.advance({ days: 2 });
    await scanCard(world.db, clock, testSealer)(shop.ada, card);
  }
});

const file = () => fetch(`${world.server.url}/draws/${seasonId}/draws.csv`);

test('while a season is on everybody sees the fingerprint of its key, and neither the key nor a draw', async () => {
  const page = await world.aPage();
  await page.goto(`${world.server.url}/draws/${seasonId}`);
  await page.getByText('Sealed until the season ends').waitFor();
  expect(await page.locator('main').innerText()).toMatch(/Fingerprint of the key \(SHA-256\)\s+[0-9a-f]{64}/);
  expect(await page.getByRole('link', { name: 'Download every draw' }).count()).toBe(0);
  expect((await file()).status).toBe(404);
});

test('when it has ended anybody draws again with the key and the words of the page, and finds the same', async () => {
  await stopSeason(world.db, clock, testSealer)(shop.owner, { seasonId });
  const page = await world.aPage();
  await page.goto(`${world.server.url}/draws/${seasonId}`);
  await page.getByText(`${PEOPLE} draws were drawn again from the key`).waitFor();
  await page.getByText('Every one of them is as the key says.').waitFor();
  const [key] = /(?<=The key\s+)[0-9a-f]{64}/.exec(await page.locator('main').innerText())!;
  const link = page.getByRole('link', { name: 'Download every draw' });
  expect(await link.getAttribute('href')).toBe(`/draws/${seasonId}/draws.csv`);
  const text = await (await file()).text();
  const lines = parse(text, { columns: true }) as Record<string, string>[];
  expect(lines).toHaveLength(PEOPLE);
  for (const { location, customer, business_day, chance_millionths, u, is_drawn } of lines) {
    const digest = createHmac('sha256', Buffer.from(key!, 'hex'))
      .update(`v1|${location}|${customer}|${business_day}`)
      .digest('hex');
    expect(u).toBe(String(Number.parseInt(digest.slice(0, 13), 16)));
    expect(is_drawn).toBe(Number(u) / 2 ** 52 < Number(chance_millionths) / 1_000_000 ? '1' : '0');
  }
  expect(text).not.toContain('Frieda');
});

test('it begins and ends on the days it was in the shop, wherever the reader is', async () => {
  const far = await aShop(world.db, { timeZone: 'Pacific/Auckland' });
  const { seasonId: farSeasonId } = await aSeason(world.db, far, {
    startedAt: new Date('2026-03-01T20:00:00Z'), // nine in the morning of the 2nd
  });
  const page = await world.aPage();
  await page.goto(`${world.server.url}/draws/${farSeasonId}`);
  expect(await page.locator('main').innerText()).toMatch(/From\s+2 March 2026/);
});

test('a key that is not the one of the first day is said, not passed over', async () => {
  const [other, sealed] = ['a', 'b'].map(() => makeSeasonKey(testSealer, { seasonId }));
  const bent = await aSeason(world.db, shop, {
    kind: 'bonus',
    keyHash: other!.keyHash,
    sealedKey: sealed!.sealedKey,
    revealedKey: '00'.repeat(32),
    endedAt: clock.now(),
  });
  const page = await world.aPage();
  await page.goto(`${world.server.url}/draws/${bent.seasonId}`);
  expect(await page.locator('main').innerText()).toContain(
    'The key is not the one whose fingerprint was published',
  );
});

test('a season that ended after its key was lost says that nobody can check it', async () => {
  const lost = await aSeason(world.db, shop, {
    ...makeSeasonKey(testSealer, { seasonId: 'another' }), // opens for no season
    endedAt: null,
  });
  await stopSeason(world.db, clock, testSealer)(shop.owner, { seasonId: lost.seasonId });
  const page = await world.aPage();
  await page.goto(`${world.server.url}/draws/${lost.seasonId}`);
  expect(await page.locator('main').innerText()).toContain('Nobody can check these draws any more');
});

test('no page for everybody keeps anybody out, light or dark, at any size', async () => {
  const page = await world.aPage();
  const wrong: string[] = [];
  for (const path of [
    `/draws/${seasonId}`,
    '/draws/nobody’s',
    '/nowhere',
    '/c/nobody’s',
    '/find/x',
    '/api',
  ]) {
    await page.goto(world.server.url + path);
    // Or else each reader asks for one that is not there.
    if ((await page.locator('link[rel=icon]').count()) === 0) wrong.push(`${path}: no icon`);
    // The reference says much of many routes, each in the same form: a few of them are looked at.
    if (path === '/api') await page.evaluate(leaveFew, ROUTES_LOOKED_AT);
    for (const size of ['phone', 'desktop'] as const) {
      for (const colorScheme of ['dark', 'light'] as const) {
        await showAs(page, size, colorScheme);
        await look(page, `public${path.replaceAll(/\W+/g, '-')}-${size}-${colorScheme}`);
        const violations = await findAxeViolations(page);
        wrong.push(...violations.map((violation) => `${path} ${size}, ${colorScheme}: ${violation}`));
      }
      if ((await overflowOf(page)) > 0) wrong.push(`${path} ${size}: wider than the screen`);
    }
  }
  expect(wrong).toEqual([]);
}, 150_000);

/** Runs in the page. */
function leaveFew(count: number): void {
  for (const one of [...document.querySelectorAll('article, nav li')].slice(count)) one.remove();
}

test.each(['/till/', '/desk'])(
  'where the script of %s does not run, the page says what will do',
  async (path) => {
    const page = await world.aPage();
    const words = page.locator('.not-drawn', { hasText: 'has not opened' });
    await page.goto(world.server.url + path);
    await page.getByRole('textbox').first().waitFor();
    expect(await words.count()).toBe(0);

    await page.route('**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.reload();
    await words.waitFor({ state: 'attached' });
    expect(await words.isVisible()).toBe(false);
    await page.evaluate(() => document.getAnimations().forEach((one) => one.finish()));
    expect(await words.isVisible()).toBe(true);
    expect((await words.boundingBox())!.y).toBeLessThan(SIZES.desktop.height / 2);
    expect(await findAxeViolations(page)).toEqual([]);
  },
);
