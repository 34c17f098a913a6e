import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm';
import { unzipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { addCustomers, addRows, gestureRow, saleRow } from '../support/a-busy-shop.ts';
import { insertStaff } from '../../db/queries/staff-queries.ts';
import { addLocation, endLocation } from '../../src/operations/edit-location.ts';
import { endStaff } from '../../src/operations/edit-staff.ts';
import { attempt } from '../support/a-card.ts';
import { testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { granted } from '../support/answers.ts';
import { findAxeViolations } from '../support/axe.ts';
import type { Locator } from 'playwright-core';
import type { Page } from '../support/browser.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { look, overflowOf, pressOn, showAs, SIZES, tabTo, typeInto, useDeskWorld } from './a-desk.ts';
import type { DeskWorld } from './a-desk.ts';
import { holdRequests } from './hold.ts';

const PASSWORD = 'a flat white at seven';
const DAY_MS = 86_400_000;
const GESTURES = 130;
/** Six looks by axe at a page, where many tests share few processors. */
const LOOKS_TIMEOUT_MS = 120_000;
/** Three in the afternoon, also for the browser, which reckons its ninety days by its own clock. */
const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date());
const clock = new FixedClock(`${today}T15:00:00Z`);
const NOON = Date.parse(`${today}T12:00:00Z`);
const daysAgo = (days: number): Date => new Date(NOON - days * DAY_MS);

const world = useDeskWorld({ clock });
let shop: Shop;
let page: Page;

beforeAll(async () => {
  shop = await aShop(world.db, { now: daysAgo(200) });
  await fillAYear(world, shop);
  page = await aPage({ as: shop.owner });
});

async function aPage(options: Parameters<DeskWorld['aPage']>[0]): Promise<Page> {
  const opened = await world.aPage(options);
  await opened.clock.setFixedTime(clock.now());
  return opened;
}

/** A gesture at noon of every day for 130 days, today's the last; three customers in four come back, five days later. */
async function fillAYear({ db, server }: DeskWorld, { owner, ada, ben }: Shop): Promise<void> {
  const customers = Array.from({ length: GESTURES }, (_, index) => `customer-${index}`);
  await addCustomers(db, shop, customers);
  await addRows(db, {
    gestures: customers.map((customerId, index) =>
      gestureRow(shop, {
        gestureId: `gesture-${String(index).padStart(4, '0')}`,
        customerId,
        givenAt: daysAgo(GESTURES - 1 - index),
        staffId: index % 3 === 0 ? ben.staffId : ada.staffId,
        reason: index % 2 === 0 ? 'long_wait' : 'regular',
      }),
    ),
    sales: customers
      .map((customerId, index) => ({ customerId, at: daysAgo(GESTURES - 6 - index), index }))
      .filter(({ at, index }) => index % 4 !== 0 && at <= clock.now())
      .map(({ customerId, at, index }) =>
        saleRow(shop, { saleId: `sale-${index}`, customerId, occurredAt: at, totalMinor: 400 }),
      ),
  });
  const passwordHash = await server.passwords.hash(PASSWORD);
  await db.transact((tx) =>
    tx.query((d, { staff }) =>
      d
        .update(staff)
        .set({ passwordHash, email: 'olive@example.com' })
        .where(eq(staff.staffId, owner.staffId)),
    ),
  );
}

async function open(path: string, on = page): Promise<void> {
  await on.goto(world.server.url + path);
  await on.getByRole('heading', { level: 1 }).waitFor();
  await on.waitForLoadState('networkidle');
}

/** The term and what is said of it: “Given”, “90”. */
async function figure(name: string, on = page): Promise<string> {
  const term = on.locator('.figures > div').filter({ has: on.locator('dt', { hasText: name }) });
  return (await term.locator('.figure').textContent()) ?? '';
}

async function inspect(name: string, on = page): Promise<void> {
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await showAs(on, size, colorScheme);
      await look(on, `${name}-${size}-${colorScheme}`);
      expect(await findAxeViolations(on), `${name}, ${size}, ${colorScheme}`).toEqual([]);
    }
    expect(await overflowOf(on), `${name}, ${size}`).toBeLessThanOrEqual(0);
  }
  await showAs(on, 'desktop', 'light');
}

