import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { phoneOf } from '../../src/operations/contact-keys.ts';
import { aCard } from '../support/a-card.ts';
import { liveCodeOf } from '../support/live-code-of.ts';
import { blockCard, rowsOf, setAllowances } from '../support/shop-settings.ts';
import {
  aConnectedTill,
  aNewTablet,
  aRegular,
  aStaffedShop,
  aSureSeason,
  aTillAtWork,
  endSessions,
  endTills,
  enrolmentCode,
  enterPin,
  finish,
  PINS,
  sellOne,
  typeAsScanner,
} from './till-tablet.ts';
import { useTillWorld } from './use-till-world.ts';

const world = useTillWorld();

test('a new tablet is connected by the owner’s code, once, and stays connected', async () => {
  const shop = await aStaffedShop(world);
  const code = await enrolmentCode(world, shop);
  const tablet = await aNewTablet(world);
  const { page } = tablet;
  await page.getByLabel('Code').fill('ZZZZ-ZZZZ');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.locator('.banner', { hasText: 'This code is not known' }).waitFor();
  await page.getByLabel('Code').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  expect(await page.getByRole('listitem').allInnerTexts()).toEqual(['Ada', 'Ben', 'Mo\nManager']);

  const second = await aNewTablet(world, {}, `/till/?enrol=${code}`);
  expect(await second.page.getByLabel('Code').inputValue()).toBe(code);
  await second.page.getByRole('button', { name: 'Connect' }).click();
  await second.page.locator('.banner', { hasText: 'was used already' }).waitFor();
  expect(await finish(second)).toEqual([]);
  expect(await finish(tablet)).toEqual([]);
});

