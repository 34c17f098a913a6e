import { beforeAll, expect, test } from 'vitest';
import type { EvidenceView } from '../../src/operations/evidence-view.ts';
import { addLocation, endLocation } from '../../src/operations/edit-location.ts';
import { editProgram } from '../../src/operations/edit-program.ts';
import { storeReport } from '../../src/operations/store-evidence.ts';
import { aSeason, testSealer } from '../support/a-season.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { findAxeViolations } from '../support/axe.ts';
import type { Page } from '../support/browser.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { replicateSeason } from '../support/replicated-season.ts';
import type { ReplicatedSeason } from '../support/replicated-season.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { aTenthMore } from '../support/simulated-shop.ts';
import {
  look,
  marginsOf,
  overflowOf,
  pressOn,
  showAs,
  SIZES,
  tabTo,
  typeInto,
  useDeskWorld,
} from './a-desk.ts';
import { holdRequests } from './hold.ts';

const clock = new FixedClock('2026-03-02T09:00:00Z');
const DAY_MS = 86_400_000;
const aSmallWorld = { ...aTenthMore, customers: 40, daysBefore: 40, seasonDays: 90, chance: 0.4 };

const world = useDeskWorld({ clock });
let lived: ReplicatedSeason;
let empty: Shop;

beforeAll(async () => {
  lived = await replicateSeason(world.db, aSmallWorld, 5);
  // As the last three nights stored it.
  const store = storeReport(world.db, clock, testSealer);
  for (const nights of [2, 1, 0]) {
    const asOf = new Date(lived.view.asOf.getTime() - nights * DAY_MS);
    await store(
      { merchantId: lived.shop.merchantId, seasonId: lived.season.seasonId },
      { day: asOf.toISOString().slice(0, 10), asOf },
    );
  }
  clock.set(new Date(lived.view.asOf.getTime() + 60_000));
  empty = await aShop(world.db, { now: clock.now() });
}, 120_000);

async function open(page: Page): Promise<void> {
  await page.goto(`${world.server.url}/desk/evidence`);
  await page.getByRole('heading', { name: 'Evidence', level: 1 }).waitFor();
}

async function lookEverywhere(page: Page, name: string): Promise<void> {
  for (const size of ['phone', 'desktop'] as const) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await showAs(page, size, colorScheme);
      await look(page, `evidence-${name}-${size}-${colorScheme}`);
      expect(await findAxeViolations(page), `${name}, ${size}, ${colorScheme}`).toEqual([]);
    }
    expect(await overflowOf(page), `${name}, ${size}`).toBeLessThanOrEqual(0);
  }
}

