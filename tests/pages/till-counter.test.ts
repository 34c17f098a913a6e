import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { editItem } from '../../src/operations/edit-item.ts';
import { addLocation } from '../../src/operations/edit-location.ts';
import { editPreferences } from '../../src/operations/edit-preferences.ts';
import { addStaff, editStaff } from '../../src/operations/edit-staff.ts';
import { aCard, adjustCard, attempt } from '../support/a-card.ts';
import type { Shop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { findAxeViolations } from '../support/axe.ts';
import { liveCodeOf } from '../support/live-code-of.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { useWorld } from './a-world.ts';
import { holdAnswer, holdRequests } from './hold.ts';
import {
  aConnectedTill,
  aNewTablet,
  aRegular,
  aStaffedShop,
  aSureSeason,
  aTillAndSam,
  aTillAtWork,
  endSessions,
  endTills,
  enrolmentCode,
  enterPin,
  hasTakenAlong,
  PINS,
  sellOne,
  sellWithoutCard,
  signIn,
  typeAsScanner,
} from './till-tablet.ts';

const world = useWorld();

test('a change of shift in the middle of a customer keeps what was tapped, and the next tap is the new person’s', async () => {
  const shop = await aStaffedShop(world);
  const bens = await aCard(world.db, shop, { customerName: 'Ben', staffId: shop.ben.staffId, stamps: 2 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam', stamps: 4 });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  const handOverToBen = async () => {
    await page.getByRole('button', { name: /Lock/ }).click();
    await page.getByText('waits a minute for whoever comes next').waitFor();
    expect(await page.getByText('Sam').count()).toBe(0);
    await page.getByRole('button', { name: 'Ben' }).click();
    await enterPin(page, 'Ben', PINS.ben);
  };
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await page.getByRole('button', { name: 'Long day' }).click();
  await page.getByRole('button', { name: /^Undo Double stamp/ }).waitFor();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await handOverToBen();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  // What Ada gave is Ada's to take back.
  expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('img', { name: '6 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: /^Undo Flat white/ }).waitFor();
  const sales = await rowsOf(world.db, shop, 'sales');
  expect(sales).toMatchObject([{ staffId: shop.ben.staffId, cardId: sam.cardId }]);
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([{ staffId: shop.ada.staffId }]);
  await page.getByRole('button', { name: 'Next customer' }).click();

  // Ben's own card, brought to Ada and left on the screen for Ben: nobody treats themselves.
  await page.getByRole('button', { name: /Lock/ }).click();
  await tablet.signIn('Ada', PINS.ada);
  await tablet.scan(bens.cardCode);
  await page.getByRole('heading', { name: 'Ben' }).waitFor();
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).waitFor();
  await handOverToBen();
  await page.getByText('This is your own card').waitFor();
});

test('a price in dinars means the same on the tablet as in the books, whatever digits its browser gives them', async () => {
  const shop = await aStaffedShop(world, { currency: 'RSD' });
  const { cardCode } = await aCard(world.db, shop);
  const tablet = await aTillAtWork(world, shop);
  await tablet.scan(cardCode);
  await tablet.page.getByRole('button', { name: 'Flat white RSD 3.50' }).waitFor();
});

test('with the lock nobody’s name is left on the page, also when it was the server that ended the session', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam Okafor' });
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam', exact: true }).waitFor();
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  expect(await page.content()).not.toContain('Sam');
  await page.getByRole('button', { name: 'Ada' }).click();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();

  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await endSessions(world, shop);
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('You were signed out.').waitFor();
  await page.clock.fastForward(301_000);
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  expect(await page.content()).not.toContain('Sam');
  await tablet.signIn('Ada', PINS.ada); // and not to Sam, hours later
});

test('who may not work at this till any more is told so, and their customer waits for a colleague', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  const elsewhere = granted(
    await addLocation(world.db, systemClock)(shop.owner, {
      attempt: attempt(),
      name: 'Elsewhere',
      timeZone: 'UTC',
      cutOffMinutes: 0,
    }),
  );
  await changeAda(shop, { locationId: elsewhere.locationId });
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.locator('.banner', { hasText: 'Ada can’t sign in at this till any more. The owner' }).waitFor();
  await page.getByText('waits a minute for whoever comes next').waitFor();
  expect(await page.getByRole('button', { name: 'Ada' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Ben' }).click();
  await page.getByText('Enter your PIN', { exact: true }).waitFor(); // Ben was not signed out
  await enterPin(page, 'Ben', PINS.ben);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ staffId: shop.ben.staffId }]);
});

test('whoever was given a new PIN in the middle of a customer is told to enter that one', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await changeAda(shop, { pin: '1928' });
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('the new one if you were given one').waitFor();
  await enterPin(page, 'Ada', '1928');
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
});