test('a new tablet that is on no network yet says so, and that the code is still good', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aNewTablet(world, {}, `/till/?enrol=${await enrolmentCode(world, shop)}`);
  const { page, context } = tablet;
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.locator('.banner', { hasText: 'Connect the tablet to the network and try again.' }).waitFor();
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a wrong PIN says how many tries are left and then how long to wait; a colleague is not kept out', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aConnectedTill(world, shop);
  const { page } = tablet;
  await page.getByRole('button', { name: 'Ada' }).click();
  const tryPin = (pin: string) => enterPin(page, 'Ada', pin);
  await tryPin('1234');
  await page.getByText('That PIN is not right. 4 tries left.').waitFor();
  for (const left of ['3 tries left', '2 tries left', '1 try left']) {
    await tryPin('1234');
    await page.getByText(left).waitFor();
  }
  await tryPin('1234');
  await page.getByText(/Wait \d+ seconds/).waitFor();
  await tryPin(PINS.ada);
  await page.getByText(/Too many wrong tries. Wait \d+ seconds/).waitFor();
  await page.getByRole('button', { name: 'Somebody else' }).click();
  await tablet.signIn('Ben', PINS.ben);
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a PIN is put in by touch alone', async () => {
  const shop = await aStaffedShop(world);
  const code = await enrolmentCode(world, shop);
  const tablet = await aNewTablet(world, {}, `/till/?enrol=${code}`);
  const { page } = tablet;
  await page.getByRole('button', { name: 'Connect' }).tap();
  await page.getByRole('button', { name: 'Ada' }).tap();
  for (const key of ['9', 'Erase the last figure', ...PINS.ada, 'OK'])
    await page.getByRole('button', { name: key, exact: true }).tap();
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a scan is caught whatever has the focus, and a carton of milk is not a card', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 3, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.getByLabel('Code, name or end of phone number').fill('7F');
  await tablet.scan('5012345678900');
  await page.locator('.banner', { hasText: 'another barcode' }).waitFor();
  expect(await page.getByLabel('Code, name or end of phone number').inputValue()).toBe('7F');
  await page.getByRole('button', { name: 'No card' }).focus();
  await tablet.scan(sam.cardCode.toLowerCase());
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await page.getByText('First visit').waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a scanner that presses no key at the end is heard with a customer on the screen too, and types into no field', async () => {
  const shop = await aStaffedShop(world);
  const [sam, ida] = await Promise.all(
    ['Sam', 'Ida'].map((customerName) => aCard(world.db, shop, { customerName })),
  );
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await typeAsScanner(page, sam!.cardCode, '');
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  await page.getByLabel('For example').fill('Oat');
  await typeAsScanner(page, sam!.cardCode, '');
  await expect.poll(() => page.getByLabel('For example').inputValue()).toBe('Oat');
  await typeAsScanner(page, ida!.cardCode, '');
  await page.getByRole('heading', { name: 'Ida' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('whatever is scanned presses no button: neither the spaces in somebody’s Wi-Fi code, nor its lines, nor a second end', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  const said = page.locator('.banner', { hasText: 'another barcode' });
  for (const code of ['WIFI:T:WPA;S:The Kind Bean;P:flat white;;', 'BEGIN:VCARD\rN:Doe;J\rEND:VCARD'])
    await tablet.scan(code);
  await said.waitFor();
  expect(await page.locator('.sale-bar-lines').textContent()).toBe('Flat white');
  await page.getByRole('button', { name: 'Ring up £3.50' }).focus();
  await tablet.scan('5012345678900\t');
  await tablet.scan('5012345678900\r');
  await tablet.scan(`]Q1${sam.cardCode}\t`); // and says that it was a QR code
  await said.waitFor({ state: 'detached' });
  expect(await page.locator('.sale-bar-lines').textContent()).toBe('Flat white');
  expect(await rowsOf(world.db, shop, 'sales')).toEqual([]);
  expect(await finish(tablet)).toEqual([]);
});

test('that it is somebody’s first visit is said once', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.locator('.why-now', { hasText: 'Their first visit here.' }).waitFor();
  expect(await page.getByText('first visit').count()).toBe(1);
  await sellOne(page);
  await page.getByText('First visit', { exact: true }).waitFor();
  expect(await page.getByText('first visit').count()).toBe(1);
  expect(await finish(tablet)).toEqual([]);
});

test('a card nobody knows leaves nothing in the field for the code', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan('GST1:ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  await page.locator('.banner', { hasText: 'We don’t know this card.' }).waitFor();
  expect(await page.getByLabel('Code, name or end of phone number').inputValue()).toBe('');
  expect(await finish(tablet)).toEqual([]);
});

test('who comes with a blocked card still gets their coffee, without a stamp', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam', stamps: 6 });
  await world.db.transact((tx) =>
    tx.query((d, { cards }) =>
      d.update(cards).set({ blockedAt: systemClock.now() }).where(eq(cards.cardId, sam.cardId)),
    ),
  );
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByText('This card is blocked: you can sell').waitFor();
  await sellOne(page);
  await page.getByText('No stamp for this', { exact: true }).waitFor();
  await page.getByText('6 of 10 stamps', { exact: true }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('whose card is blocked while they are served still gets their coffee, without a stamp', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam', stamps: 6 });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await blockCard(world.db, shop, sam.cardId);
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('This card is blocked: you can sell').waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('No stamp for this', { exact: true }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a code typed by hand finds the card, and one nobody has says so', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const [{ shortCode }] = (await world.db
    .read((queries) => queries.query((d, { cards }) => d.select().from(cards)))
    .then((cards) => cards.filter(({ cardId }) => cardId === sam.cardId))) as [{ shortCode: string }];
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  // Nothing is tapped first: the first letter goes to the field.
  await page.keyboard.type('0000-0000', { delay: 60 });
  await page.keyboard.press('Enter');
  await page.locator('.banner', { hasText: 'We don’t know this card' }).waitFor();
  await page.getByLabel('Code, name or end of phone number').fill('');
  await page.keyboard.type(`${shortCode.slice(0, 4)}-${shortCode.slice(4)}`.toLowerCase(), { delay: 60 });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('what is tapped is rung up with its stamps, and can be taken back for half a minute', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 2, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Granola £5.20' }).click();
  await page.getByRole('button', { name: 'One Granola less' }).click();
  await page.getByRole('button', { name: 'Ring up £7.00' }).click();
  await page.getByRole('heading', { name: '£7.00 to pay' }).waitFor();
  await page.locator('.result').getByText('+ 2 stamps').waitFor();
  await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: /^Undo 2 × Flat white £7.00, \d+ seconds left$/ }).click();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  // What was tapped is back, to be put right.
  await page.getByRole('button', { name: 'Ring up £7.00' }).waitFor();
  expect(await rowsOf(world.db, shop, 'refunds')).toMatchObject([{ amountMinor: 700, reversedStamps: 2 }]);
  expect(await finish(tablet)).toEqual([]);
});

test('at 9 of 10 a coffee with a double stamp fills the card, makes it free and starts the next', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 9, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await page.getByText('Rings up Flat white for £3.50').waitFor();
  await page.getByRole('button', { name: 'Long day' }).click();
  await page.locator('.result').getByText('The card is full!').waitFor();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  await page.getByText('+ 1 stamp and 1 extra').waitFor();
  await page.getByRole('button', { name: 'Use it now Today’s Flat white is free' }).click();
  await page.getByRole('button', { name: /^Their phone is dead/ }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();

  const [gesture, ...others] = await rowsOf(world.db, shop, 'gestures');
  const [sale] = await rowsOf(world.db, shop, 'sales');
  expect(others).toEqual([]);
  expect(gesture).toMatchObject({ kind: 'double_stamp', reason: 'long_day', saleId: sale!.saleId });
  expect(sale).toMatchObject({ totalMinor: 0, stampsEarned: 1 });
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'redeemed', coveredMinor: 350 }]);
  expect(await finish(tablet)).toEqual([]);
});

