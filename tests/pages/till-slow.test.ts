// A network that brings answers seconds late, or loses them.
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { aCard } from '../support/a-card.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { findAxeViolations } from '../support/axe.ts';
import type { Page } from '../support/browser.ts';
import { blockCard, rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import { holdRequests, loseAnswers } from './hold.ts';
import {
  aConnectedTill,
  aRegular,
  aStaffedShop,
  aSureSeason,
  aTillAndSam,
  aTillAtWork,
  endSessions,
  enterPin,
  hasTakenAlong,
  PINS,
  sellOne,
  sellWithoutCard,
} from './till-tablet.ts';

const world = useWorld();

/** Longer than a barista is kept waiting for the answer to a tap, or to a scan. */
const PATIENCE_MS = 2_600;

/** All that the till asks. */
const EVERYTHING = ['**/api/**', '**/healthz'];

test('answers that come seconds late hold nobody up, and are shown when they come', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, {
    stamps: 2,
    tablet: { hasMovableClock: true },
  });
  const ida = await aCard(world.db, shop, { customerName: 'Ida', stamps: 4 });
  const letGo = await holdRequests(page, ...EVERYTHING);
  await scan(sam.cardCode);
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await page.locator('.banner', { hasText: 'Slow connection. Sales are kept here.' }).waitFor();
  // From now on nobody waits for an answer, and the next customer not for the last one's.
  await sellOne(page);
  await page.locator('.banner', { hasText: 'Slow connection. 1 tap waits to be sent.' }).waitFor();
  await page.getByText('The stamps follow in a moment.').waitFor();
  await scan(ida.cardCode);
  await page.clock.fastForward(1_000);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  const coffee = page.getByRole('button', { name: 'Flat white £3.50' });
  const before = await coffee.boundingBox();
  letGo();
  await page.getByRole('heading', { name: 'Ida' }).waitFor();
  expect(await coffee.boundingBox()).toEqual(before);
  await sellOne(page);
  await page.getByRole('img', { name: '5 of 10 stamps' }).waitFor();
  await page.locator('.banner', { hasText: 'Slow connection' }).waitFor({ state: 'detached' });
  const sales = await rowsOf(world.db, shop, 'sales');
  expect(sales.map(({ cardId }) => cardId)).toEqual([sam.cardId, ida.cardId]);
});

test('a server whose every answer takes three seconds is still one: what was tapped arrives', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 2 });
  for (const address of EVERYTHING)
    await page.route(address, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await route.continue().catch(() => undefined);
    });
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await sellOne(page);
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: sam.cardId }]);
  expect(await page.locator('.banner', { hasText: 'No connection' }).count()).toBe(0);
});

test('a tap that nobody waited for, under a session that is over, asks for the PIN again', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop, { hasMovableClock: true });
  const letGo = await holdRequests(page, ...EVERYTHING);
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('button', { name: 'Next customer' }).click();
  await endSessions(world, shop);
  await sellWithoutCard(page);
  letGo();
  await page.getByText('You were signed out.').waitFor();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByRole('button', { name: /Lock/ }).waitFor();
});

test('who a customer is becomes known while their sale is on its way, and stays known', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 2, tablet: { hasMovableClock: true } });
  const answerScan = await holdRequests(page, '**/api/v1/scans');
  const answerSale = await holdRequests(page, '**/api/v1/sales');
  await scan(sam.cardCode);
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await page.locator('.banner', { hasText: 'Slow connection' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('Sending …').waitFor();
  answerScan();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  expect(await page.getByRole('heading', { name: 'Sam' }).count()).toBe(1);
  expect(await page.getByRole('img', { name: '2 of 10 stamps' }).count()).toBe(1);
  answerSale();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
});

test('a card that is scanned again when the connection is back is still the customer it was: the sale stays on the screen', async () => {
  const { shop, sam, page, context, scan } = await aTillAndSam(world, { stamps: 2 });
  await context.setOffline(true);
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await sellOne(page);
  await context.setOffline(false);
  await scan(sam.cardCode); // the phone still lies there
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  expect(await page.getByRole('heading', { name: '£3.50 to pay' }).count()).toBe(1);
  await page.getByRole('button', { name: /^Undo Flat white/ }).click();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: sam.cardId }]);
});

test('what was just given, or taken back, says at once whether more may be given: nothing moves later', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { tablet: { width: 375, height: 812 } });
  await holdRequests(page, '**/api/v1/cards/**'); // nothing but the answers to what is tapped
  const coolDown = page.getByText('They had one recently.');
  const line = page.locator('.act');
  await scan(sam.cardCode);
  await page.getByRole('button', { name: /^Free item/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cappuccino' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Long wait' }).click();
  const undo = page.getByRole('button', { name: /^Undo Cappuccino/ });
  await undo.waitFor();
  expect(await coolDown.count()).toBe(1);
  const { height } = (await line.boundingBox())!;
  await undo.click();
  await page.getByText('Undone', { exact: true }).waitFor();
  expect(await coolDown.count()).toBe(0);
  expect((await line.boundingBox())!.height).toBe(height);
  expect(await page.getByRole('button', { name: /^Free item/ }).isEnabled()).toBe(true);
});