test('a till in use gets a new token in time, and need not be connected again', async () => {
  const { server } = world;
  const shop = await aStaffedShop(world);
  const { page, signIn } = await aConnectedTill(world, shop);
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  const now = systemClock.now();
  const tokenOfTill = () => page.evaluate(() => localStorage.getItem('doublestamp-till')!);
  const claimsOf = (token: string) => server.tokens.verifyToken(token, { audiences: ['till-device'], now })!;
  const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
  const old = server.tokens.signToken({ ...claimsOf(await tokenOfTill()), expiresAt: inDays(1) }, now);
  await page.evaluate((token) => localStorage.setItem('doublestamp-till', token), old);
  await page.reload();
  const endOfToken = async () => claimsOf(await tokenOfTill()).expiresAt.getTime();
  await expect.poll(endOfToken).toBeGreaterThan(inDays(364).getTime());
  await page.reload();
  await signIn('Ada', PINS.ada);
});

test('a till that the owner ends in the middle of a customer says so at the next tap, and shows nobody’s name', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await endTills(world, shop);
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.locator('.banner', { hasText: 'Ask the owner for a new code.' }).first().waitFor();
  await page.getByRole('heading', { name: 'Connect this till' }).waitFor();
  expect(await page.content()).not.toMatch(/Sam|Ada/);
  // Connected anew, it asks who is there.
  await page.getByLabel('Code').fill(await enrolmentCode(world, shop));
  await page.getByRole('button', { name: 'Connect' }).click();
  await tablet.signIn('Ben', PINS.ben);
});

test('somebody who was given a PIN just now need not wait for the till to notice', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  const { passwords } = world.server;
  const added = granted(
    await addStaff(
      world.db,
      systemClock,
      passwords,
    )(shop.owner, { attempt: attempt(), name: 'Eva', role: 'barista', pin: '3141' }),
  );
  expect(added.name).toBe('Eva');
  await page.getByRole('button', { name: /Lock/ }).click();
  await tablet.signIn('Eva', '3141');
});

test('a price changed while a till is in use is on it with the next customer, and moves nothing under a finger', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const kim = await aCard(world.db, shop, { customerName: 'Kim' });
  const { page, scan, signIn } = await aConnectedTill(world, shop, { hasMovableClock: true });
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.evaluate(() => localStorage.setItem('doublestamp-till-settings', '{"lockAfterMinutes":10}'));
  await page.reload();
  await signIn('Ada', PINS.ada);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  const { itemId } = shop.flatWhite;
  granted(await editItem(world.db, systemClock)(shop.owner, { itemId, change: { priceMinor: 370 } }));
  const read = page.waitForResponse('**/api/v1/devices/current*');
  await page.clock.fastForward(301_000);
  await (await read).finished();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.70 to pay' }).waitFor();
  await page.getByRole('button', { name: /^Undo Flat white £3.70/ }).waitFor();
  await scan(kim.cardCode);
  await page.getByRole('heading', { name: 'Kim' }).waitFor();
  await page.getByRole('button', { name: 'Flat white £3.70' }).waitFor();
});

test('without a connection the till says what can be done instead, and no more once it is back', async () => {
  const shop = await aStaffedShop(world);
  const { page, context } = await aTillAtWork(world, shop);
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await page.getByLabel('Code, name or end of phone number').fill('Sam');
  await page.keyboard.press('Enter');
  await page.locator('.banner', { hasText: 'Scan the card, or type its code: the stamps follow.' }).waitFor();
  await page.getByLabel('Code, name or end of phone number').fill('Jonathan');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Code JONA-THAN' }).waitFor();
  await page.getByRole('main').getByText('If that is a name: nobody can be looked up').waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'New card' }).click();
  // Before a name is typed for nothing.
  await page.locator('.banner', { hasText: 'Until then, ring up without one.' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.getByRole('button', { name: 'Ben' }).click();
  await enterPin(page, 'Ben', PINS.ben);
  await page.getByText('Without a connection only Ada can unlock this till.').waitFor();
  await context.setOffline(false);
  await page.getByText('Without a connection only Ada').waitFor({ state: 'detached' });
  await enterPin(page, 'Ben', PINS.ben);
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
});