test('the same comes out when the double stamp is given before the coffee is tapped', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 9 });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('heading', { name: 'A guest' }).waitFor();
  await page.getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('button', { name: 'A regular' }).click();
  await page.locator('.reward', { hasText: 'Tap what they are having' }).waitFor();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.getByRole('button', { name: /^Their phone is dead/ }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a reward pays for what was tapped, once, when the scan showed the live code; that earns no stamp', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 12, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Croissant £2.80' }).click();
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.getByRole('heading', { name: '£2.80 to pay' }).waitFor();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  expect(await page.getByRole('button', { name: /Use it/ }).count()).toBe(0);
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'redeemed', proof: 'live_code' }]);
  // Undoing the sale gives the reward back.
  await page.getByRole('button', { name: /^Undo Flat white/ }).click();
  await page.getByRole('button', { name: 'Use it now' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a card that was typed in needs the six figures on the phone, and a wrong one says so', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 12, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  const dialog = page.getByRole('dialog');
  const right = liveCodeOf(sam, systemClock.now());
  await dialog.getByLabel('Six figures').fill(right === '000000' ? '000001' : '000000');
  await dialog.getByText('The code on the phone is another one by now.').waitFor();
  // The field is empty again, and still has the focus.
  await page.keyboard.type(liveCodeOf(sam, systemClock.now()), { delay: 60 });
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'redeemed', proof: 'live_code' }]);
  expect(await finish(tablet)).toEqual([]);
});

test('scanning the phone while the six figures are asked for spends the reward', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 12, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByLabel('Six figures').waitFor();
  await tablet.scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('what a scanner types into the field for the six figures is not taken for them, whatever key it ends with', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 12, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  let redemptions = 0;
  page.on(
    'request',
    (request) => void (redemptions += Number(request.url().endsWith('/api/v1/redemptions'))),
  );
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByLabel('Six figures').waitFor();
  await typeAsScanner(page, `${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`, '');
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
  expect(redemptions).toBe(1); // no try was lost on another code
  expect(await finish(tablet)).toEqual([]);
});

test('a printed card proves nothing, and the till says so where it asked', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 12, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByLabel('Six figures').waitFor();
  await tablet.scan(sam.cardCode);
  await page.getByRole('dialog').getByText('That showed no six figures').waitFor();
  await tablet.scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a phone left under the scanner, and read again, takes no question off the screen', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 3, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await page.getByRole('button', { name: 'Long day' }).waitFor();
  for (const _ of ['once more', 'and again, when the first is dealt with']) {
    const readAgain = page.waitForResponse('**/api/v1/scans');
    await tablet.scan(sam.cardCode);
    await readAgain;
  }
  await page.getByRole('button', { name: 'Long day' }).click();
  await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a phone left under the scanner, and read again, takes no warning off the screen either', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const ida = await aCard(world.db, shop, { customerName: 'Ida' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await tablet.scan(ida.cardCode);
  const warning = page.locator('.banner', { hasText: 'Now Ida. What was tapped stayed.' });
  await warning.waitFor();
  const answered = page.waitForResponse('**/api/v1/scans');
  await tablet.scan(ida.cardCode);
  await (await answered).finished();
  await page.getByRole('button', { name: 'Ring up £3.50', disabled: false }).waitFor();
  expect(await warning.count()).toBe(1);
  await tablet.scan(sam.cardCode);
  await page.locator('.banner', { hasText: 'Now Sam. What was tapped stayed.' }).waitFor();
  expect(await warning.count()).toBe(0);
  expect(await finish(tablet)).toEqual([]);
});

test('who has no phone is vouched for, which is said before and written down', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 12, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('Then hand it over without ringing it up').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'open' }]);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('It is written down with your name.').waitFor();
  await page.getByRole('button', { name: /^Their phone is dead/ }).click();
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([
    { status: 'redeemed', saleId: null, proof: 'override' },
  ]);
  expect(await finish(tablet)).toEqual([]);
});