/** Lines of a table stand side by side only where there is room for all of them. */
async function staysInItsPanel(table: Locator): Promise<void> {
  for (let width = 320; width <= 1280; width += 20) {
    await page.setViewportSize({ width, height: 800 });
    const sticksOut = await table.evaluate((element) => {
      const { right } = element.parentElement!.getBoundingClientRect();
      const parts = [element, ...element.querySelectorAll('tbody *')];
      return parts.some((part) => part.getBoundingClientRect().right > right + 0.5);
    });
    expect(sticksOut, `in a window of ${width}`).toBe(false);
  }
}

test('home answers whether it came back, and says apart what is known of the cause', async () => {
  await open('/desk');
  const afterwards = page.getByRole('region', { name: 'Afterwards, last 90 days' });
  await afterwards.getByText('After 75% of the gestures the customer was back within 30 days.').waitFor();
  await afterwards.getByText('spent £180.00 here within 30 days. Most would have come anyway.').waitFor();
  const because = page.getByRole('region', { name: 'Because of a gesture' });
  await because.getByText('Nobody knows yet.').waitFor();
  expect(await because.innerText()).not.toMatch(/£|75/);
  await because.getByRole('link', { name: 'See the evidence' }).click();
  await page.getByRole('heading', { name: 'Evidence', level: 1 }).waitFor();
  await open('/desk');
  await afterwards.getByRole('link', { name: 'See the gestures' }).click();
  await page.getByText('after 45 of 60 gestures followed for 30 days').waitFor();
});

test('home speaks of the last 90 days alone, to a shop that gave something before them as to a new one', async () => {
  const seasonal = await aShop(world.db, { now: daysAgo(200) });
  await addCustomers(world.db, seasonal, ['customer-of-summer']);
  await addRows(world.db, {
    gestures: [
      gestureRow(seasonal, {
        gestureId: 'gesture-of-summer',
        customerId: 'customer-of-summer',
        givenAt: daysAgo(100),
      }),
    ],
    sales: [],
  });
  for (const { owner } of [seasonal, await aShop(world.db)]) {
    const theirs = await aPage({ as: owner });
    await open('/desk', theirs);
    const afterwards = theirs.getByRole('region', { name: 'Afterwards, last 90 days' });
    await afterwards.getByText('Nothing was given in these 90 days. At the till: scan the card').waitFor();
    await theirs.context().close();
  }
});

test('an owner sees what was given and what was spent afterwards, and never that one caused the other', async () => {
  await open('/desk/gestures');
  // Given in the last ninety days, followed to the end when thirty are over.
  expect(await figure('Given')).toBe('90');
  expect(await figure('Cost')).toBe('£72.00');
  await page.getByText('after 45 of 60 gestures followed for 30 days').waitFor();
  expect(await figure('Came back')).toBe('75%');
  expect(await figure('Spent afterwards')).toBe('£180.00');
  await page.getByText('Most would have come anyway.').waitFor();
  await page.getByText(/^30 gestures still being followed/).waitFor();
  const words = (await page.locator('main').innerText()).toLowerCase();
  for (const claim of ['roi', 'thanks to', 'revenue', 'earned', 'because of', 'brought back'])
    expect(words).not.toContain(claim);
});

test('both pictures say in a sentence what they show, and the same stands in a table', async () => {
  const weeks = page.getByRole('img', { name: /weeks, from .* The most, £/ });
  await weeks.waitFor();
  expect(await weeks.locator('rect').count()).toBeGreaterThan(12);
  const returns = page.getByRole('img', {
    name: /customer came back: 75% within 7 days, 75% within 14 days/,
  });
  await returns.waitFor();
  const figureOf = page.locator('figure', { has: returns });
  await figureOf.getByText('As a table').click();
  const shares = await figureOf.locator('tbody td:last-child').allTextContents();
  expect(shares).toHaveLength(30);
  expect(shares.slice(2, 6)).toEqual(['0%', '0%', '75%', '75%']);
});