test('who a card shown without a connection belongs to, and what is on it by now, comes by itself once it is back', async () => {
  const { shop, sam, page, context, scan } = await aTillAndSam(world);
  const kim = await aCard(world.db, shop, { customerName: 'Kim', stamps: 2 });
  await scan(kim.cardCode);
  await page.getByRole('heading', { name: 'Kim' }).waitFor();
  await context.setOffline(true);
  await scan(sam.cardCode);
  await page.getByRole('main').getByText('Whose it is we see when the connection is back.').waitFor();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).waitFor();

  await context.setOffline(true);
  await scan(kim.cardCode);
  await page.getByText(/^As of /).waitFor();
  granted(await aTill(world.db, systemClock, shop).sell(kim));
  await context.setOffline(false);
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  expect(await page.getByText(/^As of /).count()).toBe(0);

  await context.setOffline(true);
  await scan('GST1:AAAAAAAAAAAAAAAAAAAAAAAAAA');
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await context.setOffline(false);
  await page.locator('.banner', { hasText: 'We don’t know this card.' }).waitFor();
  await page.getByRole('heading', { name: 'No card' }).waitFor();
});

test('who comes again while what they had without a connection is still being sent sees it on their card', async () => {
  const { sam, page, context, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await sellOne(page);
  await page.getByRole('button', { name: 'Next customer' }).click();
  const sendSale = await holdRequests(page, '**/api/v1/sales');
  await scan(sam.cardCode);
  await page.getByText(/^As of /).waitFor();
  await context.setOffline(false);
  await page.getByText(/^As of /).waitFor({ state: 'detached' });
  await page.getByRole('img', { name: '0 of 10 stamps' }).waitFor();
  sendSale();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
});

test('a regular who was served without a connection is none the less one once it is back', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aRegular(world, shop, 'Sam');
  await adjustCard(world.db, shop, { cardId: sam.cardId, stamps: 11, now: systemClock.now() });
  const preferences = 'Oat milk';
  await editPreferences(world.db, systemClock)(shop.ada, { cardCode: sam.cardCode, preferences });
  const { page, context, scan } = await aTillAtWork(world, shop);
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await sellOne(page);
  await context.setOffline(false);
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: /^Oat milk/ }).waitFor();
  expect(await page.locator('.customer').innerText()).toContain('Last visit');
  expect(await page.locator('.stamp.new').count()).toBe(1);
  await page.getByRole('button', { name: 'Use it now Today’s Flat white is free' }).waitFor();
  expect(await page.getByText('The card is full!').count()).toBe(0); // it was before
  await page.getByRole('button', { name: 'Next customer' }).click();

  const kim = await aCard(world.db, shop, { customerName: 'Kim', stamps: 9 });
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await scan(kim.cardCode);
  await sellOne(page);
  await context.setOffline(false);
  await page.getByText('The card is full!').waitFor();
});

test('whoever looks away feels that a card is full also when the answer comes late, and not when it is taken back', async () => {
  const { sam, page, context, scan } = await aTillAndSam(world, { stamps: 9 });
  await expect.poll(() => page.evaluate(hasTakenAlong)).toBe(true);
  const felt = await page.evaluateHandle(() => {
    const patterns: unknown[] = [];
    navigator.vibrate = (pattern) => patterns.push(pattern) > 0;
    return patterns;
  });
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await sellOne(page);
  await context.setOffline(false);
  await page.getByText('The card is full!').waitFor();
  const [found, stamped, full] = [15, 25, [30, 60, 30, 60, 80]];
  await expect.poll(() => felt.jsonValue()).toEqual([found, stamped, full]);
  await page.getByRole('button', { name: /^Undo Flat white/ }).click();
  await page.getByRole('img', { name: '9 of 10 stamps' }).waitFor();
  expect(await felt.jsonValue()).toHaveLength(3);
});

test('whose card was put on a sale that was taken back is known once the connection is back', async () => {
  const { sam, page, context, scan } = await aTillAndSam(world);
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await sellWithoutCard(page);
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Card scanned' }).waitFor();
  await page.getByRole('button', { name: /^Undo Flat white/ }).click();
  await page.locator('.banner', { hasText: 'Undone: Flat white' }).waitFor();
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
});

/** As the owner does at the desk, under People. */
async function changeAda(shop: Shop, change: { locationId?: string; pin?: string }): Promise<void> {
  const { staffId } = shop.ada;
  const edit = editStaff(world.db, systemClock, world.server.passwords);
  granted(await edit(shop.owner, { staffId, change, sessionId: '' }));
}

test('a card shown while the sale is still being sent is not overlooked: the stamps go on it', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  const sendSale = await holdRequests(page, '**/api/v1/sales');
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('Sending …').waitFor();
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  sendSale();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: sam.cardId }]);
});

test('a customer nobody comes back to is off the till after a minute', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.getByText('waits a minute').waitFor();
  await page.clock.fastForward(62_000);
  await page.getByText('waits a minute').waitFor({ state: 'detached' });
  await tablet.signIn('Ada', PINS.ada);
});