test('a free item is given with a reason, comes off the sale and lowers what is left', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const eve = await aCard(world.db, shop, { customerName: 'Eve' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Croissant £2.80' }).click();
  await page.getByRole('button', { name: 'Free item 3 left today' }).click();
  await page.getByRole('heading', { name: 'What do you give?' }).waitFor();
  const choices = page.getByRole('dialog').getByRole('listitem');
  // What they are having comes first.
  expect(await choices.allInnerTexts()).toEqual(['Croissant', 'Flat white', 'Cappuccino']);
  await page.getByRole('dialog').getByRole('button', { name: 'Croissant' }).click();
  await page.getByRole('button', { name: 'Our mistake' }).click();
  await page
    .locator('.banner', { hasText: 'Croissant on the house. Croissant was taken off the sale.' })
    .waitFor();
  await page.getByText('They had one recently').waitFor();
  expect(await page.getByRole('button', { name: 'Double stamp' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Next customer' }).click();
  await tablet.scan(eve.cardCode);
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toEqual([]);
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([
    { kind: 'free_item', itemName: 'Croissant', reason: 'our_mistake', priceMinor: 280, costMinor: 110 },
  ]);
  expect(await finish(tablet)).toEqual([]);
});

test('an undone gesture is given back, with its place in the allowance', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 4, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await page.getByRole('button', { name: 'Celebrating' }).click();
  await page.getByRole('img', { name: '5 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: /^Undo Double stamp · Celebrating/ }).click();
  await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();
  await expect
    .poll(() => page.getByRole('button', { name: 'Double stamp 3 left today' }).isEnabled())
    .toBe(true);
  expect(await finish(tablet)).toEqual([]);
});

test('when the allowance is spent the till says until when, and a manager grants one more by PIN', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const eve = await aCard(world.db, shop, { customerName: 'Eve', stamps: 5 });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).click();
  await page.getByRole('button', { name: 'Long wait' }).click();
  await page.getByRole('button', { name: 'Next customer' }).click();
  await tablet.scan(eve.cardCode);
  await page.getByText(/None left. New ones .*04:00/).waitFor();
  expect(await page.getByRole('button', { name: 'Free item 0 left today' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Ask a manager for one more' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Double stamp' }).click();
  await dialog.getByRole('button', { name: 'Our mistake' }).click();
  await dialog.getByRole('button', { name: 'Mo' }).click();
  await dialog.getByLabel('Mo’s PIN').fill('0000');
  await dialog.getByRole('button', { name: 'OK' }).click();
  await dialog.getByText('That PIN is not right. 4 tries left.').waitFor();
  await dialog.getByLabel('Mo’s PIN').fill(PINS.manager);
  await dialog.getByRole('button', { name: 'OK' }).click();
  await page.getByRole('img', { name: '6 of 10 stamps' }).waitFor();
  const gestures = await rowsOf(world.db, shop, 'gestures');
  expect(gestures.map(({ fundedBy, grantedBy }) => ({ fundedBy, grantedBy }))).toEqual([
    { fundedBy: 'allowance', grantedBy: null },
    { fundedBy: 'grant', grantedBy: shop.manager.staffId },
  ]);
  expect(await finish(tablet)).toEqual([]);
});

test('a gesture the till thought possible and the server refuses says why, and a manager may still grant it', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aConnectedTill(world, shop);
  const { page } = tablet;
  // A till that could not take a gesture along has only what the server still has.
  const refusal = { title: 'No gestures left', status: 409, refused: 'allowance-spent' };
  await page.route('**/api/v1/leases', (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(refusal) }),
  );
  await tablet.signIn('Ada', PINS.ada);
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).click();
  await setAllowances(world.db, shop, { scope: 'staff', period: 'week', gesturesLimit: 0 });
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'New here' }).click();
  await dialog.getByText(/None left\. New ones (Mon .+|tomorrow, )?04:00/).waitFor();
  await dialog.getByRole('button', { name: 'Ask a manager for one more' }).click();
  await dialog.getByRole('button', { name: 'Mo' }).click();
  await dialog.getByLabel('Mo’s PIN').fill(PINS.manager);
  await dialog.getByRole('button', { name: 'OK' }).click();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('why a gesture is refused is said although the question was taken off the screen meanwhile', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aConnectedTill(world, shop);
  const { page } = tablet;
  const refusal = JSON.stringify({ title: 'No gestures left', status: 409, refused: 'allowance-spent' });
  await page.route('**/api/v1/leases', (route) => route.fulfill({ status: 409, body: refusal }));
  await tablet.signIn('Ada', PINS.ada);
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).click();
  await setAllowances(world.db, shop, { scope: 'staff', period: 'week', gesturesLimit: 0 });
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/v1/gestures', async (route) => {
    await answered;
    await route.continue();
  });
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'New here' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  answer();
  await page.locator('.banner', { hasText: 'None left.' }).waitFor();
  expect(await dialog.getByLabel('For example').isVisible()).toBe(true); // what is asked by now stays
  expect(await finish(tablet)).toEqual([]);
});

test('nobody is kind to their own card, and sees so before they choose a reason', async () => {
  const shop = await aStaffedShop(world);
  const mine = await aCard(world.db, shop, { customerName: 'Ada', staffId: shop.ada.staffId });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(mine.cardCode);
  await page.getByText('This is your own card').waitFor();
  expect(await page.getByRole('button', { name: 'Double stamp' }).isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Free item' }).isDisabled()).toBe(true);
  expect(await finish(tablet)).toEqual([]);
});

test('a customer without their card is found by the last four figures of their number, or a name', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam Okafor', stamps: 3 });
  await world.db.transact((tx) =>
    tx.query((d, { customers }) =>
      d.update(customers).set(phoneOf('+44 7700 900123')!).where(eq(customers.merchantId, shop.merchantId)),
    ),
  );
  await aCard(world.db, shop, { customerName: 'Samira', stamps: 1 });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.keyboard.type('0123', { delay: 60 });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sam …0123 First visit 3 of 10 stamps' }).click();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  const field = page.getByLabel('Code, name or end of phone number');
  await field.fill('sam');
  await page.keyboard.press('Enter');
  const found = page.getByRole('list', { name: 'Customers found' });
  await found.waitFor();
  expect((await found.getByRole('listitem').allInnerTexts()).length).toBe(2);
  await field.fill('0124');
  await page.keyboard.press('Enter');
  await page.locator('.banner', { hasText: 'Nobody here is called that' }).waitFor();
  await field.fill('s');
  await page.keyboard.press('Enter');
  await page.locator('.banner', { hasText: 'A little more' }).waitFor();
  expect(sam.cardId).toBeTruthy();
  expect(await finish(tablet)).toEqual([]);
});