test('an owner plans a season, sees it run, and stops it after a question, by keyboard alone', async () => {
  const page = await world.aPage({ as: empty.owner });
  await open(page);
  await page.getByText('Nobody knows yet what your gestures bring').waitFor();
  await page.getByText('Nothing stands out.').waitFor();
  await lookEverywhere(page, 'empty');

  await pressOn(page, page.getByRole('button', { name: 'See what it would cost' }));
  const dialog = page.getByRole('dialog', { name: 'Plan a season' });
  await typeInto(page, dialog.getByLabel('At most a day, at each location'), '4');
  await pressOn(page, dialog.getByRole('button', { name: 'Work it out' }));
  await dialog.getByText('Never more than 4 a day at a location').waitFor();
  await dialog.getByText('Chance: 1 in 10.').waitFor();
  await dialog.getByText(/^An answer takes about [\d,]+ treats for £[\d,.]+ in all\.$/).waitFor();
  await dialog.getByText('Your own history is still too short').waitFor();
  await lookEverywhere(page, 'plan');
  await showAs(page, 'phone', 'light');
  expect(Math.min(...(await marginsOf(page)))).toBeGreaterThanOrEqual(12);
  // However long the answer is, what to do about it is in sight.
  const begin = (await dialog.getByRole('button', { name: 'Begin the season' }).boundingBox())!;
  expect(begin.y + begin.height).toBeLessThan(SIZES.phone.height);
  expect(await rowsOf(world.db, empty, 'seasons')).toEqual([]);
  // What is changed is worked out anew before anything begins.
  await typeInto(page, dialog.getByLabel('At most a day, at each location'), '6');
  await tabTo(page, dialog.getByLabel('Which gesture'));
  await page.keyboard.type('Double');
  await pressOn(page, dialog.getByRole('button', { name: 'Work it out' }));
  await dialog.getByText('Never more than 6 a day at a location').waitFor();
  await pressOn(page, dialog.getByRole('button', { name: 'Begin the season' }));

  await page.getByText('Not enough data yet.').waitFor();
  await page.getByText('There is nothing to estimate from yet.').waitFor();
  await page.getByText('No visit to judge yet.').waitFor();
  await page.getByText('No draw was made yet.').waitFor();
  // Nothing is wrong with a season that is young.
  const lights = page.getByRole('region', { name: 'Can it be believed?' });
  expect(await lights.getByText('Not yet', { exact: true }).count()).toBe(2);
  expect(await lights.getByText('Refuses', { exact: true }).count()).toBe(0);
  // Nothing is known yet, and so nothing is said: neither of offers nor of customers.
  const early = page.locator('.light').filter({ hasText: 'Too early to tell.' });
  expect(await early.count()).toBe(4);
  await early.getByText('Offers lead to gestures').waitFor();
  const [season] = await rowsOf(world.db, empty, 'seasons');
  expect(season).toMatchObject({ kind: 'lucky', gestureKind: 'double_stamp', dailyCap: 6, endedAt: null });
  await page.getByText(season!.keyHash).waitFor();
  await lookEverywhere(page, 'running');

  await pressOn(page, page.getByRole('button', { name: 'Plan a season' }));
  await tabTo(page, dialog.getByLabel('What is drawn'));
  await page.keyboard.type('Sugg');
  await pressOn(page, dialog.getByRole('button', { name: 'Work it out' }));
  await dialog.getByText('It shares the days with lucky moments:').waitFor();
  await lookEverywhere(page, 'plan-another');
  await pressOn(page, dialog.getByRole('button', { name: 'Cancel' }));

  const question = page.getByRole('dialog', { name: 'Stop this season?' });
  await pressOn(page, page.getByRole('button', { name: 'Stop the season' }));
  await question.getByText('A season that has stopped cannot go on').waitFor();
  expect(await findAxeViolations(page)).toEqual([]);
  await pressOn(page, question.getByRole('button', { name: 'Cancel' }));
  await question.waitFor({ state: 'detached' });
  expect(await rowsOf(world.db, empty, 'seasons')).toMatchObject([{ endedAt: null }]);
  await pressOn(page, page.getByRole('button', { name: 'Stop the season' }));
  await pressOn(page, question.getByRole('button', { name: 'Stop it' }));
  await page.getByText('The season is over; its key is out').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Stop the season' }).count()).toBe(0);
  const [ended] = await rowsOf(world.db, empty, 'seasons');
  expect(ended!.endedAt).not.toBeNull();
  await page.getByText(ended!.revealedKey!).waitFor();
}, 120_000);

test('what is changed while it is being worked out is worked out anew before anything begins', async () => {
  const shop = await aShop(world.db, { now: clock.now() });
  const page = await world.aPage({ as: shop.owner });
  await open(page);
  await page.getByRole('button', { name: 'See what it would cost' }).click();
  const dialog = page.getByRole('dialog', { name: 'Plan a season' });
  const cap = dialog.getByLabel('At most a day, at each location');
  const answer = await holdRequests(page, '**/seasons/preview');
  await cap.fill('4');
  await dialog.getByRole('button', { name: 'Work it out' }).click();
  await cap.fill('9');
  answer();
  const submit = dialog.locator('button[type=submit]');
  await expect.poll(() => submit.getAttribute('aria-disabled')).toBe('false');
  expect(await submit.textContent()).toBe('Work it out');
  await submit.click();
  await dialog.getByText('Never more than 9 a day at a location').waitFor();
  await dialog.getByRole('button', { name: 'Begin the season' }).click();
  await page.getByText('Not enough data yet.').waitFor();
  expect(await rowsOf(world.db, shop, 'seasons')).toMatchObject([{ dailyCap: 9 }]);
  await page.context().close();
}, 60_000);

