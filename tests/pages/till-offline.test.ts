import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { forgetAnswers } from '../../db/queries/answer-queries.ts';
import { systemClock } from '../../src/clock.ts';
import { applyKeptTap } from '../../src/operations/end-kept-tap.ts';
import { endStaff } from '../../src/operations/edit-staff.ts';
import { listKeptTaps } from '../../src/operations/list-kept-taps.ts';
import { verifyLedger } from '../../src/operations/verify-ledger.ts';
import { aCard } from '../support/a-card.ts';
import type { Shop } from '../support/a-shop.ts';
import { granted } from '../support/answers.ts';
import { launchPersistentBrowser } from '../support/browser.ts';
import type { BrowserContext, Page } from '../support/browser.ts';
import { rowsOf, setAllowances } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import {
  aStaffedShop,
  endSessions,
  endTills,
  enrolmentCode,
  enterPin,
  hasTakenAlong,
  PINS,
  sellOne,
  sellWithoutCard,
  signIn,
} from './till-tablet.ts';

const world = useWorld();
let network: Network;
beforeAll(async () => {
  network = await openNetwork(new URL(world.server.url).port);
});
afterAll(() => network?.close());

/** The shop's Wi-Fi: between the tablet and the server, and can be cut, or lose an answer on its way back. */
interface Network {
  port: number;
  isCut: boolean;
  /** Takes whatever is sent and says nothing, as Wi-Fi does with no internet behind it. */
  isDeaf: boolean;
  /** Answers to requests that hold this text are lost, after the server has done what was asked. */
  loses: string | null;
  lost: number;
  cut(): void;
  close(): Promise<void>;
}

