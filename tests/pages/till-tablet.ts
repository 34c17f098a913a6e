import { eq } from 'drizzle-orm';
import { expect, onTestFinished } from 'vitest';
import { v7 as uuid } from 'uuid';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import { systemClock } from '../../src/clock.ts';
import { appendAudit } from '../../src/operations/append-audit.ts';
import { startEnrolment } from '../../src/operations/enrol-device.ts';
import { createSealer } from '../../src/operations/seal.ts';
import { makeSeasonKey } from '../../src/operations/season-key.ts';
import { aCard } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { ALWAYS, aSeason } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop, ShopOptions } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import type { BrowserContext, Page } from '../support/browser.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { testSecrets } from '../support/server.ts';
import { rowsOf } from '../support/shop-settings.ts';
import type { World } from './a-world.ts';

const DAY_MS = 86_400_000;
export const PINS = { ada: '4711', ben: '2580', manager: '8642' };

/** Every server of the tests has the same pepper, so each PIN is hashed once. */
let hashes: Promise<string[]> | undefined;

/** Where it is noon or soon: no business day, and no lease with it, ends while a test runs. */
function zoneAtNoon(now: Date): string {
  const hoursAhead = 12 - now.getUTCHours();
  return `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`; // the sign says how far behind
}

/** A shop whose people have PINs, with more on its menu. */
export async function aStaffedShop(
  { db, server }: Pick<World, 'db' | 'server'>,
  options: ShopOptions = {},
): Promise<Shop> {
  const now = systemClock.now();
  const shop = await aShop(db, { now, timeZone: zoneAtNoon(now), ...options });
  hashes ??= Promise.all(Object.values(PINS).map((pin) => server.passwords.hash(pin)));
  const pinHashes = await hashes;
  const staffIds = [shop.ada, shop.ben, shop.manager].map(({ staffId }) => staffId);
  await db.transact(async (tx) => {
    for (const [index, staffId] of staffIds.entries())
      await tx.query((d, { staff }) =>
        d.update(staff).set({ pinHash: pinHashes[index]! }).where(eq(staff.staffId, staffId)),
      );
    const menu: [string, number, number, boolean][] = [
      ['Cappuccino', 340, 78, true],
      ['Espresso', 260, 45, true],
      ['Filter coffee', 290, 40, true],
      ['Iced latte', 410, 95, true],
      ['Hot chocolate', 380, 90, true],
      ['Pot of tea', 300, 35, true],
      ['Croissant', 280, 110, false],
      ['Cinnamon bun', 340, 120, false],
    ];
    for (const [name, priceMinor, costMinor, isCoffee] of menu)
      await tx.query((d, { items }) =>
        d.insert(items).values({
          merchantId: shop.merchantId,
          itemId: uuid(),
          name,
          priceMinor,
          costMinor,
          qualifies: isCoffee,
          mayBeGiven: name === 'Cappuccino' || name === 'Croissant',
          createdAt: now,
          endedAt: null,
        }),
      );
  });
  return shop;
}

/** A season in which every draw says yes. */
export async function aSureSeason(
  { db }: World,
  shop: Shop,
  kind: SeasonRow['kind'] = 'lucky',
): Promise<void> {
  const seasonId = uuid();
  const key = makeSeasonKey(createSealer(testSecrets.sealKey), { seasonId });
  await aSeason(db, shop, { seasonId, kind, ...key, chanceMillionths: ALWAYS });
}

/** A customer who was here a week ago, with one stamp: who was never here is not drawn for. */
export async function aRegular({ db }: World, shop: Shop, customerName: string): Promise<TestCard> {
  const card = await aCard(db, shop, { customerName });
  const weekAgo = new FixedClock(new Date(systemClock.now().getTime() - 7 * DAY_MS));
  granted(await aTill(db, weekAgo, shop).sell(card));
  return card;
}

/** An apology by the manager: something of the menu, for nothing. */
export async function sendVoucher(
  { db }: World,
  shop: Shop,
  card: TestCard,
  itemName: string,
): Promise<void> {
  const items = await rowsOf(db, shop, 'items');
  const { itemId } = items.find(({ name }) => name === itemName)!;
  const voucher = { kind: 'voucher', itemId, reason: 'our_mistake', by: shop.manager } as const;
  granted(await aTill(db, systemClock, shop).give(card, voucher));
}