test('however short or long the time, no two marks of an axis say the same', async () => {
  const dayOf = (days: number) => daysAgo(days).toISOString().slice(0, 10);
  for (const asked of [`period=days&from=${dayOf(45)}&to=${dayOf(44)}`, 'period=30', 'period=all']) {
    await open(`/desk/gestures?${asked}&windowDays=7`);
    const weeks = page.getByRole('img', { name: /^(One week|\d+ weeks), from/ });
    await weeks.waitFor();
    const marks = (await weeks.locator('text').allTextContents()).filter((text) => text !== '');
    expect(marks.length).toBeGreaterThan(2);
    expect(marks).toEqual([...new Set(marks)]);
  }
});

test('the days below a picture stand apart at any width', async () => {
  await open('/desk/gestures');
  const weeks = page.getByRole('img', { name: /^\d+ weeks, from/ });
  for (let width = 360; width <= 1280; width += 40) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => weeks.evaluate(fillsItsBox)).toBe(true);
    expect(await weeks.evaluate(gapBetweenDays), `in a window of ${width}`).toBeGreaterThan(6);
  }
  await showAs(page, 'desktop', 'light');
});

/** Whether it was drawn anew since the window was made larger or smaller. */
function fillsItsBox(picture: SVGElement | HTMLElement): boolean {
  return Math.abs(Number(picture.getAttribute('width')) - picture.parentElement!.clientWidth) < 1;
}

/** The smallest, in CSS pixels. */
function gapBetweenDays(picture: SVGElement | HTMLElement): number {
  const boxes = [...picture.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const days = boxes.filter((box) => box.bottom === bottom && box.width > 0);
  return Math.min(...days.slice(1).map(({ left }, index) => left - days[index]!.right));
}

test('whoever reads in the colours of their system sees the bars, and which of them is which', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  const coloursOf = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).backgroundColor))]);
  await open('/desk');
  await page.locator('.bar-fill').last().waitFor();
  expect(await coloursOf('.bar-fill')).not.toEqual(await coloursOf('body'));
  await open('/desk/gestures');
  await page.locator('.swatch').last().waitFor();
  expect(await coloursOf('.swatch')).toHaveLength(2);
  await open('/desk/cards');
  const swatches = page.getByRole('radio');
  await swatches.last().waitFor();
  expect((await coloursOf('.swatches input[type=radio]')).length).toBe(await swatches.count());
  await page.emulateMedia({ forcedColors: 'none' });
});

test('a choice shows at once, stands in the address, and is there again after a reload', async () => {
  await open('/desk/gestures');
  await page.getByLabel('Given by').selectOption({ label: 'Ben' });
  await expect.poll(() => figure('Given')).toBe('30');
  await page.getByLabel('Why').selectOption({ label: 'A regular' });
  await expect.poll(() => figure('Given')).toBe('15');
  await page.getByLabel('Period').selectOption({ label: 'Since the beginning' });
  await expect.poll(() => figure('Given')).toBe('22');
  const address = new URL(page.url());
  expect(Object.fromEntries(address.searchParams)).toEqual({
    period: 'all',
    staffId: shop.ben.staffId,
    reason: 'regular',
  });
  await open(address.pathname + address.search);
  expect(await figure('Given')).toBe('22');
  expect(await page.getByLabel('Why').inputValue()).toBe('regular');
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Voucher' });
  await page.getByText('No gestures here').waitFor();
  await page.getByRole('button', { name: 'Since the beginning' }).click();
  await expect.poll(() => figure('Given')).toBe(String(GESTURES));
});