async function openNetwork(serverPort: string): Promise<Network> {
  const sockets = new Set<Socket>();
  const network: Network = {
    port: 0,
    isCut: false,
    isDeaf: false,
    loses: null,
    lost: 0,
    cut() {
      network.isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        network.cut();
        proxy.close(() => resolve());
      }),
  };
  const proxy = createServer((tablet) => {
    if (network.isCut) return void tablet.destroy();
    const server = connect(Number(serverPort), '127.0.0.1');
    let asked = '';
    for (const socket of [tablet, server]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    }
    tablet.on('data', (bytes) => {
      if (network.isDeaf) return;
      asked = bytes.toString('latin1');
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (network.loses !== null && asked.includes(network.loses)) {
        network.lost += 1;
        tablet.destroy();
        server.destroy();
      } else tablet.write(bytes);
    });
    tablet.on('close', () => server.destroy());
    server.on('close', () => tablet.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  network.port = (proxy.address() as AddressInfo).port;
  return network;
}

interface Tablet {
  context: BrowserContext;
  page: Page;
  /** As the battery does: nothing is asked first. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

async function aTablet(path = '/till/'): Promise<Tablet> {
  network.isCut = network.isDeaf = false;
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-tablet-'));
  const url = `http://localhost:${network.port}`;
  const tablet = {} as Tablet;
  let kill: () => Promise<void>;
  const start = async (address: string) => {
    const started = await launchPersistentBrowser(folder);
    kill = () => started.kill();
    tablet.context = started.context;
    tablet.page = started.context.pages()[0] ?? (await started.context.newPage());
    await tablet.page.setViewportSize({ width: 1180, height: 820 });
    await tablet.page.goto(address);
  };
  tablet.kill = () => kill();
  tablet.restart = () => start(`${url}/till/`);
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await start(url + path);
  return tablet;
}

/** Enrolled, Ada signed in, the page on the tablet, one gesture taken along. */
async function atWork(shop: Shop): Promise<Tablet> {
  const tablet = await aTablet(`/till/?enrol=${await enrolmentCode(world, shop)}`);
  const { page } = tablet;
  await page.getByRole('button', { name: 'Connect' }).click();
  await signIn(page, 'Ada', PINS.ada);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.waitForFunction(hasTakenAlong);
  return tablet;
}

/** Put in by hand: on a busy machine a typed burst comes too slowly to be told for a scanner's. */
async function scan(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code, name or end of phone number').fill(code);
  await page.getByRole('button', { name: 'Find', exact: true }).click();
}

async function nextCustomer(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Next customer' }).click();
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
}

/**
 * The till looks for the server a quarter of a minute apart, and tells of a refusal at its third try, each later than the
 * last: half a minute also on an idle machine.
 */
const TOLD_WITHIN_MS = 60_000;

const salesOf = (shop: Shop) => rowsOf(world.db, shop, 'sales');
const keptOf = async (shop: Shop) => (await listKeptTaps(world.db)(shop.manager, {})).items;
const isSound = async ({ merchantId }: Shop) => (await verifyLedger(world.db)({ merchantId })).fault === null;

test(
  '50 taps made offline, the browser killed, two tabs: the ledger holds each once',
  { timeout: 180_000 },
  async () => {
    const shop = await aStaffedShop(world, { coolDownDays: 0 });
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const tablet = await atWork(shop);
    const { page } = tablet;
    await scan(page, sam.cardCode);
    await page.getByRole('heading', { name: 'Sam' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    network.cut();
    for (let sales = 0; sales < 48; sales++) {
      await scan(page, sam.cardCode);
      await page.getByRole('heading', { name: 'Sam' }).waitFor();
      await sellOne(page);
      if (sales < 47) await nextCustomer(page);
    }
    await page.getByText(/^As of .*: there is no connection/).waitFor();
    await page.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
    await page.getByText('None left to give offline.').waitFor();
    await nextCustomer(page);
    await sellWithoutCard(page);
    await page.locator('.banner', { hasText: '50 taps wait to be sent.' }).waitFor();

    await tablet.kill();
    await tablet.restart();
    await tablet.page.locator('.banner', { hasText: '50 taps wait to be sent.' }).waitFor();
    const second = await tablet.context.newPage();
    await second.goto(tablet.page.url());
    await second.locator('.banner', { hasText: '50 taps wait to be sent.' }).waitFor();
    expect(await salesOf(shop)).toHaveLength(0);

    network.isCut = false;
    await expect.poll(async () => (await salesOf(shop)).length, { timeout: 60_000 }).toBe(49);
    await second.locator('.waiting-note').waitFor({ state: 'detached' });
    const gestures = await rowsOf(world.db, shop, 'gestures');
    expect(gestures).toHaveLength(1);
    const taps = (await salesOf(shop)).filter(({ cardId }) => cardId === sam.cardId);
    expect(taps).toHaveLength(48);
    expect(gestures[0]!.saleId).toBe(taps.toSorted((a, b) => (a.saleId < b.saleId ? -1 : 1)).at(-1)!.saleId);
    // At the moment they were tapped, not when they arrived.
    expect(
      taps.every(({ occurredAt, recordedAt }) => recordedAt.getTime() - occurredAt.getTime() > 1_000),
    ).toBe(true);
    expect(await keptOf(shop)).toEqual([]);
    expect(await isSound(shop)).toBe(true);
  },
);

test('an answer lost after the server had recorded it counts once', { timeout: 90_000 }, async () => {
  const shop = await aStaffedShop(world);
  const tablet = await atWork(shop);
  const { page } = tablet;
  network.loses = 'POST /api/v1/sales';
  network.lost = 0;
  await sellWithoutCard(page);
  await expect.poll(() => network.lost).toBeGreaterThan(0);
  await tablet.kill();
  network.loses = null;
  await tablet.restart();
  await tablet.page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await expect.poll(() => waitingTaps(tablet.page)).toBe(0);
  expect(await salesOf(shop)).toHaveLength(1);
});

test(
  'what was sold by somebody whose session ended, or who left, since then still counts',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await atWork(shop);
    const { page } = tablet;
    network.cut();
    await sellWithoutCard(page);
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    await page.waitForTimeout(1_500); // the server knows a tap's moment to the second
    await endStaff(world.db, systemClock)(shop.owner, { staffId: shop.ada.staffId });
    await endSessions(world, shop);
    network.isCut = false;
    await expect.poll(async () => (await salesOf(shop)).length, { timeout: 30_000 }).toBe(1);
    expect((await salesOf(shop))[0]!.staffId).toBe(shop.ada.staffId);
  },
);

test(
  'what was tapped after the session had ended is kept for the manager with its reason',
  { timeout: 120_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await atWork(shop);
    const { page } = tablet;
    network.cut();
    await page
      .locator('.banner', { hasText: 'No connection' })
      .waitFor({ timeout: 1_000 })
      .catch(() => undefined);
    await endSessions(world, shop);
    await page.waitForTimeout(1_500);
    await sellWithoutCard(page);
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    network.isCut = false;
    await page
      .locator('.banner', { hasText: 'Nobody was signed in when it was tapped. A manager can see it.' })
      .waitFor({ timeout: TOLD_WITHIN_MS });
    expect(await salesOf(shop)).toHaveLength(0);
    expect(await keptOf(shop)).toMatchObject([
      { operation: 'sale', refusal: 'session-over', staffName: 'Ada', body: { lines: [{ quantity: 1 }] } },
    ]);
    await page.getByRole('button', { name: 'Seen' }).click();
    await page.locator('.refused').waitFor({ state: 'detached' });
    expect(await keptOf(shop)).toHaveLength(1);
  },
);

test(
  'a sale that is refused keeps the card it was put on since; one that was taken back since is nobody’s business',
  { timeout: 120_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const tablet = await atWork(shop);
    const { page } = tablet;
    network.cut();
    await endSessions(world, shop);
    await page.waitForTimeout(1_500); // the server knows a tap's moment to the second
    await sellWithoutCard(page);
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    await page.getByRole('button', { name: /^Undo Flat white/ }).click(); // it may have arrived: that is another tap
    await page.locator('.banner', { hasText: '2 taps wait to be sent.' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await sellWithoutCard(page);
    await page.getByRole('button', { name: 'Find their card' }).click();
    await scan(page, sam.cardCode);
    await page.locator('.banner', { hasText: '4 taps wait to be sent.' }).waitFor();
    network.isCut = false;
    await expect.poll(async () => (await keptOf(shop)).length, { timeout: TOLD_WITHIN_MS }).toBe(1);
    await expect.poll(() => inStore(page, 'taps')).toEqual([]);
    const [kept, ...others] = await keptOf(shop);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ operation: 'sale', refusal: 'session-over', card: { cardId: sam.cardId } });
    const { tapId } = kept!;
    expect(granted(await applyKeptTap(world.db, systemClock)(shop.manager, { tapId })).card!.stamps).toBe(1);
  },
);

test(
  'a card for a sale whose answer came too late to be known any more is kept for the manager',
  { timeout: 120_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const tablet = await atWork(shop);
    const { page } = tablet;
    network.loses = 'POST /api/v1/sales';
    network.lost = 0;
    await sellWithoutCard(page);
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    await page.getByRole('button', { name: 'Find their card' }).click();
    network.cut();
    network.loses = null;
    await scan(page, sam.cardCode);
    await page.locator('.banner', { hasText: '2 taps wait to be sent.' }).waitFor();
    expect(await salesOf(shop)).toHaveLength(1);
    await world.db.transact((tx) => forgetAnswers(tx, { before: systemClock.now() }));
    network.isCut = false;
    await page
      .locator('.banner', { hasText: 'We don’t know the sale it belongs to. A manager can see it.' })
      .waitFor({ timeout: TOLD_WITHIN_MS });
    expect(await keptOf(shop)).toMatchObject([{ operation: 'claim', card: { cardId: sam.cardId } }]);
  },
);

test('without a connection, a sale is taken off the next customer’s card before it was ever sent there', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await atWork(shop);
  const { page } = tablet;
  network.cut();
  await sellWithoutCard(page);
  await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
  await page.getByRole('button', { name: 'Find their card' }).click();
  await scan(page, sam.cardCode);
  await page.locator('.banner', { hasText: '2 taps wait to be sent.' }).waitFor();
  await page.getByRole('button', { name: 'Not theirs: take it off' }).click();
  await page.locator('.banner', { hasText: '£3.50 stays rung up, on no card.' }).waitFor();
  await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
  await sellOne(page);
  network.isCut = false;
  await expect.poll(async () => (await salesOf(shop)).length, { timeout: 30_000 }).toBe(2);
  expect((await salesOf(shop)).map(({ cardId }) => cardId)).toEqual([null, sam.cardId]);
  expect(await rowsOf(world.db, shop, 'refunds')).toEqual([]);
  expect(await keptOf(shop)).toEqual([]);
});

test('a sale taken off a card without a connection: the card shows it as soon as it is done', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam', stamps: 2 });
  const tablet = await atWork(shop);
  const { page } = tablet;
  await sellWithoutCard(page);
  await page.getByRole('button', { name: 'Find their card' }).click();
  await scan(page, sam.cardCode);
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  network.cut();
  await page.getByRole('button', { name: 'Not theirs: take it off' }).click();
  await page.locator('.banner', { hasText: '2 taps wait to be sent.' }).waitFor();
  network.isCut = false;
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  const [claimed] = await salesOf(shop);
  expect((await salesOf(shop)).map(({ cardId }) => cardId)).toEqual([sam.cardId, null]);
  expect(await rowsOf(world.db, shop, 'refunds')).toMatchObject([{ saleId: claimed!.saleId }]);
});

test('a till that was ended meanwhile keeps its taps and says so', { timeout: 90_000 }, async () => {
  const shop = await aStaffedShop(world);
  const tablet = await atWork(shop);
  const { page } = tablet;
  network.cut();
  await sellWithoutCard(page);
  await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
  await endTills(world, shop);
  network.isCut = false;
  await page
    .locator('.waiting-note', { hasText: 'this till is no longer connected' })
    .waitFor({ timeout: 30_000 });
  expect(await waitingTaps(page)).toBe(1);
  expect(await salesOf(shop)).toHaveLength(0);
});

test(
  'a tablet that was ended at the desk and is connected anew: its taps arrive as Ada’s, those after the end are kept',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await atWork(shop);
    const { page } = tablet;
    network.cut();
    await sellWithoutCard(page);
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    await page.waitForTimeout(1_500); // the server knows a tap's moment to the second
    await endTills(world, shop);
    await page.waitForTimeout(1_500);
    await page.getByRole('button', { name: 'Next customer' }).click();
    await sellWithoutCard(page);
    await page.locator('.banner', { hasText: '2 taps wait to be sent.' }).waitFor();
    await tablet.kill();
    network.isCut = false;
    await tablet.restart();
    const again = tablet.page;
    await again.getByRole('heading', { name: 'Connect this till' }).waitFor();
    await again.locator('.waiting-note', { hasText: '2 taps wait' }).waitFor();
    await again.getByLabel('Code').fill(await enrolmentCode(world, shop));
    await again.getByRole('button', { name: 'Connect' }).click();
    await again.getByText('This till had been disconnected at the desk when it was tapped.').waitFor();
    const [sale, ...others] = await salesOf(shop);
    expect(others).toEqual([]);
    expect(sale!.staffId).toBe(shop.ada.staffId);
    const devices = await rowsOf(world.db, shop, 'devices');
    expect(devices.find(({ deviceId }) => deviceId === sale!.deviceId)!.endedAt).not.toBeNull();
    await expect
      .poll(() => keptOf(shop))
      .toMatchObject([{ operation: 'sale', refusal: 'till-ended', staffName: 'Ada' }]);
    expect(await waitingTaps(again)).toBe(0);
  },
);

test(
  'five wrong PINs without a connection, and the right one opens nothing any more',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await atWork(shop);
    // What is sealed with a PIN takes a moment.
    await expect.poll(() => mayUnlock(tablet.page)).toBe(true);
    network.cut();
    await tablet.kill();
    await tablet.restart();
    const { page } = tablet;
    await page.getByRole('button', { name: 'Ada' }).click();
    for (const left of ['4 tries left.', '3 tries left.', '2 tries left.', '1 try left.', '0 tries left.']) {
      await enterPin(page, 'Ada', '1234');
      await page.getByText(`That PIN is not right. ${left}`).waitFor();
    }
    await enterPin(page, 'Ada', PINS.ada);
    await page.getByText('Without a connection nobody can sign in here.').waitFor();
  },
);