test('whoever hears the till hears what a search brought also in a sheet, behind which nothing is read out', async () => {
  const shop = await aStaffedShop(world);
  for (const customerName of ['Sam Okafor', 'Samira']) await aCard(world.db, shop, { customerName });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Find their card' }).click();
  const heard = page.getByRole('dialog').getByRole('status');
  expect(await heard.textContent()).toBe(''); // nothing from before it was opened
  const field = page.getByLabel('Code, name or end of phone number');
  await field.fill('sam');
  await field.press('Enter');
  await heard.getByText('2 customers found').waitFor();
  await field.fill('zoe');
  await field.press('Enter');
  await heard.getByText('Nobody here is called that, or has that number.').waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('how a customer likes it is written down at the till and seen at the next visit', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam', stamps: 8 });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByText('With today’s coffee, one extra stamp fills the card.').waitFor();
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  await page.getByLabel('For example').fill('Oat milk, no lid');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Oat milk, no lid/ }).waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: /^Oat milk, no lid/ }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('this tablet is set for a left hand, without sound, and to lock after a minute, and stays so', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  const menuX = async () => (await page.getByRole('list', { name: 'Menu' }).boundingBox())!.x;
  await tablet.scan(sam.cardCode);
  const rightHanded = await menuX();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'This tablet' }).click();
  // A customer comes first.
  await tablet.scan(sam.cardCode);
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'This tablet' }).click();
  await page.getByRole('switch', { name: 'Left-handed' }).check();
  await page.getByRole('switch', { name: 'Sounds' }).uncheck();
  await page.getByText('1 min', { exact: true }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await tablet.scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  expect(await menuX()).toBeLessThan(rightHanded);
  await page.clock.fastForward(62_000);
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'This tablet' }).click();
  expect(await page.getByRole('switch', { name: 'Left-handed' }).isChecked()).toBe(true);
  expect(await page.getByRole('switch', { name: 'Sounds' }).isChecked()).toBe(false);
  expect(await page.getByRole('radio', { name: '1 min' }).isChecked()).toBe(true);
  expect(await finish(tablet)).toEqual([]);
});

test('when a draw falls on a customer the house is treating: one tap gives it, outside the allowance', async () => {
  const shop = await aStaffedShop(world);
  await aSureSeason(world, shop);
  const sam = await aRegular(world, shop, 'Sam');
  const ida = await aRegular(world, shop, 'Ida');
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.locator('.lucky', { hasText: 'The house is treating' }).waitFor();
  await page.locator('.lucky').getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  expect(await page.locator('.lucky').count()).toBe(0);
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).waitFor();
  // The wrong one: the house still treats, and nothing of what Ada may give is gone.
  await page.getByRole('button', { name: /^Undo Double stamp · on the house/ }).click();
  await page.locator('.lucky').getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).waitFor();
  await page.getByRole('button', { name: 'Next customer' }).click();

  await tablet.scan(ida.cardCode);
  const treat = page.locator('.lucky');
  await treat.getByText('Tap what they get.').waitFor();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await treat.getByText('Double stamp rings up Flat white for £3.50, with one stamp more.').waitFor();
  await page.getByRole('button', { name: 'One Flat white less' }).click();
  await treat.getByText('Tap what they get.').waitFor();
  await page.getByRole('button', { name: 'Let it pass' }).click();
  await page.locator('.lucky').waitFor({ state: 'detached' });
  const scannedAgain = page.waitForResponse('**/api/v1/scans');
  await tablet.scan(ida.cardCode);
  await scannedAgain;
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await page.locator('.lucky').count()).toBe(0);
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([
    { fundedBy: 'lucky', reason: 'other' },
    { fundedBy: 'lucky', reason: 'other' },
  ]);
  expect(await finish(tablet)).toEqual([]);
});

test('a new card is made, shown as a QR that opens it, and served at once', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.getByRole('button', { name: 'New card' }).click();
  await page.getByLabel('First name').fill('Priya');
  const answered = page.waitForResponse('**/api/v1/cards');
  await page.getByRole('button', { name: 'Make the card' }).click();
  const { link } = (await (await answered).json()) as { link: string };
  await page.getByRole('img', { name: 'QR code of the new card' }).waitFor();
  const phone = await world.browser.newPage();
  await phone.goto(link);
  await phone.getByText('0 of 10').first().waitFor();
  await phone.close();
  // On paper it speaks to whoever takes it home.
  await page.emulateMedia({ media: 'print' });
  await page.getByRole('heading', { name: 'Your stamp card' }).waitFor();
  expect(await page.getByText('Let them scan this').isVisible()).toBe(false);
  expect(await page.getByRole('button').count()).toBe(0);
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: 'Serve them now' }).click();
  await page.getByRole('heading', { name: 'Priya' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a sale without a card goes on the card that is shown afterwards', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 2, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('They have a card after all?').waitFor();
  await tablet.scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await page.locator('.banner', { hasText: '£3.50 put on this card: 1 stamp' }).waitFor();
  await page.getByText('Rung up before this card was shown.').waitFor(); // it may be the next customer's
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: sam.cardId, stampsEarned: 1 }]);
  expect(await finish(tablet)).toEqual([]);
});