/** Two weeks in which Ada served seven people, and gave eight times to five of them. */
export async function aKindFortnight({ db }: World, shop: Shop): Promise<void> {
  const clock = new FixedClock(new Date());
  const morning = morningOf(shop.ada.place.timeZone, clock.now());
  const till = aTill(db, clock, shop);
  const cards = [];
  for (let person = 0; person < 7; person++) cards.push(await aCard(db, shop));
  for (let day = 14; day > 0; day--) {
    clock.set(new Date(morning - (day + 1) * DAY_MS)); // yesterday's business day lasts until 04:00 today
    for (const [person, card] of cards.entries()) {
      clock.advance({ hours: 1 });
      if ((day + person) % 3 === 0) continue;
      const { sale } = granted(await till.sell(card));
      if (person < 5 && day % 7 === person) granted(await till.give(card, { saleId: sale.saleId }));
    }
  }
}

/** Eight o'clock or soon after, where the shop is: what follows within hours is of one business day. */
function morningOf(timeZone: string, now: Date): number {
  const hour = Number(now.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit' }));
  return now.getTime() - (hour - 8) * 3_600_000;
}

/** The owner's one-time code for a new till. */
export async function enrolmentCode({ db }: World, shop: Shop): Promise<string> {
  const { locationId } = shop;
  const made = await startEnrolment(db, systemClock)(shop.owner, { locationId, deviceName: 'Bar' });
  if ('refused' in made) throw new Error(made.refused);
  return made.code;
}

export interface Tablet {
  page: Page;
  context: BrowserContext;
  /** What a USB scanner does: types quicker than a hand and ends with Enter. */
  scan: (code: string) => Promise<void>;
  signIn: (name: string, pin: string) => Promise<void>;
}

export interface TabletOptions {
  width?: number;
  height?: number;
  /** Its clock can be put forward: `page.clock.fastForward('05:00')`. */
  hasMovableClock?: boolean;
  /** Errors of the page that belong to the test. */
  mayComplainOf?: RegExp;
}

/**
 * A tablet fresh from its box, with the till's page open at the enrolment. It is put away when the test ends, which fails
 * if the page had errors that nobody expected.
 */
export async function aNewTablet(
  { browser, server }: World,
  { width = 1180, height = 820, hasMovableClock = false, mayComplainOf }: TabletOptions = {},
  path = '/till/',
): Promise<Tablet> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'America/New_York', // a tablet that was never set to where it stands
    hasTouch: true,
    // It would answer before a test can get in between; the tests of starting without a network have it.
    serviceWorkers: 'block',
  });
  if (hasMovableClock) await context.addInitScript(keepTimesOfKeys);
  const page = await context.newPage();
  if (hasMovableClock) await page.clock.install();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // What the API refuses, and a network cut on purpose, the browser notes by itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(complaints.filter((one) => !mayComplainOf?.test(one))).toEqual([]);
  });
  await page.goto(`${server.url}${path}`);
  return {
    page,
    context,
    scan: (code) => typeAsScanner(page, code),
    signIn: (name, pin) => signIn(page, name, pin),
  };
}

/**
 * A clock that can be moved says of every event when it was looked at. Keys go on saying when they were pressed: on a
 * busy machine a scan would otherwise be too slow to be told from typing.
 */
function keepTimesOfKeys(): void {
  const timeStamp = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp')!;
  Object.defineProperty(KeyboardEvent.prototype, 'timeStamp', timeStamp);
}

/** Of the scanner: 500 letters a second. */
const SCANNER_GAP_S = 0.002;

/** Each key says when it was pressed, as a keyboard's do: on a busy machine they arrive slower than a hand's. */
export async function typeAsScanner(page: Page, code: string, end = '\r'): Promise<void> {
  const keyboard = await page.context().newCDPSession(page);
  const startedAt = Date.now() / 1_000;
  const press = (type: 'keyDown' | 'keyUp', letter: string, place: number) =>
    keyboard.send('Input.dispatchKeyEvent', {
      type,
      ...keyOf(letter),
      timestamp: startedAt + place * SCANNER_GAP_S,
    });
  await Promise.all(
    [...code, ...end].flatMap((letter, place) => [
      press('keyDown', letter, place),
      press('keyUp', letter, place),
    ]),
  );
  await keyboard.detach();
}