test(
  'a tablet whose plug was pulled at the fifth wrong PIN does not try another',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await atWork(shop);
    await expect.poll(() => mayUnlock(tablet.page)).toBe(true);
    network.cut();
    await tablet.page.evaluate(useUpTries);
    await tablet.kill();
    await tablet.restart();
    const { page } = tablet;
    await page.getByRole('button', { name: 'Ada' }).click();
    await enterPin(page, 'Ada', PINS.ada);
    await page.getByText('Without a connection nobody can sign in here.').waitFor();
  },
);

test(
  'the till starts without any network, and whoever was signed in unlocks it and goes on',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const tablet = await atWork(shop);
    await scan(tablet.page, sam.cardCode);
    await tablet.page.getByRole('heading', { name: 'Sam' }).waitFor();
    network.cut();
    await tablet.kill();
    await tablet.restart();
    const { page } = tablet;
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    expect(await page.evaluate(everythingOnTheTablet)).not.toContain('Sam');
    await page.getByRole('button', { name: 'Ben' }).click();
    await enterPin(page, 'Ben', PINS.ben);
    await page.getByText('Without a connection only Ada can unlock this till.').waitFor();
    await page.getByRole('button', { name: 'Somebody else' }).click();
    await page.getByRole('button', { name: 'Ada' }).click();
    await enterPin(page, 'Ada', '1234');
    await page.getByText('That PIN is not right. 4 tries left.').waitFor();
    await enterPin(page, 'Ada', PINS.ada);
    await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
    // Nobody here knows whose card this is any more; it is stamped all the same.
    await scan(page, sam.cardCode);
    await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
    await sellOne(page);
    network.isCut = false;
    await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor({ timeout: 30_000 });
    await page.getByRole('heading', { name: 'Sam' }).waitFor();
  },
);