test('how a customer likes it is not lost when there is no connection: it stays in the field, and says so', async () => {
  const { shop, sam, page, context, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  await context.setOffline(true);
  await page.getByLabel('For example').fill('Oat milk, no lid');
  await page.keyboard.press('Enter');
  await page.getByText('No connection: this is not kept yet.').waitFor();
  expect(await page.getByLabel('For example').inputValue()).toBe('Oat milk, no lid');
  await context.setOffline(false);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: /^Oat milk, no lid/ }).waitFor();
  expect(await rowsOf(world.db, shop, 'customers')).toMatchObject([{ preferences: 'Oat milk, no lid' }]);
});

test('how a customer likes it, changed elsewhere since the scan, is seen before it is written over', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  const changeElsewhere = async (preferences: string | null) =>
    granted(await editPreferences(world.db, systemClock)(shop.ben, { cardCode: sam.cardCode, preferences }));
  const kept = async () => (await rowsOf(world.db, shop, 'customers'))[0]!.preferences;
  const field = page.getByLabel('For example');
  await changeElsewhere('Oat milk');
  await scan(sam.cardCode);
  await page.getByRole('button', { name: /^Oat milk/ }).click();
  await changeElsewhere('Decaf');
  await page.getByRole('button', { name: 'Keep it' }).click(); // nothing was typed: nothing is changed
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await kept()).toBe('Decaf');
  await page.getByRole('button', { name: /^Oat milk/ }).click();
  await field.fill('Oat milk, no lid');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('alert').getByText('It was changed meanwhile: “Decaf”.').waitFor();
  expect(await kept()).toBe('Decaf');
  expect(await field.inputValue()).toBe('Oat milk, no lid');
  await field.fill('Decaf, oat milk, no lid');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: /^Decaf, oat milk, no lid/ }).waitFor();
  expect(await kept()).toBe('Decaf, oat milk, no lid');
  // And with the next scan it is as it is by now.
  await changeElsewhere(null);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'How do they like it?' }).waitFor();
});

test('how a customer likes it stays in the field, with why, when the server can’t keep it', async () => {
  const { sam, page, scan } = await aTillAndSam(world);
  await page.route('**/preferences', (route) => route.fulfill({ status: 500, json: { status: 500 } }), {
    times: 1,
  });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  await page.getByLabel('For example').fill('Oat milk, no lid');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('(500)').waitFor();
  expect(await page.getByLabel('For example').inputValue()).toBe('Oat milk, no lid');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: /^Oat milk, no lid/ }).waitFor();
  expect(await page.getByText('(500)').count()).toBe(0);
});

test('who was just given a card is served although the connection has gone meanwhile', async () => {
  const shop = await aStaffedShop(world);
  const { page, context } = await aTillAtWork(world, shop);
  await page.getByRole('button', { name: 'New card' }).click();
  await page.getByLabel('First name').fill('Priya');
  await page.getByRole('button', { name: 'Make the card' }).click();
  await page.getByRole('img', { name: 'QR code of the new card' }).waitFor();
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await page.getByRole('button', { name: 'Serve them now' }).click();
  await page.getByRole('heading', { name: 'Priya' }).waitFor();
  await sellOne(page);
  await context.setOffline(false);
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
});

test('no button moves under a thumb when the connection goes', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  for (const size of [
    { width: 390, height: 844 },
    { width: 820, height: 1180 },
    { width: 1180, height: 820 },
  ]) {
    const { page, context, scan } = await aTillAtWork(world, shop, size);
    await scan(sam.cardCode);
    await page.getByRole('heading', { name: 'Sam' }).waitFor();
    const places = async () =>
      Promise.all(
        [/^Flat white/, /^Double stamp/, 'Ring up'].map((name) =>
          page
            .getByRole('button', { name })
            .boundingBox()
            .then((box) => box!.y),
        ),
      );
    await page.getByRole('button', { name: 'Ring up' }).waitFor();
    const before = await places();
    await context.setOffline(true);
    await page.locator('.banner', { hasText: 'No connection' }).waitFor();
    expect(await places()).toEqual(before);
    expect(await findAxeViolations(page)).toEqual([]);
    const lock = await page.getByRole('button', { name: /Lock/ }).boundingBox();
    const said = await page.locator('.banner', { hasText: 'No connection' }).boundingBox();
    expect(said!.x + said!.width).toBeLessThanOrEqual(lock!.x);
  }
});

test('no browser offers to keep a PIN, for the next person to sign in with, and nobody reads it over a shoulder', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aConnectedTill(world, shop);
  await page.getByRole('button', { name: 'Ada' }).click();
  const field = page.getByLabel('PIN, Ada');
  expect(await field.evaluate(({ type }: HTMLInputElement) => type)).toBe('text');
  expect(await field.evaluate(isHidden)).toBe(true);
});