test('a sale that went on the card of the next customer is taken off it again, and stands', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 2, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).dblclick();
  await page.getByRole('button', { name: 'Ring up £7.00' }).click();
  await page.getByText('They have a card after all?').waitFor();
  await tablet.scan(sam.cardCode);
  await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();
  // Off the menu by now: it can't be rung up once more, so it stays where it is.
  const { itemId } = shop.flatWhite;
  const setEndedAt = (endedAt: Date | null) =>
    world.db.transact((tx) =>
      tx.query((db, { items }) => db.update(items).set({ endedAt }).where(eq(items.itemId, itemId))),
    );
  await setEndedAt(systemClock.now());
  await page.getByRole('button', { name: 'Not theirs: take it off' }).click();
  await page.locator('.banner', { hasText: 'menu' }).waitFor();
  await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'refunds')).toEqual([]);
  await setEndedAt(null);
  await page.getByRole('button', { name: 'Not theirs: take it off' }).click();
  await page.locator('.banner', { hasText: '£7.00 stays rung up, on no card.' }).waitFor();
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  await page.getByText('Tap what they are having').waitFor();
  const [claimed, again, ...more] = await rowsOf(world.db, shop, 'sales');
  expect(claimed).toMatchObject({ cardId: sam.cardId, totalMinor: 700 });
  expect(again).toMatchObject({ cardId: null, totalMinor: 700 });
  expect(more).toEqual([]);
  expect(await rowsOf(world.db, shop, 'refunds')).toMatchObject([
    { saleId: claimed!.saleId, amountMinor: 700, reversedStamps: 2 },
  ]);
  expect(await finish(tablet)).toEqual([]);
});

test('an answer that got lost is asked for again under the same key: one sale', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  const keys: string[] = [];
  await page.route('**/api/v1/sales', async (route) => {
    keys.push(route.request().headers()['idempotency-key'] ?? 'none');
    if (keys.length > 1) return route.continue();
    await route.fetch(); // the server recorded it; its answer never arrives
    return route.abort('connectionreset');
  });
  await tablet.scan(sam.cardCode);
  await sellOne(page);
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
  expect(await finish(tablet)).toEqual([]);
});

test('a reward whose answer got lost is asked for again under the same key, and not said to be used already', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 12, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  await tablet.scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.route('**/api/v1/redemptions', async (route) => {
    await route.fetch(); // the server recorded it; its answer never arrives
    await route.abort('connectionreset');
    await page.clock.fastForward(4_000); // nobody waits for the tries in between
  });
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.locator('.banner', { hasText: 'Try again: it never counts twice.' }).waitFor();
  await page.unroute('**/api/v1/redemptions');
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'redeemed', proof: 'live_code' }]);
  expect(await finish(tablet)).toEqual([]);
});

test('an empty page from something between the till and the server is no answer: the sale is sent again', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.route('**/api/v1/sales', (route) => route.fulfill({ status: 200, body: '' }), { times: 1 });
  await page.getByRole('button', { name: 'No card' }).click();
  await sellOne(page);
  await expect.poll(async () => (await rowsOf(world.db, shop, 'sales')).length).toBe(1);
  expect(await finish(tablet)).toEqual([]);
});

test('when no answer comes at all the sale waits by itself, and counts once', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.route('**/api/v1/sales', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('Sending …').waitFor();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  await page.getByText('The stamps follow when the connection is back.').waitFor();
  await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
  // The server answers everything else, so the connection seems to come and go; that a tap waits stays in sight.
  for (let looks = 0; looks < 12; looks++) {
    await page.waitForTimeout(200);
    expect(await page.locator('.waiting-note').count()).toBe(1);
  }
  await page.unroute('**/api/v1/sales');
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
  expect(await finish(tablet)).toEqual([]);
});

test('a gesture whose answer got lost waits by itself, and is given once', async () => {
  const shop = await aStaffedShop(world, { coolDownDays: 0 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.route('**/api/v1/gestures', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Long day' }).click();
  await page.locator('.act-label', { hasText: 'Double stamp · Long day' }).waitFor();
  await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
  await page.unroute('**/api/v1/gestures');
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).waitFor();
  expect(await rowsOf(world.db, shop, 'gestures')).toHaveLength(1);
  expect(await finish(tablet)).toEqual([]);
});

test('without a network a sale is kept, and sent when it is back', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page, context } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(0);
  await context.setOffline(false);
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toHaveLength(1);
  expect(await finish(tablet)).toEqual([]);
});