/** The key of a US keyboard that types a letter. */
function keyOf(letter: string) {
  if (letter === '\r') return { key: 'Enter', code: 'Enter', text: letter, windowsVirtualKeyCode: 13 };
  if (letter === '\t') return { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  if (letter === ' ') return { key: ' ', code: 'Space', text: letter, windowsVirtualKeyCode: 32 };
  const isShifted = /[A-Z:]/.test(letter);
  const code = letter === ':' ? 'Semicolon' : `${/\d/.test(letter) ? 'Digit' : 'Key'}${letter.toUpperCase()}`;
  return { key: letter, code, text: letter, modifiers: isShifted ? 8 : 0 };
}

/** A till that is enrolled and asks who is there. */
export async function aConnectedTill(world: World, shop: Shop, options?: TabletOptions): Promise<Tablet> {
  const code = await enrolmentCode(world, shop);
  const tablet = await aNewTablet(world, options, `/till/?enrol=${code}`);
  await tablet.page.getByRole('button', { name: 'Connect' }).click();
  return tablet;
}

/** A till that is enrolled, with Ada signed in and waiting for a card. */
export async function aTillAtWork(world: World, shop: Shop, options?: TabletOptions): Promise<Tablet> {
  const tablet = await aConnectedTill(world, shop, options);
  await tablet.signIn('Ada', PINS.ada);
  return tablet;
}

/** As that, with the card of a customer, Sam unless told otherwise. */
export async function aTillAndSam(
  world: World,
  {
    shop: shopOptions,
    tablet,
    ...card
  }: { shop?: ShopOptions; tablet?: TabletOptions } & Parameters<typeof aCard>[2] = {},
): Promise<Tablet & { shop: Shop; sam: TestCard }> {
  const shop = await aStaffedShop(world, shopOptions);
  const sam = await aCard(world.db, shop, { customerName: 'Sam', ...card });
  return { ...(await aTillAtWork(world, shop, tablet)), shop, sam };
}

export async function signIn(page: Page, name: string, pin: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await enterPin(page, name, pin);
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
}

/** Answers a till that asks somebody for their PIN. */
export async function enterPin(page: Page, name: string, pin: string): Promise<void> {
  await page.getByLabel(`PIN, ${name}`).fill(pin);
  await page.getByRole('button', { name: 'OK' }).click();
}

/** Taps a flat white, and nothing else, and rings it up. */
export async function sellOne(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
}

/** As that, to somebody without a card. */
export async function sellWithoutCard(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'No card' }).click();
  await sellOne(page);
}

/** Whether what the till took along is written down, and the session of whoever took it, which takes a moment to seal. */
export function hasTakenAlong(): Promise<boolean> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('doublestamp-till');
    opening.onsuccess = () => {
      const kept = opening.result.transaction('kept').objectStore('kept');
      const lease = kept.get('lease');
      const sealed = kept.getKey('sealed-session');
      sealed.onsuccess = () => {
        opening.result.close();
        const isHeld = (lease.result as { state: string } | undefined)?.state === 'held';
        resolve(isHeld && sealed.result !== undefined);
      };
    };
  });
}

/** Ends every session of the shop, as a revoked or expired one would be. */
export async function endSessions({ db }: World, { merchantId }: Shop): Promise<void> {
  await db.transact(async (tx) => {
    await tx.query((d, { sessions }) =>
      d.update(sessions).set({ endedAt: systemClock.now() }).where(eq(sessions.merchantId, merchantId)),
    );
    await appendAudit(tx, { ...noteFor(merchantId), action: 'sessions.ended' });
  });
}

/** As the owner ends tills at the desk. */
export async function endTills({ db }: World, { merchantId }: Shop): Promise<void> {
  await db.transact(async (tx) => {
    await tx.query((d, { devices }) =>
      d.update(devices).set({ endedAt: systemClock.now() }).where(eq(devices.merchantId, merchantId)),
    );
    await appendAudit(tx, { ...noteFor(merchantId), action: 'devices.ended' });
  });
}

/** Whoever ends something writes it down: who is remembered as signed in depends on it. */
function noteFor(merchantId: string) {
  return { merchantId, at: systemClock.now(), staffId: null, subjectId: null, details: {} };
}