function isHidden(field: Element): boolean {
  return getComputedStyle(field).getPropertyValue('-webkit-text-security') === 'disc';
}

test('the figures of a PIN are large enough for a thumb in a hurry', async () => {
  const shop = await aStaffedShop(world);
  for (const size of [
    { width: 390, height: 844 },
    { width: 820, height: 1180 },
    { width: 1280, height: 800 },
  ]) {
    const { page } = await aConnectedTill(world, shop, size);
    await page.getByRole('button', { name: 'Ada' }).click();
    for (const figure of ['1', '5', '0']) {
      const box = await page.getByRole('button', { name: figure, exact: true }).boundingBox();
      expect(Math.min(box!.height, box!.width)).toBeGreaterThanOrEqual(72);
    }
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  }
});

test('when the allowance is spent and the draw says yes, the house gives one more and no manager is asked', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  await aSureSeason(world, shop, 'bonus');
  const sam = await aRegular(world, shop, 'Sam');
  const eve = await aRegular(world, shop, 'Eve');
  const { page, scan } = await aTillAtWork(world, shop);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).click();
  await page.getByRole('button', { name: 'Long wait' }).click();
  await page.getByRole('button', { name: 'Next customer' }).click();
  await scan(eve.cardCode);
  await page.getByRole('button', { name: 'Ask a manager for one more' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Double stamp' }).click();
  await dialog.getByRole('button', { name: 'Our mistake' }).click();
  await dialog.getByRole('heading', { name: 'The house gives you one more.' }).waitFor();
  expect(await findAxeViolations(page)).toEqual([]);
  expect(await rowsOf(world.db, shop, 'gestures')).toHaveLength(1);
  await dialog.getByRole('button', { name: 'Give it' }).click();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  const gestures = await rowsOf(world.db, shop, 'gestures');
  expect(gestures.map(({ fundedBy, reason }) => ({ fundedBy, reason }))).toEqual([
    { fundedBy: 'allowance', reason: 'long_wait' },
    { fundedBy: 'bonus', reason: 'our_mistake' },
  ]);
});

test('the house gives one more also with the coffee that is rung up first', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 0 });
  await aSureSeason(world, shop, 'bonus');
  const eve = await aRegular(world, shop, 'Eve');
  const { page, scan } = await aTillAtWork(world, shop);
  await scan(eve.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ask a manager for one more' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Double stamp' }).click();
  await dialog.getByText('Rings up', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Long day' }).click();
  await dialog.getByRole('heading', { name: 'The house gives you one more.' }).waitFor();
  await dialog.getByRole('button', { name: 'Give it' }).click();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  const [, sale] = await rowsOf(world.db, shop, 'sales');
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([
    { fundedBy: 'bonus', saleId: sale!.saleId, drawId: expect.any(String) as string },
  ]);
});

test('a suggestion is only that: it asks for a reason, comes from what is left, and can be let pass', async () => {
  const shop = await aStaffedShop(world);
  await aSureSeason(world, shop, 'suggestion');
  const sam = await aRegular(world, shop, 'Sam');
  const ida = await aRegular(world, shop, 'Ida');
  const { page, scan } = await aTillAtWork(world, shop);
  await scan(sam.cardCode);
  await page.getByText('Only if it feels right. It comes from what you have left.').waitFor();
  expect(await findAxeViolations(page)).toEqual([]);
  await page.locator('.lucky').getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).waitFor();
  await page.getByRole('button', { name: 'Next customer' }).click();
  await scan(ida.cardCode);
  await page.getByRole('button', { name: 'Let it pass' }).click();
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).waitFor();
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([
    { fundedBy: 'allowance', reason: 'regular' },
  ]);
});

test('a suggestion may be followed with the last one left, which the till took along', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  await aSureSeason(world, shop, 'suggestion');
  const sam = await aRegular(world, shop, 'Sam');
  const { page, scan } = await aTillAtWork(world, shop);
  await expect.poll(async () => (await rowsOf(world.db, shop, 'leases')).length).toBe(1);
  await scan(sam.cardCode);
  await page.locator('.lucky').getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([
    { fundedBy: 'allowance', drawId: expect.any(String) as string, leaseId: expect.any(String) as string },
  ]);
});