test('a shop that never said what a reward costs is not told that double stamps are free', async () => {
  const shop = await aShop(world.db, { now: clock.now() });
  const { programId } = shop;
  granted(await editProgram(world.db, clock)(shop.owner, { programId, change: { rewardCostMinor: null } }));
  const page = await world.aPage({ as: shop.owner });
  await open(page);
  await page.getByRole('button', { name: 'See what it would cost' }).click();
  const dialog = page.getByRole('dialog', { name: 'Plan a season' });
  const unknown = 'Nothing is written down of what a gesture costs you';
  await dialog.getByRole('button', { name: 'Work it out' }).click();
  await dialog.getByText('Never more than').waitFor();
  expect(await dialog.getByText(unknown).count()).toBe(0);
  await dialog.getByLabel('Which gesture').selectOption('Double stamp');
  await dialog.getByRole('button', { name: 'Work it out' }).click();
  await dialog.getByText(unknown).waitFor();
  await dialog.getByRole('button', { name: 'Begin the season' }).click();
  await page.getByRole('region', { name: 'Because of a gesture' }).getByText(unknown).waitFor();
  expect(await page.getByText('A gesture costs £').count()).toBe(0);
  await page.context().close();
}, 60_000);

test('where something is known, what came afterwards and what gestures caused stand apart, with the doubt', async () => {
  const page = await world.aPage({ as: lived.shop.owner });
  await open(page);
  const because = page.getByRole('region', { name: 'Because of a gesture' });
  await because.getByText('Not enough data yet.').waitFor();
  const { gesture, draws, revealedKey } = lived.view;
  const money = (minor: number) =>
    `${minor < 0 ? '−' : '+'}⁠£${(Math.abs(Math.round(minor)) / 100).toFixed(2)}`;
  const told = `Our best estimate is ${money(gesture!.effect)} each in 30 days; the truth is plausibly between ${money(gesture!.low!)} and ${money(gesture!.high!)}.`;
  await because.getByText(told).waitFor();
  await because.getByText(`Of ${draws.matured} the 30 days are over`).waitFor();
  const afterwards = page.getByRole('region', { name: 'Afterwards' });
  await afterwards.getByText('Most would have come anyway.').waitFor();
  expect(await afterwards.innerText()).not.toContain(money(gesture!.effect));
  await page.getByText(revealedKey!).waitFor();
  expect(
    await page.getByRole('listitem').filter({ hasText: 'Every draw is the one its key says' }).innerText(),
  ).toMatch(/Fine/);
  const { waldP, placeboP } = lived.view.lights.find(({ check }) => check === 'balance')!.figures;
  const chance = Math.min(waldP ?? 1, placeboP ?? 1);
  const seldom = chance.toLocaleString('en', { style: 'percent', maximumSignificantDigits: 2 });
  await page.getByText(`Chance alone makes them differ this much in ${seldom} of seasons`).waitFor();
  expect(await page.locator('main').innerText()).not.toMatch(/\bROI\b|p-value|\bp = /);
  await expect.poll(() => page.locator('figure svg').count()).toBe(2);
  for (const chart of await page.locator('figure svg').all()) {
    const marks = (await chart.locator('text').allTextContents()).filter((text) => text !== '');
    expect(marks).toEqual([...new Set(marks)]);
  }
  // On paper it says whose it is, of which season, and when.
  const heading = page.getByText(/^The Kind Bean · Lucky moments, .* · All locations · as of /);
  expect(await page.getByText('The Kind Bean ·').isVisible()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  await heading.waitFor();
  expect(await page.getByText('The Kind Bean ·').isVisible()).toBe(true);
  // What stands out about single members of staff is no part of it.
  expect(await page.getByRole('heading', { name: 'Worth a look' }).isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });
  await lookEverywhere(page, 'figures');
}, 90_000);

test('the way from what was spent afterwards to its gestures leads to the same sum', async () => {
  const page = await world.aPage({ as: lived.shop.owner });
  await open(page);
  const afterwards = page.getByRole('region', { name: 'Afterwards' });
  await afterwards.getByText(/ spent £/).waitFor();
  const [, spent] = /spent (£[\d,.]+) here/.exec(await afterwards.innerText())!;
  await afterwards.getByRole('link', { name: 'See the gestures' }).click();
  await page
    .getByText(`Afterwards, customers who got a gesture spent ${spent} here within 30 days.`)
    .waitFor();
});