test('a kindness goes with a sale that was sent while its card was still on its way', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, {
    stamps: 2,
    tablet: { hasMovableClock: true },
  });
  const answerSale = await holdRequests(page, '**/api/v1/sales');
  const answerClaim = await holdRequests(page, '**/api/v1/stamps');
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  await page.locator('.banner', { hasText: 'Slow connection' }).waitFor({ state: 'detached' });
  const claimed = page.waitForRequest('**/api/v1/stamps');
  await scan(sam.cardCode);
  await page.getByText('Sending …').waitFor();
  answerSale();
  await claimed;
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByText('The stamps follow').waitFor();
  answerClaim();
  await page.getByText('+ 1 stamp', { exact: true }).waitFor();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await expect.poll(async () => (await rowsOf(world.db, shop, 'sales'))[0]?.cardId).toBe(sam.cardId);
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();
  const [sale] = await rowsOf(world.db, shop, 'sales');
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([{ saleId: sale!.saleId }]);
});

test('a stamp given with a sale that is still on its way is shown with it also when its answer has come', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 2, tablet: { hasMovableClock: true } });
  await page.waitForFunction(hasTakenAlong);
  await scan(sam.cardCode);
  const answerSale = await holdRequests(page, '**/api/v1/sales');
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.clock.fastForward(PATIENCE_MS);
  await page.locator('.act-label', { hasText: 'Double stamp' }).waitFor();
  answerSale();
  await page.getByText('+ 1 stamp and 1 extra', { exact: true }).waitFor();
});

test('a kindness the till did not take along is promised when the server has agreed, and not before', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 2 });
  const [sam, ida, zoe] = await Promise.all(
    ['Sam', 'Ida', 'Zoe'].map((customerName) => aCard(world.db, shop, { customerName })),
  );
  const { page, scan } = await aTillAtWork(world, shop, { hasMovableClock: true });
  await expect.poll(async () => (await rowsOf(world.db, shop, 'leases')).length).toBe(1);
  granted(await aTill(world.db, systemClock, shop).give(zoe!)); // at another till: none is left there
  const letGo = await holdRequests(page, ...EVERYTHING);
  await scan(sam!.cardCode);
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.locator('.act-label', { hasText: 'Double stamp' }).waitFor();
  await page.getByRole('button', { name: 'Next customer' }).click();
  await scan(ida!.cardCode);
  await page.clock.fastForward(1_000);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  letGo();
  await page.getByRole('dialog').getByText('None left.').waitFor();
  expect(await page.locator('.act-label').count()).toBe(0);
  const gestures = await rowsOf(world.db, shop, 'gestures');
  expect(gestures.map(({ cardId }) => cardId).toSorted()).toEqual([sam!.cardId, zoe!.cardId].toSorted());
});

test('a kindness whose answer is lost is not promised: it shows when it is known whether it counts', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 2, coolDownDays: 0 });
  const [sam, ida, zoe] = await Promise.all(
    ['Sam', 'Ida', 'Zoe'].map((customerName) => aCard(world.db, shop, { customerName })),
  );
  const { page, scan, signIn } = await aConnectedTill(world, shop);
  const refusal = JSON.stringify({ title: 'None left', status: 409, refused: 'allowance-spent' });
  await page.route('**/api/v1/leases', (route) => route.fulfill({ status: 409, body: refusal }));
  await signIn('Ada', PINS.ada);
  const unclear = unclearOn(page);
  const act = page.locator('.act-label');
  await scan(sam!.cardCode);
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).click();
  await loseAnswers(page, '**/api/v1/gestures');
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await unclear.waitFor();
  expect(await rowsOf(world.db, shop, 'gestures')).toHaveLength(1);
  expect(await act.count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Double stamp/ }).isDisabled()).toBe(true);
  expect(await findAxeViolations(page)).toEqual([]);
  await page.unroute('**/api/v1/gestures');
  await act.filter({ hasText: 'Double stamp' }).waitFor();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: 'Next customer' }).click();

  granted(await aTill(world.db, systemClock, shop).give(zoe!)); // at another till: that was the last
  await scan(ida!.cardCode);
  await page.getByRole('button', { name: 'Cappuccino £3.40' }).click();
  await page.getByRole('button', { name: 'Free item 1 left today' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cappuccino' }).click();
  await loseAnswers(page, '**/api/v1/gestures');
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await unclear.waitFor();
  await page.getByRole('button', { name: 'Ring up £3.40' }).waitFor(); // not taken off the sale
  await page.unroute('**/api/v1/gestures');
  await page.locator('.banner', { hasText: 'None left.' }).waitFor();
  expect(await act.count()).toBe(0);
  await page.getByRole('button', { name: 'Ring up £3.40' }).waitFor();
  const gestures = await rowsOf(world.db, shop, 'gestures');
  expect(gestures.map(({ cardId }) => cardId).toSorted()).toEqual([sam!.cardId, zoe!.cardId].toSorted());
});