test('without a connection a reward stays on its card, and that is said before it is promised', async () => {
  const { sam, page, context, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(sam.cardCode);
  const said = page.locator('.banner', { hasText: 'Rewards can’t be used without a connection.' });
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByRole('dialog').waitFor();
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await page.getByLabel('Six figures').fill('123456');
  await said.waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' }); // it would be before what is said
  await page.getByRole('button', { name: 'Cappuccino £3.40' }).click();
  await said.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'One Cappuccino less' }).click();
  await page.getByRole('button', { name: 'Use it' }).click();
  await said.waitFor();
  await sellOne(page);
  const useItNow = page.getByRole('button', { name: 'Use it now Not without a connection' });
  await useItNow.waitFor();
  expect(await useItNow.isDisabled()).toBe(true);
  expect(await findAxeViolations(page)).toEqual([]);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Use it now Today’s Flat white is free' }).click();
  await page.getByRole('button', { name: /^Their phone is dead/ }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
});

test('a draw made while the till knew the customer from memory is offered at the scan that made it, also to who comes next', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aRegular(world, shop, 'Sam');
  const { page, context, scan } = await aTillAtWork(world, shop);
  await scan(sam.cardCode); // before the season
  await page.getByRole('button', { name: 'Back' }).click();
  await aSureSeason(world, shop);
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await scan(sam.cardCode);
  await page.getByText('there is no connection').waitFor();
  expect(await page.locator('.lucky').count()).toBe(0);
  await context.setOffline(false);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor({ state: 'detached' });
  await scan(sam.cardCode);
  await page.locator('.lucky', { hasText: 'The house is treating' }).waitFor();
  expect(await page.getByRole('status').innerText()).toContain('The house is treating');
  // Handed over, the draw goes with the customer, and whoever gives it is who gave it.
  await page.getByRole('button', { name: /Lock/ }).click();
  expect(await page.locator('.lucky').count()).toBe(0);
  await page.getByRole('button', { name: 'Ben' }).click();
  await enterPin(page, 'Ben', PINS.ben);
  await page.locator('.lucky').getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([
    { fundedBy: 'lucky', staffId: shop.ben.staffId },
  ]);
});

test('the house treats nobody from memory: without a connection there is what the till took along', async () => {
  const shop = await aStaffedShop(world);
  await aSureSeason(world, shop, 'lucky');
  const sam = await aRegular(world, shop, 'Sam');
  const { page, context, scan } = await aTillAtWork(world, shop);
  await scan(sam.cardCode);
  const treat = page.locator('.lucky').getByRole('button', { name: 'Double stamp' });
  await treat.waitFor();
  await page.waitForFunction(hasTakenAlong);
  await context.setOffline(true);
  await page.getByText('It can be given when the connection is back.').waitFor();
  expect(await treat.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Back' }).click();
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left offline' }).waitFor();
  expect(await page.locator('.lucky').count()).toBe(0);
});

test('when the Wi-Fi goes at a treat, what was rung up with it is not said to be lost, and the treat is given once it is back', async () => {
  const shop = await aStaffedShop(world);
  await aSureSeason(world, shop, 'lucky');
  const sam = await aRegular(world, shop, 'Sam');
  const { page, scan } = await aTillAtWork(world, shop);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  // The tablet has not noticed yet.
  for (const address of ['**/api/**', '**/healthz']) await page.route(address, (route) => route.abort());
  const treat = page.locator('.lucky').getByRole('button', { name: 'Double stamp' });
  await treat.click();
  await page.locator('.banner', { hasText: 'It can be given when the connection is back.' }).waitFor();
  expect(await page.getByText('nothing was recorded').count()).toBe(0);
  expect(await page.getByRole('heading', { name: '£3.50 to pay' }).count()).toBe(1);
  await page.unrouteAll();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  await treat.click();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  const [, sale] = await rowsOf(world.db, shop, 'sales'); // after that of a week ago
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([{ saleId: sale!.saleId }]);
});

test('by keyboard, Ctrl and Enter ring up and go on to the next customer from wherever the focus is', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.keyboard.press('Control+Enter'); // nothing is tapped yet
  await page.getByRole('button', { name: 'Flat white £3.50' }).press('Enter');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  await page.getByRole('button', { name: /^Double stamp/ }).press('Enter');
  await page.keyboard.press('Control+Enter'); // a question comes first
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ totalMinor: 350, cardId: sam.cardId }]);
  expect(await rowsOf(world.db, shop, 'gestures')).toEqual([]);
});