test('a session that ended asks for the PIN again and keeps what was tapped', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await endSessions(world, shop);
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('You were signed out.').waitFor();
  await enterPin(page, 'Ada', PINS.ada);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('trouble on the server shows the number under which its log has it', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  const problem = {
    title: 'Something went wrong on our side',
    status: 500,
    refused: 'server-error',
    requestId: 'r-77',
  };
  await page.route('**/api/v1/sales', (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.locator('.banner', { hasText: 'r-77' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test(
  'a server that fails at everything is waited for; one that fails at this sale alone gives it to the manager',
  { timeout: 120_000 },
  async () => {
    const shop = await aStaffedShop(world);
    const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
    const { page } = tablet;
    let failures = 0;
    const fail = (address: string, status: number, refused: string) =>
      page.route(address, (route) => {
        failures += Number(status === 500);
        return route.fulfill({ status, body: JSON.stringify({ title: refused, status, refused }) });
      });
    await fail('**/api/v1/sales', 500, 'server-error');
    await fail('**/readyz', 503, 'not-ready');
    await page.getByRole('button', { name: 'No card' }).click();
    await sellOne(page);
    const kept = async () => (await rowsOf(world.db, shop, 'keptTaps')).map(({ refusal }) => refusal);
    const triedAgain = () => page.clock.fastForward(31_000);
    await expect.poll(() => triedAgain().then(() => failures), { timeout: 50_000 }).toBeGreaterThan(15);
    expect(await kept()).toEqual([]);
    await page.locator('.banner', { hasText: '1 tap waits to be sent.' }).waitFor();
    await page.unroute('**/readyz');
    await expect.poll(() => triedAgain().then(kept), { timeout: 50_000 }).toEqual(['server-error']);
    expect(await finish(tablet)).toEqual([]);
  },
);

test('a barista serves a customer by keyboard alone', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 1, customerName: 'Sam' });
  const code = await enrolmentCode(world, shop);
  const tablet = await aNewTablet(world);
  const { page } = tablet;
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 40; presses++) {
      if ((await focused()).startsWith(name)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached ${name}`);
  };
  await page.getByRole('heading', { name: 'Connect this till' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type(code, { delay: 50 });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await tabTo('Ada');
  await page.keyboard.press('Enter');
  await page.getByLabel('PIN, Ada').waitFor();
  await page.keyboard.type(PINS.ada, { delay: 50 });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  await tablet.scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await tabTo('Flat white');
  await page.keyboard.press('Enter');
  await tabTo('Ring up');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  expect(await focused()).toBe('£3.50 to pay');
  await page.keyboard.press('Shift+Tab');
  await tabTo('Next customer');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  await tablet.scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await tabTo('Double stamp');
  await page.keyboard.press('Enter');
  await tabTo('Long day');
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: /^Undo Double stamp/ }).waitFor();
  await tabTo('Undo Double stamp');
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: '2 of 10 stamps' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('on a phone, what may be undone is in sight after a full card, and good news does not cover Lock', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 9, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop, { width: 390, height: 844 });
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  await page.getByRole('button', { name: 'Long day' }).click();
  const news = await page.locator('.banner.passing', { hasText: 'One stamp more' }).boundingBox();
  await page.getByRole('button', { name: /^Undo Double stamp/ }).waitFor();
  const lock = await page.getByRole('button', { name: /Lock/ }).boundingBox();
  expect(news!.x + news!.width).toBeLessThanOrEqual(lock!.x);
  const bar = await page.locator('.sale-bar').boundingBox();
  const undos = await page.getByRole('button', { name: /^Undo/ }).all();
  expect(undos).toHaveLength(2);
  for (const undo of undos) {
    const box = await undo.boundingBox();
    expect(box!.y + box!.height).toBeLessThanOrEqual(bar!.y + 1);
  }
  expect(await finish(tablet)).toEqual([]);
});

test('on a phone on its side, a customer is served without scrolling', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 3, customerName: 'Sam' });
  const tablet = await aConnectedTill(world, shop, { width: 844, height: 390 });
  const { page } = tablet;
  const outOfSight = async (...names: RegExp[]) => {
    const boxes = names.map(async (name) => {
      const button = page.getByRole('button', { name }).first();
      await button.waitFor();
      const { y, height } = (await button.boundingBox())!;
      return y + height > 391 ? [name] : [];
    });
    return (await Promise.all(boxes)).flat();
  };
  await page.getByRole('button', { name: 'Ada' }).click();
  expect(await outOfSight(/^1$/, /^0$/, /^OK$/, /^Somebody else$/)).toEqual([]);
  await enterPin(page, 'Ada', PINS.ada);
  expect(await outOfSight(/^Find$/, /^Camera/, /^New card/, /^No card/)).toEqual([]);
  await tablet.scan(sam.cardCode);
  expect(await outOfSight(/^Flat white/, /^Double stamp/, /^Free item/, /^Ring up$/)).toEqual([]);
  await sellOne(page);
  expect(await outOfSight(/^Undo Flat white/, /^Double stamp/, /^Next customer$/)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(390);
  expect(await finish(tablet)).toEqual([]);
});

test('on a phone on its side, what a full card brings and why a gesture is given are in sight as well', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 8, customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop, { width: 844, height: 390 });
  const { page } = tablet;
  const bottomOf = async (name: RegExp) => {
    const { y, height } = (await page.getByRole('button', { name }).boundingBox())!;
    return y + height;
  };
  await tablet.scan(sam.cardCode);
  await page.getByText('one extra stamp fills the card').waitFor();
  expect(await bottomOf(/^Double stamp/)).toBeLessThan(390);
  for (const name of [/^Flat white/, /^Cappuccino/, /^Croissant/])
    await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: /^Free item/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Croissant' }).click();
  expect(await bottomOf(/^Cancel/)).toBeLessThan(390);
  await page.getByRole('dialog').getByRole('button', { name: 'Long wait' }).click();
  const undo = page.getByRole('button', { name: /^Undo Croissant/ });
  await undo.waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(390);
  await undo.click();
  await page.getByRole('button', { name: 'Ring up £9.70' }).click();
  await page.getByRole('button', { name: 'Use it now' }).waitFor();
  expect(await bottomOf(/^Use it now/)).toBeLessThan((await bottomOf(/^Next customer/)) - 60);
  expect(await finish(tablet)).toEqual([]);
});

test('good news does not cover Lock on a tablet upright or a phone on its side either', async () => {
  const shop = await aStaffedShop(world);
  for (const [width, height] of [
    [820, 1180],
    [844, 390],
  ]) {
    const tablet = await aTillAtWork(world, shop, { width: width!, height: height! });
    const { page } = tablet;
    const sam = await aCard(world.db, shop, { customerName: 'Sam' });
    await tablet.scan(sam.cardCode);
    await page.getByRole('button', { name: /^Croissant/ }).click();
    await page.getByRole('button', { name: /^Free item/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Croissant' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Long wait' }).click();
    const news = await page
      .locator('.banner.passing', { hasText: 'Croissant was taken off the sale.' })
      .boundingBox();
    const lock = await page.getByRole('button', { name: /Lock/ }).boundingBox();
    expect(news!.x + news!.width).toBeLessThanOrEqual(lock!.x);
    expect(await finish(tablet)).toEqual([]);
  }
});

test('with letters enlarged to twice their size no button is cut off, on a phone or a tablet', async () => {
  for (const [width, height] of [
    [390, 844],
    [820, 1180],
  ] as const) {
    const shop = await aStaffedShop(world);
    await aSureSeason(world, shop);
    const sam = await aRegular(world, shop, 'Sam');
    const tablet = await aTillAtWork(world, shop, { width, height });
    const { page } = tablet;
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    const cutOff = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('button')]
          .filter((button) => {
            const { left, right } = button.getBoundingClientRect();
            return left < 0 || right > innerWidth;
          })
          .map((button) => button.textContent),
      );
    expect(await cutOff()).toEqual([]);
    await tablet.scan(sam.cardCode);
    await page.getByRole('button', { name: 'Flat white £3.50' }).click();
    expect(await cutOff()).toEqual([]);
    await page.locator('.lucky').getByRole('button', { name: 'Double stamp' }).click();
    await page.getByRole('button', { name: /^Undo Double stamp/ }).waitFor();
    expect(await cutOff()).toEqual([]);
    const said = await page.locator('.banner.passing', { hasText: 'One stamp more.' }).boundingBox();
    expect(said!.height).toBeLessThan(said!.width);
    await page.getByRole('button', { name: /Lock/ }).click();
    await page.getByRole('button', { name: 'Ada' }).click();
    await page.getByLabel('PIN, Ada').waitFor();
    expect(await cutOff()).toEqual([]);
    expect(await finish(tablet)).toEqual([]);
  }
});

test('a scan while a PIN is asked for puts nothing into the PIN', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aConnectedTill(world, shop);
  const { page } = tablet;
  await page.getByRole('button', { name: 'Ada' }).click();
  await page.getByLabel('PIN, Ada').waitFor();
  await page.keyboard.type('47', { delay: 60 });
  await page.waitForTimeout(200);
  await tablet.scan(sam.cardCode);
  await tablet.scan('5012345678900');
  expect(await page.getByLabel('PIN, Ada').inputValue()).toBe('47');
  await page.keyboard.type('11', { delay: 60 });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a customer who is served leaves the screen, and a till nobody uses locks itself', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  await tablet.scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.clock.fastForward(150_000);
  // What was tapped and not rung up is never thrown away while the till is not locked.
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('button', { name: /^Undo Flat white/ }).waitFor();
  await page.clock.fastForward(31_000);
  await expect.poll(() => page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
  await page.clock.fastForward(16_000);
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  await page.clock.fastForward(290_000);
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.locator('.banner', { hasText: 'Locked because nobody used the till' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('names that were looked for leave the screen as a customer does', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { customerName: 'Samira' });
  const tablet = await aTillAtWork(world, shop, { hasMovableClock: true });
  const { page } = tablet;
  const field = page.getByLabel('Code, name or end of phone number');
  const name = page.getByText('Samira');
  const lookAndLeave = async () => {
    await field.fill('sam');
    await field.press('Enter');
    await name.waitFor();
    await page.clock.fastForward(100_000);
    expect(await name.isVisible()).toBe(true);
    await page.clock.fastForward(25_000);
    await name.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('');
  };
  await lookAndLeave();
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Find their card' }).click();
  await lookAndLeave();
  await page.getByRole('dialog', { name: 'Find their card' }).waitFor();
  expect(await finish(tablet)).toEqual([]);
});

test('a till that the owner ended asks for a new code', async () => {
  const shop = await aStaffedShop(world);
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await endTills(world, shop);
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.getByRole('heading', { name: 'Connect this till' }).waitFor();
  await page.locator('.banner', { hasText: 'no longer connected' }).waitFor();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  expect(await finish(tablet)).toEqual([]);
});