test('a treat of the house whose answer is lost is not promised either, and is then for whoever gave it to take back', async () => {
  const shop = await aStaffedShop(world);
  await aSureSeason(world, shop);
  const [sam, ida] = [await aRegular(world, shop, 'Sam'), await aRegular(world, shop, 'Ida')];
  const { page, scan } = await aTillAtWork(world, shop);
  const treat = page.locator('.lucky').getByRole('button', { name: 'Double stamp' });
  const act = page.locator('.act-label', { hasText: 'Double stamp' });
  const handOverTo = async (name: string, pin: string) => {
    await page.getByRole('button', { name: /Lock/ }).click();
    await page.getByRole('button', { name }).click();
    await enterPin(page, name, pin);
  };
  await scan(sam.cardCode);
  await loseAnswers(page, '**/api/v1/gestures');
  await treat.click();
  await unclearOn(page).waitFor();
  expect(await act.count()).toBe(0);
  expect(await treat.isDisabled()).toBe(true);
  await handOverTo('Ben', PINS.ben);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.unroute('**/api/v1/gestures');
  await act.waitFor();
  expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  const gestures = () => rowsOf(world.db, shop, 'gestures');
  expect(await gestures()).toMatchObject([{ fundedBy: 'lucky', staffId: shop.ada.staffId }]);
  await page.getByRole('button', { name: 'Next customer' }).click();

  // And one that is refused while nobody is there to be told is kept for the manager.
  await scan(ida.cardCode);
  await treat.waitFor();
  await page.route('**/api/v1/gestures', (route) => route.abort());
  await treat.click();
  await unclearOn(page).waitFor();
  await blockCard(world.db, shop, ida.cardId);
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.unroute('**/api/v1/gestures');
  const kept = async () => (await rowsOf(world.db, shop, 'keptTaps')).map(({ refusal }) => refusal);
  await expect.poll(kept, { timeout: 40_000 }).toEqual(['card-blocked']);
  expect(await gestures()).toHaveLength(1);
}, 90_000);

test(
  'what the till took along without hearing of it is found again, however often the network goes',
  { timeout: 90_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const { page, signIn } = await aConnectedTill(world, shop);
    let lost = 0;
    await page.route('**/api/v1/leases', async (route) => {
      if (lost < 10) {
        if (lost++ === 0) await route.fetch();
        await route.abort();
      } else await route.continue();
    });
    await signIn('Ada', PINS.ada);
    const leases = () => rowsOf(world.db, shop, 'leases');
    await expect.poll(async () => (await leases()).length, { timeout: 60_000 }).toBe(2);
    await expect.poll(async () => (await leases()).filter(({ returnedAt }) => returnedAt).length).toBe(1);
  },
);

test('a name as long as a code is found on a slow network like any other', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { customerName: 'Jonathan' });
  const { page } = await aTillAtWork(world, shop, { hasMovableClock: true });
  const letGo = await holdRequests(page, ...EVERYTHING);
  await page.getByLabel('Code, name or end of phone number').fill('Jonathan');
  const asked = page.waitForRequest('**/api/v1/scans');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await asked;
  await page.clock.fastForward(PATIENCE_MS);
  letGo();
  await page.locator('.found-one', { hasText: 'Jonathan' }).waitFor();
});

const unclearOn = (page: Page) => page.locator('.banner', { hasText: 'No answer yet, so we can’t tell' });

/** Looks like a card, and is nobody's. */
const NOBODYS_CODE = `GST1:${'A'.repeat(26)}`;

test('a card that turns out to be nobody’s takes what was asked about it off the screen', async () => {
  const shop = await aStaffedShop(world);
  const { page, scan } = await aTillAtWork(world, shop, { hasMovableClock: true });
  await page.waitForFunction(hasTakenAlong); // to be given also when answers are held for so long that it is offline
  const letGo = await holdRequests(page, ...EVERYTHING);
  await scan(NOBODYS_CODE);
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  await page.getByRole('dialog').waitFor();
  letGo();
  await page.getByRole('heading', { name: 'No card' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('a sale that is refused late is not on the screen any more, and the right card is served', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, {
    stamps: 2,
    tablet: { hasMovableClock: true },
  });
  const letGo = await holdRequests(page, ...EVERYTHING);
  await scan(NOBODYS_CODE);
  await page.clock.fastForward(PATIENCE_MS);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await sellOne(page);
  letGo();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor({ state: 'detached' });
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await sellOne(page);
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
});