test('how it is counted stays open under the keyboard, whatever is chosen there', async () => {
  await open('/desk/gestures');
  const followed = page.getByLabel('Followed for');
  expect(await followed.isVisible()).toBe(false);
  await pressOn(page, page.getByText('How it is counted'));
  await tabTo(page, followed);
  const asked = () => new URL(page.url()).searchParams.get('windowDays');
  for (const [key, days] of [
    ['ArrowDown', '60'],
    ['ArrowUp', null],
    ['ArrowUp', '7'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(asked).toBe(days);
    expect(await followed.isVisible()).toBe(true);
  }
  // Whoever comes by an address that says so sees it at once.
  await open('/desk/gestures?model=linear');
  expect(await followed.isVisible()).toBe(true);
});

test('an address that makes no sense shows the usual view', async () => {
  await open('/desk/gestures?period=soon&windowDays=31&kind=hug&from=yesterday&model=best');
  expect(await figure('Given')).toBe('90');
});

test('the rows come fifty at a time, the newest first, by keyboard alone', async () => {
  await open('/desk/gestures?period=all');
  const rows = page.getByRole('table', { name: 'Gestures, the newest first' }).locator('tbody tr');
  await page.getByText(`50 of ${GESTURES}`).waitFor();
  await page.locator('main').focus();
  await pressOn(page, page.getByRole('button', { name: 'Show more' }));
  await page.getByText(`100 of ${GESTURES}`).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Show more');
  await page.keyboard.press('Enter');
  await page.getByText(`${GESTURES} of ${GESTURES}`).waitFor();
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  await expect.poll(() => rows.count()).toBe(GESTURES);
  const times = await rows
    .locator('time')
    .evaluateAll((all) => all.map((one) => one.getAttribute('datetime')!));
  expect(times).toEqual(times.toSorted().reverse());
});

test('the page breaks no rule at any size, light or dark', { timeout: LOOKS_TIMEOUT_MS }, async () => {
  await open('/desk/gestures?period=30&windowDays=7');
  await page.getByRole('img', { name: /customer came back/ }).waitFor();
  await expect.poll(() => page.getByRole('img').count()).toBe(2);
  await inspect('gestures');
});

test('a file is taken at once after a sign-in, and later only with the password again', async () => {
  await open('/desk/gestures?period=all');
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(csv.suggestedFilename()).toMatch(/^gestures-as-of-.*\.csv$/);
  expect(parse(readFileSync(await csv.path(), 'utf8'), { bom: true })).toHaveLength(GESTURES + 1);

  clock.advance({ minutes: 6 });
  await tabTo(page, page.getByRole('button', { name: 'Excel' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Your password again' });
  await dialog.waitFor();
  expect(await findAxeViolations(page)).toEqual([]);
  await typeInto(page, dialog.getByLabel('Password'), 'something else');
  await page.keyboard.press('Enter');
  await dialog.getByRole('alert').waitFor();
  await typeInto(page, dialog.getByLabel('Password'), PASSWORD);
  const [xlsx] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(xlsx.suggestedFilename()).toMatch(/\.xlsx$/);
  expect(Object.keys(unzipSync(readFileSync(await xlsx.path())))).toContain('xl/worksheets/sheet2.xml');
});

test('two files that are asked for at once need the password once, and both come', async () => {
  await open('/desk/gestures?period=all');
  clock.advance({ minutes: 6 });
  const letGo = await holdRequests(page, '**/reports/gestures.csv*', '**/reports/gestures.xlsx*');
  const taken: string[] = [];
  page.on('download', (file) => taken.push(file.suggestedFilename().split('.').at(-1)!));
  for (const name of ['CSV', 'Excel']) await page.getByRole('button', { name }).click();
  const refused = Promise.all(
    ['csv', 'xlsx'].map((end) => page.waitForResponse(new RegExp(`gestures.${end}`))),
  );
  letGo();
  await refused;
  const dialog = page.getByRole('dialog', { name: 'Your password again' });
  await dialog.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect.poll(() => taken.toSorted()).toEqual(['csv', 'xlsx']);
});

test(
  'on paper: the same view on A4, without navigation and buttons, black on white',
  { timeout: LOOKS_TIMEOUT_MS },
  async () => {
    const paper = await aPage({ as: shop.owner });
    await open(`/desk/gestures?staffId=${shop.ben.staffId}`, paper);
    await paper.getByRole('link', { name: 'Print' }).click();
    await paper.getByRole('heading', { name: 'The Kind Bean: gesture report' }).waitFor();
    expect(await figure('Given', paper)).toBe('30');
    await paper.getByText('· Ben').waitFor();
    await inspect('gestures-print', paper);
    await paper.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await paper.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
    await expect
      .poll(() => paper.evaluate(() => getComputedStyle(document.body).backgroundColor))
      .toBe('rgb(255, 255, 255)');
    expect(await paper.locator('.gesture-table thead th').first().isVisible()).toBe(true);
    const pdf = await paper.pdf({ preferCSSPageSize: true });
    // A4 in points.
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox\s*\[0 0 59[45][\d.]* 84[12][\d.]*\]/);
    await paper.context().close();
  },
);

test('on paper it says of whom and where it tells, also when nothing was given', async () => {
  const paper = await aPage({ as: shop.owner });
  const asked = `period=all&locationId=${shop.locationId}&staffId=${shop.ben.staffId}&kind=voucher&reason=celebration`;
  await open(`/desk/gestures/print?${asked}`, paper);
  await paper.getByText('No gestures here').waitFor();
  await paper.getByText(/ · High Street · Ben · Voucher · Celebrating$/).waitFor();
  await paper.context().close();
});

test('a manager sees the report, and takes no file', async () => {
  const managers = await aPage({ as: shop.manager });
  await open('/desk/gestures', managers);
  expect(await figure('Given', managers)).toBe('90');
  expect(await managers.getByRole('button', { name: 'CSV' }).count()).toBe(0);
  expect(await managers.getByRole('link', { name: 'Print' }).count()).toBe(1);
  await open('/desk/allowance', managers);
  await managers.getByText('3 gestures a day').waitFor();
  expect(await managers.getByRole('button', { name: 'Add an allowance' }).count()).toBe(0);
  await managers.context().close();
});

test('a new shop is told how the first gesture is given', { timeout: LOOKS_TIMEOUT_MS }, async () => {
  const other = await aShop(world.db, { gesturesLimit: null });
  const theirs = await aPage({ as: other.owner });
  await open('/desk/gestures', theirs);
  await theirs.getByText('Nothing has been given yet').waitFor();
  expect(await theirs.getByRole('img').count()).toBe(0);
  await inspect('gestures-empty', theirs);
  await theirs.getByRole('link', { name: 'What staff may give' }).click();
  await theirs.getByText('There is no limit yet').waitFor();
  await inspect('allowance-empty', theirs);
  await theirs.context().close();
});

test(
  'an allowance shows what it would have done before it is set; by keyboard, and back again',
  { timeout: LOOKS_TIMEOUT_MS },
  async () => {
    await open('/desk/allowance');
    await pressOn(page, page.getByRole('button', { name: 'Add an allowance' }));
    const dialog = page.getByRole('dialog', { name: 'Add an allowance' });
    await tabTo(page, dialog.getByLabel('For'));
    await page.keyboard.type('High Street');
    await tabTo(page, dialog.getByLabel('Over'));
    await page.keyboard.type('A business week');
    await typeInto(page, dialog.getByLabel('Gestures'), '5');
    // A gesture a day: two too many in each whole week.
    const preview = dialog.getByRole('region', { name: 'What it would have done' });
    await preview.getByText(/^It would have refused \d+ of the 3\d gestures/).waitFor();
    await preview.getByText(/in a week: 7 gestures for £5.60 \(High Street/).waitFor();
    await preview.getByText('At the very most it can cost £17.40 a month').waitFor();
    expect(await findAxeViolations(page)).toEqual([]);
    await typeInto(page, dialog.getByLabel('Gestures'), '7');
    await preview.getByText(/^It would have allowed all of the 3\d gestures/).waitFor();
    await inspect('allowance-dialog');
    await pressOn(page, dialog.getByRole('button', { name: 'Save' }));
    await page.getByText('7 gestures a week').waitFor();
    await pressOn(page, page.getByRole('button', { name: 'Undo' }));
    await page.getByText('7 gestures a week').waitFor({ state: 'detached' });
  },
);

test('an allowance is changed and removed, which asks first; both can be undone', async () => {
  await page.getByRole('button', { name: /^Change the allowance: Each member of staff/ }).click();
  await page.getByRole('dialog').getByLabel('Gestures').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Set a number of gestures, a cost, or both').waitFor();
  // The field that is wrong takes the focus, and with it what is typed.
  await page.locator('input[name=gesturesLimit]:focus').waitFor();
  await page.getByRole('dialog').getByLabel('Cost').fill('2.50');
  await page.getByText('At the very most it can cost').waitFor();
  // What nobody can read is no limit left out.
  await page.getByRole('dialog').getByLabel('Gestures').pressSequentially('e');
  await page.getByText('Set a number or a cost to see').waitFor();
  await page.getByRole('dialog').getByLabel('Gestures').fill('');
  await page.getByText('At the very most it can cost').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('up to £2.50 of cost a day').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('3 gestures a day').waitFor();

  await page.getByRole('button', { name: /^Remove the allowance: Each member of staff/ }).click();
  const question = page.getByRole('dialog', { name: 'Remove this allowance: Each member of staff?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('3 gestures a day').waitFor();
  await page.getByRole('button', { name: /^Remove the allowance: Each member of staff/ }).click();
  await question.getByRole('button', { name: 'Remove it' }).click();
  await page.getByText('There is no limit yet').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('3 gestures a day').waitFor();
  await expect.poll(() => page.getByText(/a day$/).allTextContents()).toEqual(['3 gestures a day']);
  await open('/desk/audit?about=allowance');
  await page.getByText('Olive changed an allowance: 3 gestures before, up to £2.50 of cost now').waitFor();
});

test('who has left, and what was closed, can still be asked about; among several locations each row says where', async () => {
  const { owner, ben, locationId } = shop;
  const station = granted(
    await addLocation(world.db, clock)(owner, {
      attempt: attempt(),
      name: 'Station',
      timeZone: 'Europe/London',
      cutOffMinutes: 240,
    }),
  );
  await addCustomers(world.db, shop, ['customer-of-station']);
  await addRows(world.db, {
    gestures: [
      gestureRow(shop, {
        gestureId: 'gesture-of-station',
        customerId: 'customer-of-station',
        givenAt: daysAgo(80),
        locationId: station.locationId,
        itemName: 'Butter croissant',
        fundedBy: 'lucky',
        reason: 'celebration',
      }),
    ],
    sales: [],
  });
  await endLocation(world.db, clock, testSealer)(owner, station);
  await endStaff(world.db, clock)(owner, ben);
  // More than one page of the list of people.
  const [somebody] = (await rowsOf(world.db, shop, 'staff')).filter(({ endedAt }) => endedAt !== null);
  await world.db.transact(async (tx) => {
    for (let count = 0; count < 200; count++)
      await insertStaff(tx, { ...somebody!, staffId: `long-gone-${count}`, name: `Gone ${count}` });
  });

  await open('/desk/gestures');
  const table = page.getByRole('table', { name: 'Gestures, the newest first' });
  await table.getByText('Ada').first().waitFor();
  expect(await table.getByText('High Street').count()).toBe(0);
  await page.getByRole('button', { name: 'Show more' }).click();
  await table.getByText('Station').waitFor();
  await expect.poll(() => table.getByText('High Street').count()).toBeGreaterThan(50);
  await staysInItsPanel(table);
  await page.getByLabel('Given by').selectOption({ label: 'Ben (has left)' });
  await expect.poll(() => figure('Given')).toBe('30');
  await page.getByLabel('Given by').selectOption({ label: 'Everyone' });
  await page.getByLabel('Location').selectOption({ label: 'Station (closed)' });
  await expect.poll(() => figure('Given')).toBe('1');
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);

  await open(`/desk/sales?location=${station.locationId}`);
  expect(await page.getByLabel('Location').inputValue()).toBe(station.locationId);
  await open('/desk/sales');
  expect(await page.getByLabel('Location').inputValue()).toBe(locationId);
  await open(`/desk/audit?staff=${ben.staffId}`);
  await expect.poll(() => page.getByLabel('Person').inputValue()).toBe(ben.staffId);
});