test(
  'a sale that never left the tablet is undone without a trace; a gesture so undone can be given again',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const tablet = await atWork(shop);
    const { page } = tablet;
    await scan(page, sam.cardCode);
    await page.getByRole('heading', { name: 'Sam' }).waitFor();
    network.cut();
    await sellOne(page);
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    await page.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
    await page.locator('.banner', { hasText: '2 taps wait to be sent.' }).waitFor();
    await page.getByRole('button', { name: /^Undo Double stamp/ }).click();
    await page.getByRole('button', { name: 'Double stamp 1 left offline' }).waitFor();
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    network.isCut = false;
    await expect.poll(async () => (await salesOf(shop)).length, { timeout: 30_000 }).toBe(1);
    expect(await rowsOf(world.db, shop, 'gestures')).toHaveLength(0);
  },
);

test(
  'a gesture the rules refuse when it arrives is kept for the manager, and the sale it came with counts',
  { timeout: 120_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const adas = await aCard(world.db, shop, { staffId: shop.ada.staffId });
    const tablet = await atWork(shop);
    const { page } = tablet;
    await setAllowances(world.db, shop, { scope: 'staff', period: 'day', gesturesLimit: 1 });
    network.cut();
    await scan(page, adas.cardCode);
    await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
    await sellOne(page);
    await page.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
    await page.locator('.banner', { hasText: '2 taps wait to be sent.' }).waitFor();
    await nextCustomer(page);
    network.isCut = false;
    await page
      .locator('.banner', { hasText: 'Not accepted: Double stamp.' })
      .waitFor({ timeout: TOLD_WITHIN_MS });
    expect(await salesOf(shop)).toHaveLength(1);
    await expect.poll(async () => (await keptOf(shop)).map(({ refusal }) => refusal)).toEqual(['own-card']);
    expect((await keptOf(shop))[0]!.body).toMatchObject({ cardCode: adas.cardId });
  },
);