test('by keyboard, one goes on from what was just done, although the button that did it is gone or off', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 9, shop: { gesturesLimit: 1 } });
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
    );
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.getByRole('button', { name: 'Flat white £3.50' }).press('Enter');
  await page.getByRole('button', { name: 'One Flat white less' }).press('Enter');
  expect(await focused()).toBe('Flat white£3.50');
  await page.getByRole('button', { name: /^Free item/ }).press('Enter');
  for (const choice of ['Cappuccino', 'Long wait'])
    await page.getByRole('dialog').getByRole('button', { name: choice }).press('Enter');
  await page.getByRole('button', { name: /^Undo Cappuccino/ }).waitFor();
  await expect.poll(focused).toBe('Sam');
  await page.getByRole('button', { name: 'Flat white £3.50' }).press('Enter');
  await page.getByRole('button', { name: 'Ring up £3.50' }).press('Enter');
  await page.getByRole('button', { name: 'Use it now' }).press('Enter');
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  expect(await focused()).toBe('Nothing to pay');
  await page.getByRole('button', { name: 'Ring up more' }).press('Enter');
  expect(await focused()).toBe('Menu');
});

test(
  'by keyboard alone: a new card, a free item, a reward, a manager’s grant, another barista and the settings',
  { timeout: 90_000 },
  async () => {
    const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 12, shop: { gesturesLimit: 1 } });
    const eve = await aCard(world.db, shop, { stamps: 3, customerName: 'Eve' });
    const focused = () =>
      page.evaluate(() => {
        const one = document.activeElement;
        return one?.getAttribute('aria-label') ?? one?.textContent ?? '';
      });
    /** Presses what has the focus by then: nothing is clicked from here on. */
    const press = async (name: string) => {
      for (let presses = 0; presses < 60; presses++) {
        if ((await focused()).startsWith(name)) return page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab never reached ${name}`);
    };
    const type = (text: string) => page.keyboard.type(text, { delay: 60 });
    const heading = (name: string) => page.getByRole('heading', { name }).waitFor();

    await press('New card');
    await heading('New card');
    await page.keyboard.press('Tab');
    await type('Priya');
    await page.keyboard.press('Enter');
    await heading('Let them scan this');
    await press('Serve them now');
    await heading('Priya');
    await press('Back');
    await heading('Scan a card');

    await type('sam');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Customers found' }).waitFor();
    await press('Sam');
    await heading('Sam');
    await press('Use it');
    await page.getByLabel('Six figures').waitFor();
    await type(liveCodeOf(sam, systemClock.now()));
    await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
    await page.locator('dialog').waitFor({ state: 'detached' });
    await press('Free item');
    await page.getByRole('dialog').waitFor();
    await press('Cappuccino');
    await heading('Cappuccino. Why?');
    expect(await focused()).toBe('Cappuccino. Why?'); // and is read aloud
    await press('Celebrating');
    await page.locator('.banner', { hasText: 'Cappuccino on the house.' }).waitFor();
    await press('Next customer');
    await heading('Scan a card');

    await scan(eve.cardCode);
    await heading('Eve');
    await press('Ask a manager for one more');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.sheet').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await heading('What would you like to give?');
    await press('Cancel');
    await page.locator('.sheet').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter'); // one is where one was
    await heading('What would you like to give?');
    await press('Double stamp');
    await heading('Double stamp. Why?');
    await press('Our mistake');
    await heading('Which manager?');
    // Once it is known whether the house gives it.
    await page.getByRole('button', { name: 'Mo', exact: true, disabled: false }).waitFor();
    await press('Mo');
    await page.getByRole('textbox', { name: 'Mo’s PIN' }).waitFor();
    await type(PINS.manager);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();

    await press('AdaLock');
    await heading('Who are you?');
    await press('Ben');
    await page.getByLabel('PIN, Ben').waitFor();
    await type(PINS.ben);
    await page.keyboard.press('Enter');
    await heading('Eve');
    await press('Next customer');
    await heading('Scan a card');
    await press('This tablet');
    await page.getByRole('switch', { name: 'Left-handed' }).focus();
    await page.keyboard.press('Space');
    expect(await page.getByRole('switch', { name: 'Left-handed' }).isChecked()).toBe(true);
    await press('Done');
    await heading('Scan a card');
    expect(await rowsOf(world.db, shop, 'gestures')).toHaveLength(2);
  },
);

test('a till that was connected in one window sends its sales although another still asks for the code', async () => {
  const shop = await aStaffedShop(world);
  const { page: first, context } = await aNewTablet(world);
  await first.getByRole('heading', { name: 'Connect this till' }).waitFor();
  const second = await context.newPage();
  await second.goto(`${world.server.url}/till/?enrol=${await enrolmentCode(world, shop)}`);
  await second.getByRole('button', { name: 'Connect' }).click();
  await signIn(second, 'Ada', PINS.ada);
  await sellWithoutCard(second);
  await expect.poll(async () => (await rowsOf(world.db, shop, 'sales')).length).toBe(1);
  await first.getByRole('heading', { name: 'Who are you?' }).waitFor();
});

test('a page that was left, and is kept for whoever goes back to it, leaves the sending to the next one', async () => {
  const { shop, page: first, context } = await aTillAndSam(world);
  const countSales = async () => (await rowsOf(world.db, shop, 'sales')).length;
  const say = (type: string) =>
    first.evaluate((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), type);
  await say('pagehide');
  const thaw = await holdRequests(first, '**/api/v1/sales'); // as it stands still
  const second = await context.newPage();
  await second.goto(`${world.server.url}/till/`);
  await signIn(second, 'Ada', PINS.ada);
  await sellWithoutCard(second);
  await expect.poll(countSales).toBe(1);
  thaw();
  await say('pageshow');
  await second.close();
  await sellWithoutCard(first);
  await expect.poll(countSales).toBe(2);
});

test('a tablet that is connected anew gives back what it took along as the till it was before', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await expect.poll(() => page.evaluate(hasTakenAlong)).toBe(true);
  await endTills(world, shop);
  await page.reload();
  await page.getByLabel('Code').waitFor();
  await expect.poll(() => page.evaluate(hasTakenAlong)).toBe(false);
  // There is no till to send for: nothing is on its way, or said to be slow.
  expect(await page.locator('.banner').allInnerTexts()).toEqual([
    expect.stringContaining('no longer connected'),
  ]);
  await page.getByLabel('Code').fill(await enrolmentCode(world, shop));
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect.poll(async () => (await rowsOf(world.db, shop, 'leases'))[0]!.returnedAt).not.toBeNull();
  await tablet.signIn('Ada', PINS.ada);
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: /^Double stamp 1 left today/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.locator('.banner', { hasText: 'One stamp more.' }).waitFor();
  expect(await rowsOf(world.db, shop, 'gestures')).toHaveLength(1);
});

test('two windows of one tablet have together what the till took along, and not each', async () => {
  const shop = await aStaffedShop(world);
  const [sam, ida] = await Promise.all(
    ['Sam', 'Ida'].map((customerName) => aCard(world.db, shop, { customerName })),
  );
  const { page: first, context, scan } = await aTillAtWork(world, shop);
  const leftToday = /^Double stamp 3 left today/;
  await scan(sam!.cardCode);
  await first.getByRole('button', { name: leftToday }).waitFor();
  await expect.poll(() => first.evaluate(hasTakenAlong)).toBe(true);
  const second = await context.newPage();
  await second.goto(`${world.server.url}/till/`);
  await signIn(second, 'Ada', PINS.ada);
  await typeAsScanner(second, ida!.cardCode);
  await second.getByRole('button', { name: leftToday }).waitFor();
  const ended = async () => (await rowsOf(world.db, shop, 'sessions')).filter(({ endedAt }) => endedAt);
  await expect.poll(async () => (await ended()).length).toBe(1); // one is enough for both
  await context.setOffline(true);
  for (const page of [first, second]) {
    await page.bringToFront();
    await page.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
    if (page === first) await page.locator('.act-label', { hasText: 'Double stamp' }).waitFor();
    else await page.getByRole('dialog').getByText('None left to give offline.').waitFor();
  }
  await context.setOffline(false);
  await expect.poll(async () => (await rowsOf(world.db, shop, 'gestures')).length).toBe(1);
  // And neither window asks for the PIN because of the other, until somebody locks the till.
  await second.getByRole('button', { name: 'Cancel' }).click();
  await sellOne(second);
  await first.bringToFront();
  await sellOne(first);
  await first.getByRole('button', { name: /Lock/ }).click();
  await second.getByText('You were signed out.').waitFor();
});

test('what one window of a tablet is just taking along, another one asks for neither again nor back', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aConnectedTill(world, shop);
  const { page: first, context } = tablet;
  const answerLease = await holdAnswer(first, '**/api/v1/leases');
  await tablet.signIn('Ada', PINS.ada);
  await expect.poll(async () => (await rowsOf(world.db, shop, 'leases')).length).toBe(1);
  const second = await context.newPage();
  await second.goto(`${world.server.url}/till/`);
  const allowanceRead = second.waitForResponse('**/api/v1/allowance');
  await signIn(second, 'Ada', PINS.ada);
  await allowanceRead;
  await answerLease();
  await typeAsScanner(second, sam.cardCode);
  await second.getByRole('button', { name: /^Double stamp 3 left today/ }).waitFor();
  await context.setOffline(true);
  await second.getByRole('button', { name: 'Double stamp 1 left offline' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await second.locator('.act-label', { hasText: 'Double stamp' }).waitFor();
  await context.setOffline(false);
  await expect.poll(async () => (await rowsOf(world.db, shop, 'gestures')).length).toBe(1);
});