test('near its borders the report says no more than its figures carry', async () => {
  const page = await world.aPage({ as: lived.shop.owner });
  let change: Partial<EvidenceView> = {};
  await page.route(/\/reports\/evidence\?/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as EvidenceView), ...change } });
  });
  const told = async (changed: Partial<EvidenceView>) => {
    change = changed;
    await open(page);
    const because = page.getByRole('region', { name: 'Because of a gesture' });
    await because.getByText('How we know').waitFor();
    return because.innerText();
  };
  const cost = { ...lived.view.cost, breakEvenMinor: 150 };
  const acceptance = { rate: 0.826, standardError: 0.01 };
  const effect = { effect: 80, low: 20, standardError: 15 };
  const bringsBack = { verdict: 'bring-people-back', cost, acceptance, smallestEffectMinor: 250 } as const;

  const stillOpen = await told({
    ...bringsBack,
    gesture: { ...effect, high: 160 },
    stillNeeded: { treats: 0, weeks: 0 },
  });
  expect(stillOpen).toContain('whether they cover their cost is still open');
  expect(stillOpen).toContain('Enough visits were drawn to show an effect of £2.50 in 30 days.');
  expect(stillOpen).not.toContain('not over yet');
  expect(stillOpen).toContain('Of 100 offers, about 83 lead to a gesture');
  const less = await told({ ...bringsBack, gesture: { ...effect, high: 140 }, stillNeeded: null });
  expect(less).toContain('They bring people back, but less within 30 days than they cost.');
  expect(less).not.toContain('open');
  const waiting = await told({ verdict: 'not-enough-data', stillNeeded: { treats: 0, weeks: 5 } });
  expect(waiting).toContain('but the 30 days after each are not over yet: about 5 more weeks.');
});

test('home gives a verdict with the estimate and its doubt, and without a verdict no estimate', async () => {
  const page = await world.aPage({ as: lived.shop.owner });
  let verdict: EvidenceView['verdict'];
  await page.route('**/reports/evidence', async (route) => {
    const answer = await route.fetch();
    const gesture = { effect: 446, low: 161, high: 735, standardError: 90 };
    await route.fulfill({ json: { ...((await answer.json()) as EvidenceView), verdict, gesture } });
  });
  const because = page.getByRole('region', { name: 'Because of a gesture' });
  const told = async (given: EvidenceView['verdict'], says: string) => {
    verdict = given;
    await page.goto(`${world.server.url}/desk`);
    await because.getByText(says).waitFor();
    return because.innerText();
  };
  const estimate =
    'Our best estimate is +\u2060£4.46 each in 30 days; the truth is plausibly between +\u2060£1.61 and +\u2060£7.35.';
  expect(await told('more-than-they-cost', 'Yes: gestures bring in more than they cost.')).toContain(
    estimate,
  );
  expect(await told('not-enough-data', 'Not enough data yet.')).not.toContain('estimate');
  expect(await told('checks-failed', 'A check failed')).not.toContain('estimate');
  await page.context().close();
});

test('a manager reads the report, and is not asked to plan, stop or be alarmed', async () => {
  const page = await world.aPage({ as: lived.shop.manager });
  await open(page);
  await page.getByRole('region', { name: 'Because of a gesture' }).waitFor();
  await page.getByRole('button', { name: 'Print' }).waitFor();
  for (const name of ['Plan a season', 'Stop the season', 'CSV', 'Excel'])
    expect(await page.getByRole('button', { name }).count(), `${name}`).toBe(0);
  expect(await page.getByText('Worth a look').count()).toBe(0);
});