test(
  'Wi-Fi that swallows everything holds nobody up: a coffee is stamped and a kindness given all the same',
  { timeout: 120_000 },
  async () => {
    const shop = await aStaffedShop(world, { coolDownDays: 0 });
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const tablet = await atWork(shop);
    const { page } = tablet;
    await scan(page, sam.cardCode);
    await page.getByRole('heading', { name: 'Sam' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();

    network.isDeaf = true;
    await scan(page, sam.cardCode);
    await page.getByText(/^As of .*: there is no connection/).waitFor();
    await sellOne(page);
    await page.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
    await page.locator('.banner', { hasText: '2 taps wait to be sent.' }).waitFor();
    network.isDeaf = false;
    await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor({ timeout: 45_000 });

    // The same when it begins with the sale: nobody had noticed yet.
    await nextCustomer(page);
    network.isDeaf = true;
    await sellWithoutCard(page);
    await page.locator('.banner', { hasText: 'No connection. 1 tap waits to be sent.' }).waitFor();
    network.isDeaf = false;
    await expect.poll(async () => (await salesOf(shop)).length, { timeout: 45_000 }).toBe(2);
  },
);

test(
  'whoever locks the till in the moment the network goes unlocks it again; who signed out before is gone',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await atWork(shop);
    const { page } = tablet;
    network.cut();
    await page.getByRole('button', { name: /Lock/ }).click();
    await signIn(page, 'Ada', PINS.ada);
    network.isCut = false;
    await page
      .locator('.banner', { hasText: 'No connection' })
      .waitFor({ state: 'detached', timeout: 30_000 });
    await page.getByRole('button', { name: /Lock/ }).click();
    await expect
      .poll(async () => (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => !endedAt))
      .toEqual([]);
    await expect.poll(() => mayUnlock(page)).toBe(false); // the tablet has heard that it is over
    network.cut();
    await page.getByRole('button', { name: 'Ada' }).click();
    await enterPin(page, 'Ada', PINS.ada);
    await page.getByText('Without a connection nobody can sign in here.').waitFor();
  },
);

test(
  'what was done for a customer is remembered without a connection, and what is undone then is undone when it is back',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    const tablet = await atWork(shop);
    const { page } = tablet;
    await scan(page, sam.cardCode);
    await sellOne(page);
    await page.getByRole('button', { name: /^Double stamp/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
    await page.getByText('They had one recently').waitFor();
    await nextCustomer(page);
    network.cut();
    await scan(page, sam.cardCode);
    await page.getByText(/^As of .*: there is no connection/).waitFor();
    await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
    await page.getByText('They had one recently').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();

    network.isCut = false;
    await page
      .locator('.banner', { hasText: 'No connection' })
      .waitFor({ state: 'detached', timeout: 30_000 });
    await scan(page, sam.cardCode);
    await page.getByRole('heading', { name: 'Sam' }).waitFor();
    await sellOne(page);
    await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
    network.cut();
    await page.getByRole('button', { name: /^Undo Flat white/ }).click();
    await page.locator('.banner', { hasText: 'Undone: Flat white £3.50 Kept here' }).waitFor();
    network.isCut = false;
    await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor({ timeout: 30_000 });
    expect(await rowsOf(world.db, shop, 'refunds')).toHaveLength(1);
  },
);

/** Taps on the tablet's disk that the server has not answered. */
async function waitingTaps(page: Page): Promise<number> {
  const taps = (await inStore(page, 'taps')) as { operation: string }[];
  return taps.filter(({ operation }) => operation !== 'return_lease').length;
}

/** Whether somebody's session lies sealed on the tablet, for them to unlock it without a network. */
async function mayUnlock(page: Page): Promise<boolean> {
  const kept = await inStore(page, 'kept');
  return kept.some((value) => typeof value === 'object' && value !== null && 'box' in value);
}

/** What is in one of the till's stores on the tablet. */
function inStore(page: Page, store: 'taps' | 'kept'): Promise<unknown[]> {
  return page.evaluate(
    (name) =>
      new Promise<unknown[]>((resolve, reject) => {
        const opening = indexedDB.open('doublestamp-till');
        opening.onerror = () => reject(new Error('no database'));
        opening.onsuccess = () => {
          const reading = opening.result.transaction(name).objectStore(name).getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(reading.result);
          };
        };
      }),
    store,
  );
}

/** As the fifth wrong PIN leaves it, before anything else is done about it. */
async function useUpTries(): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open('doublestamp-till');
    opening.onsuccess = () => resolve(opening.result);
  });
  await new Promise<void>((resolve) => {
    const tx = db.transaction('kept', 'readwrite', { durability: 'strict' });
    tx.oncomplete = () => resolve();
    const kept = tx.objectStore('kept');
    const reading = kept.get('sealed-session');
    reading.onsuccess = () => kept.put({ ...reading.result, triesLeft: 0 }, 'sealed-session');
  });
  db.close();
}

/** All that the page has put on the tablet, as text. */
async function everythingOnTheTablet(): Promise<string> {
  const text: string[] = [JSON.stringify(localStorage)];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) text.push(await (await cache.match(request))!.text());
  }
  const db = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open('doublestamp-till');
    opening.onsuccess = () => resolve(opening.result);
  });
  for (const store of db.objectStoreNames)
    await new Promise<void>((resolve) => {
      const reading = db.transaction(store).objectStore(store).getAll();
      reading.onsuccess = () => {
        text.push(JSON.stringify(reading.result));
        resolve();
      };
    });
  db.close();
  return text.join('\n');
}