test('the page opens with the season that home tells of, the newest that is on, and stays with it when it is stopped', async () => {
  const shop = await aShop(world.db, { now: clock.now() });
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
  const goesOn = await aSeason(world.db, shop, { startedAt: daysAgo(20) });
  await aSeason(world.db, shop, {
    kind: 'suggestion',
    startedAt: daysAgo(10),
    endedAt: daysAgo(5),
    endedBy: shop.owner.staffId,
  });
  const page = await world.aPage({ as: shop.owner });
  const told = page.waitForResponse('**/reports/evidence');
  await page.goto(`${world.server.url}/desk`);
  expect(((await (await told).json()) as EvidenceView).seasonId).toBe(goesOn.seasonId);
  await page.getByRole('link', { name: 'See the evidence' }).click();
  const chosen = page.getByLabel('Season');
  await page.getByText(goesOn.keyHash).waitFor();
  expect(await chosen.inputValue()).toBe(goesOn.seasonId);
  await page.getByRole('button', { name: 'Stop the season' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click();
  const stopped = chosen.getByRole('option', { selected: true, name: /^Lucky moments, .* to / });
  await stopped.waitFor({ state: 'attached' });
  await page.getByText(goesOn.keyHash).waitFor();
  await page.context().close();
});

test('the evidence of a location that was closed can still be read; nothing new is planned there', async () => {
  const shop = await aShop(world.db, { now: clock.now() });
  const kiosk = granted(
    await addLocation(world.db, clock)(shop.owner, {
      attempt: attempt(),
      name: 'Kiosk',
      timeZone: 'Europe/London',
      cutOffMinutes: 240,
    }),
  );
  await aSeason(world.db, shop, { startedAt: clock.now() });
  await endLocation(world.db, clock, testSealer)(shop.owner, kiosk);
  const page = await world.aPage({ as: shop.owner });
  await open(page);
  await page.getByLabel('Location').selectOption({ label: 'Kiosk (closed)' });
  await page.getByText(/ · Kiosk · as of /).waitFor();
  await page.getByRole('button', { name: 'Plan a season' }).click();
  const dialog = page.getByRole('dialog', { name: 'Plan a season' });
  await dialog.getByLabel('Which gesture').waitFor();
  expect(await dialog.getByLabel('Where').count()).toBe(0);
  await page.context().close();
});

test('an owner is told of a gift to a number of the barista’s own, with the figures and no name', async () => {
  const shop = await aShop(world.db, { now: clock.now() });
  const own = await aCard(world.db, shop, { staffId: shop.ada.staffId });
  const partner = await aCard(world.db, shop, { customerName: 'Frieda' });
  const owner = { Cookie: await world.server.signInAtDesk(shop.owner) };
  for (const { cardId } of [own, partner]) {
    const { customerId } = (await rowsOf(world.db, shop, 'cards')).find((card) => card.cardId === cardId)!;
    const changed = await fetch(`${world.server.url}/api/v1/customers/${customerId}`, {
      method: 'PATCH',
      headers: { ...owner, 'Content-Type': 'application/json' },
      body: JSON.stringify({ phone: '+442079460123' }),
    });
    expect(changed.status).toBe(200);
  }
  granted(await aTill(world.db, clock, shop).give(partner));
  const page = await world.aPage({ as: shop.owner });
  await open(page);
  const alarms = page.getByRole('region', { name: 'Worth a look' });
  await alarms
    .getByText(/^Ada gave 1 gesture to customer c-[0-9a-f]{16}, who has the same phone number\.$/)
    .waitFor();
  expect(await alarms.innerText()).not.toContain('Frieda');
  await lookEverywhere(page, 'alarm');
});

test('a refund that comes after a report restates the next one, which says what has changed', async () => {
  const { shop } = lived;
  const refunded = new Set((await rowsOf(world.db, shop, 'refunds')).map(({ saleId }) => saleId));
  const [draw] = (await rowsOf(world.db, shop, 'draws')).toSorted((a, b) => a.sequence - b.sequence);
  const sale = (await rowsOf(world.db, shop, 'sales')).find(
    ({ customerId, occurredAt, saleId, totalMinor }) =>
      customerId === draw!.customerId &&
      totalMinor > 0 &&
      !refunded.has(saleId) &&
      occurredAt.getTime() > draw!.drawnAt.getTime() + DAY_MS &&
      occurredAt.getTime() < draw!.drawnAt.getTime() + 30 * DAY_MS,
  )!;
  granted(await aTill(world.db, clock, shop).refund(sale.saleId, { wholeSale: true }));
  clock.advance({ minutes: 1 });
  const page = await world.aPage({ as: shop.owner });
  await open(page);
  await page
    .getByText(
      /^Since the report of .*changed what it counted: −⁠£[\d.]+ of spend.*\. This report counts them\.$/,
    )
    .waitFor();
});
