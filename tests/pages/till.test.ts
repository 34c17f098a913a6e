import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { phoneOf } from '../../src/operations/contact-keys.ts';
import { endItem } from '../../src/operations/edit-item.ts';
import { forgetCustomer } from '../../src/operations/forget-customer.ts';
import { aCard } from '../support/a-card.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { findAxeViolations } from '../support/axe.ts';
import { liveCodeOf } from '../support/live-code-of.ts';
import { blockCard, rowsOf, setAllowances, setProgram } from '../support/shop-settings.ts';
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
  endTills,
  enrolmentCode,
  enterPin,
  hasTakenAlong,
  PINS,
  sellOne,
  sellWithoutCard,
  sendVoucher,
  typeAsScanner,
} from './till-tablet.ts';

const world = useWorld();

test('a new tablet is connected by the owner’s code, once, and stays connected', async () => {
  const shop = await aStaffedShop(world);
  const code = await enrolmentCode(world, shop);
  const { page } = await aNewTablet(world);
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
});

test('a new tablet that is on no network yet says so, and that the code is still good', async () => {
  const shop = await aStaffedShop(world);
  const { page, context } = await aNewTablet(world, {}, `/till/?enrol=${await enrolmentCode(world, shop)}`);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.locator('.banner', { hasText: 'Connect the tablet to the network and try again.' }).waitFor();
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
});

test('a wrong PIN says how many tries are left and then how long to wait; a colleague is not kept out', async () => {
  const shop = await aStaffedShop(world);
  const { page, signIn } = await aConnectedTill(world, shop);
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
  await signIn('Ben', PINS.ben);
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
});

test('a PIN is put in by touch alone', async () => {
  const shop = await aStaffedShop(world);
  const code = await enrolmentCode(world, shop);
  const { page } = await aNewTablet(world, {}, `/till/?enrol=${code}`);
  await page.getByRole('button', { name: 'Connect' }).tap();
  await page.getByRole('button', { name: 'Ada' }).tap();
  for (const key of ['9', 'Erase the last figure', ...PINS.ada, 'OK'])
    await page.getByRole('button', { name: key, exact: true }).tap();
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
});

test('a scan is caught whatever has the focus, and a carton of milk is not a card', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 3 });
  await page.getByLabel('Code, name or end of phone number').fill('7F');
  await scan('5012345678900');
  await page.locator('.banner', { hasText: 'another barcode' }).waitFor();
  expect(await page.getByLabel('Code, name or end of phone number').inputValue()).toBe('7F');
  await page.getByRole('button', { name: 'No card' }).focus();
  await scan(sam.cardCode.toLowerCase());
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await page.getByText('First visit').waitFor();
});

test('a scanner that presses no key at the end is heard with a customer on the screen too, and types into no field', async () => {
  const shop = await aStaffedShop(world);
  const [sam, ida] = await Promise.all(
    ['Sam', 'Ida'].map((customerName) => aCard(world.db, shop, { customerName })),
  );
  const { page } = await aTillAtWork(world, shop);
  await typeAsScanner(page, sam!.cardCode, '');
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  await page.getByLabel('For example').fill('Oat');
  await typeAsScanner(page, sam!.cardCode, '');
  await expect.poll(() => page.getByLabel('For example').inputValue()).toBe('Oat');
  await typeAsScanner(page, ida!.cardCode, '');
  await page.getByRole('heading', { name: 'Ida' }).waitFor();
});

test('whatever is scanned presses no button: neither the spaces in somebody’s Wi-Fi code, nor its lines, nor a second end', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  const said = page.locator('.banner', { hasText: 'another barcode' });
  for (const code of ['WIFI:T:WPA;S:The Kind Bean;P:flat white;;', 'BEGIN:VCARD\rN:Doe;J\rEND:VCARD'])
    await scan(code);
  await said.waitFor();
  expect(await page.locator('.sale-bar-lines').textContent()).toBe('Flat white');
  await page.getByRole('button', { name: 'Ring up £3.50' }).focus();
  await scan('5012345678900\t');
  await scan('5012345678900\r');
  await scan(`]Q1${sam.cardCode}\t`); // and says that it was a QR code
  await said.waitFor({ state: 'detached' });
  expect(await page.locator('.sale-bar-lines').textContent()).toBe('Flat white');
  expect(await rowsOf(world.db, shop, 'sales')).toEqual([]);
});

test('no letter of a scan opens Firefox’s find bar, which would swallow the others; in a field it is typed', async () => {
  const { sam, page, scan } = await aTillAndSam(world);
  await page.evaluate(() => {
    const left: string[] = [];
    document.addEventListener('keydown', (event) => event.defaultPrevented || left.push(event.key));
    Object.assign(globalThis, { left });
  });
  const keysLeft = () => page.evaluate(() => (globalThis as unknown as { left: string[] }).left.splice(0));
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await keysLeft();
  await page.keyboard.type("w/o'n");
  expect(await keysLeft()).toEqual(['w', 'o', 'n']);
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByLabel('Code, name or end of phone number').pressSequentially("O'Neil");
  expect(await page.getByLabel('Code, name or end of phone number').inputValue()).toBe("O'Neil");
});

test('that it is somebody’s first visit is said once', async () => {
  const { sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.locator('.why-now', { hasText: 'Their first visit here.' }).waitFor();
  expect(await page.getByText('first visit').count()).toBe(1);
  await sellOne(page);
  await page.getByText('First visit', { exact: true }).waitFor();
  expect(await page.getByText('first visit').count()).toBe(1);
});

test('a card nobody knows leaves nothing in the field for the code', async () => {
  const shop = await aStaffedShop(world);
  const { page, scan } = await aTillAtWork(world, shop);
  await scan('GST1:ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  await page.locator('.banner', { hasText: 'We don’t know this card.' }).waitFor();
  expect(await page.getByLabel('Code, name or end of phone number').inputValue()).toBe('');
});

test('who comes with a blocked card still gets their coffee, without a stamp', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam', stamps: 6 });
  await world.db.transact((tx) =>
    tx.query((d, { cards }) =>
      d.update(cards).set({ blockedAt: systemClock.now() }).where(eq(cards.cardId, sam.cardId)),
    ),
  );
  const { page, scan } = await aTillAtWork(world, shop);
  await scan(sam.cardCode);
  await page.getByText('This card is blocked: you can sell').waitFor();
  await sellOne(page);
  await page.getByText('No stamp for this', { exact: true }).waitFor();
  await page.getByText('6 of 10 stamps', { exact: true }).waitFor();
});

test('whose card is blocked while they are served still gets their coffee, without a stamp', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 6 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await blockCard(world.db, shop, sam.cardId);
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('This card is blocked: you can sell').waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('No stamp for this', { exact: true }).waitFor();
});

test('whose card is forgotten while they are served still gets their coffee, without one', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  const [card] = await rowsOf(world.db, shop, 'cards');
  const { merchantId } = shop;
  const forget = forgetCustomer(world.db, systemClock, () => undefined);
  granted(await forget({ merchantId, customerId: card!.customerId, staffId: null }));
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.locator('.banner', { hasText: 'We don’t know this card.' }).waitFor();
  await page.getByRole('heading', { name: 'No card' }).waitFor();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
});

test('a code typed by hand finds the card, and one nobody has says so', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const [{ shortCode }] = (await world.db
    .read((queries) => queries.query((d, { cards }) => d.select().from(cards)))
    .then((cards) => cards.filter(({ cardId }) => cardId === sam.cardId))) as [{ shortCode: string }];
  const { page } = await aTillAtWork(world, shop);
  // Nothing is tapped first: the first letter goes to the field.
  await page.keyboard.type('0000-0000', { delay: 60 });
  await page.keyboard.press('Enter');
  await page.locator('.banner', { hasText: 'We don’t know this card' }).waitFor();
  await page.getByLabel('Code, name or end of phone number').fill('');
  await page.keyboard.type(`${shortCode.slice(0, 4)}-${shortCode.slice(4)}`.toLowerCase(), { delay: 60 });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
});

test('what is tapped is rung up with its stamps, and can be taken back for half a minute', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 2 });
  await scan(sam.cardCode);
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
});

test('at 9 of 10 a coffee with a double stamp fills the card, makes it free and starts the next', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 9 });
  await scan(sam.cardCode);
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
});

test('the same comes out when the double stamp is given before the coffee is tapped', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 9 });
  const { page, scan } = await aTillAtWork(world, shop);
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'A guest' }).waitFor();
  await page.getByRole('button', { name: 'Double stamp' }).click();
  await page.getByRole('button', { name: 'A regular' }).click();
  await page.locator('.reward', { hasText: 'Tap what they are having' }).waitFor();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.getByRole('button', { name: /^Their phone is dead/ }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
});

test('a reward pays for what was tapped, once, when the scan showed the live code; that earns no stamp', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
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
});

test('a full card pays for the coffee that filled it, and a voucher that waits is handed over by itself', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 9 });
  await sendVoucher(world, shop, sam, 'Croissant');
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await sellOne(page);
  await page.locator('.result').getByText('The card is full!').waitFor();
  await page.getByRole('button', { name: 'Use it now Today’s Flat white is free' }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  await page.getByRole('button', { name: 'Use it', exact: true }).click();
  await page.getByRole('button', { name: /^Their phone is dead/ }).click();
  await page.locator('.banner', { hasText: 'Used: Croissant.' }).waitFor();
  const [sale] = await rowsOf(world.db, shop, 'sales');
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([
    { kind: 'voucher', status: 'redeemed', saleId: null },
    { kind: 'stamps', status: 'redeemed', saleId: sale!.saleId },
  ]);
});

test('whatever waits on a card can be used, the oldest of each first, and none of it makes a phone scroll', async () => {
  const phone = { width: 390, height: 844 };
  const { shop, sam, page, scan } = await aTillAndSam(world, {
    stamps: 19,
    shop: { coolDownDays: 0, gesturesLimit: 9 },
    tablet: phone,
  });
  for (const item of ['Croissant', 'Cappuccino', 'Flat white', 'Croissant'])
    await sendVoucher(world, shop, sam, item);
  granted(await aTill(world.db, systemClock, shop).sell(sam)); // at another till: full once more
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  const waiting = page.locator('.reward-tile');
  await expect
    .poll(async () => (await waiting.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')))
    .toEqual([
      '2 × A coffee on the house Use it',
      '2 × Croissant Use it',
      'Cappuccino Use it',
      'Flat white Use it',
    ]);
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  expect(await height()).toBe(phone.height);
  expect(await findAxeViolations(page)).toEqual([]);
  await sellOne(page);
  expect(await height()).toBe(phone.height);
  await page.getByRole('button', { name: 'Use it now Today’s Flat white is free' }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  expect(await height()).toBe(phone.height);
  await waiting.filter({ hasText: 'Flat white' }).click();
  await page.getByRole('button', { name: /^Their phone is dead/ }).click();
  await page.locator('.banner', { hasText: 'Used: Flat white.' }).waitFor();
});

test('of several rewards that wait, each says until when it is good, and no phone scrolls for it', async () => {
  const phone = { width: 390, height: 844 };
  const shop = await aStaffedShop(world);
  await setProgram(world.db, shop, { expiryDays: 30 });
  const sam = await aCard(world.db, shop, { stamps: 9, customerName: 'Sam' });
  granted(await aTill(world.db, systemClock, shop).sell(sam));
  await sendVoucher(world, shop, sam, 'Croissant');
  const { page, scan } = await aTillAtWork(world, shop, phone);
  await scan(sam.cardCode);
  await page.locator('.reward-tile').first().waitFor();
  const [coffee, croissant, ...more] = await page.locator('.reward-tile').all();
  expect(await coffee!.innerText()).toMatch(/^A coffee on the house\sUse it\sGood until \d+ \w+$/);
  expect(await croissant!.innerText()).toMatch(/^Croissant\sUse it$/);
  expect(more).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(phone.height);
});

test('a voucher sent while its customer is at the till is no full card, and can be used after the next scan', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 2 });
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await sendVoucher(world, shop, sam, 'Croissant');
  await sellOne(page);
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  expect(await page.locator('.result').innerText()).not.toContain('Croissant');
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.getByRole('button', { name: 'Use it', exact: true }).click();
  await page.getByRole('dialog', { name: 'Croissant' }).getByRole('button', { name: 'Use it now' }).click();
  await page.locator('.banner', { hasText: 'Used: Croissant.' }).waitFor();
});

test('a card that was typed in needs the six figures on the phone, and a wrong one says so', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  const dialog = page.getByRole('dialog');
  const right = liveCodeOf(sam, systemClock.now());
  await dialog.getByLabel('Six figures').fill(right === '000000' ? '000001' : '000000');
  await dialog.getByText('That is not the code the phone shows now.').waitFor();
  // The field is empty again, and still has the focus.
  await page.keyboard.type(liveCodeOf(sam, systemClock.now()), { delay: 60 });
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'redeemed', proof: 'live_code' }]);
});

test('scanning the phone while the six figures are asked for spends the reward', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByLabel('Six figures').waitFor();
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
});

test('what a scanner types into the field for the six figures is not taken for them, whatever key it ends with', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  let redemptions = 0;
  page.on(
    'request',
    (request) => void (redemptions += Number(request.url().endsWith('/api/v1/redemptions'))),
  );
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByLabel('Six figures').waitFor();
  await typeAsScanner(page, `${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`, '');
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
  expect(redemptions).toBe(1); // no try was lost on another code
});

test('a printed card proves nothing, and the till says so where it asked', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByLabel('Six figures').waitFor();
  await scan(sam.cardCode);
  await page.getByRole('dialog').getByText('That showed no six figures').waitFor();
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.locator('.banner', { hasText: 'Used: A coffee on the house.' }).waitFor();
});

test('a question about a reward that another till has spent meanwhile goes with a word', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByLabel('Six figures').waitFor();
  granted(await aTill(world.db, systemClock, shop).redeem(sam));
  await scan(sam.cardCode);
  await page.locator('.banner', { hasText: 'This reward was used a moment ago' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.keyboard.press('Control+Enter'); // which waits while there is a question
  await page.getByRole('heading', { name: '£3.50 to pay' }).waitFor();
});

test('a reward that another till has spent meanwhile is not offered once more after it was refused', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Use it' }).waitFor();
  granted(await aTill(world.db, systemClock, shop).redeem(sam));
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByRole('button', { name: /^Their phone is dead/ }).click();
  await page.locator('.banner', { hasText: 'This reward was used a moment ago' }).waitFor();
  await page.getByRole('button', { name: 'Use it' }).waitFor({ state: 'detached' });
});

test('the answer to a reward takes nothing off the screen that is being typed', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 22 });
  const preferences = page.getByLabel('For example');
  const redeemAndType = async (liveCode: string, text: string) => {
    const letGo = await holdRequests(page, '**/api/v1/redemptions');
    await scan(`${sam.cardCode}:${liveCode}`);
    await page.getByRole('button', { name: 'Flat white £3.50' }).click();
    await page.getByRole('button', { name: 'Use it now' }).click();
    await page.getByText('Sending …').waitFor();
    await page.locator('.preferences').click();
    await preferences.fill(text);
    letGo();
    await page.getByText('Sending …').waitFor({ state: 'detached' });
    expect(await preferences.inputValue()).toBe(text);
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: new RegExp(`^${text}`) }).waitFor();
  };
  const right = liveCodeOf(sam, systemClock.now());
  await redeemAndType(right === '000000' ? '000001' : '000000', 'Oat milk');
  await page.getByRole('button', { name: 'Next customer' }).click();
  await redeemAndType(liveCodeOf(sam, systemClock.now()), 'No lid');
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'redeemed' }, { status: 'open' }]);
});

test('a phone left under the scanner, and read again, takes no question off the screen', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 3 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await page.getByRole('button', { name: 'Long day' }).waitFor();
  for (const _ of ['once more', 'and again, when the first is dealt with']) {
    const readAgain = page.waitForResponse('**/api/v1/scans');
    await scan(sam.cardCode);
    await readAgain;
  }
  await page.getByRole('button', { name: 'Long day' }).click();
  await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();
});

test('a phone left under the scanner, and read again, takes no warning off the screen either', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  const ida = await aCard(world.db, shop, { customerName: 'Ida' });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await scan(ida.cardCode);
  const warning = page.locator('.banner', { hasText: 'Now Ida. What was tapped stayed.' });
  await warning.waitFor();
  const answered = page.waitForResponse('**/api/v1/scans');
  await scan(ida.cardCode);
  await (await answered).finished();
  await page.getByRole('button', { name: 'Ring up £3.50', disabled: false }).waitFor();
  expect(await warning.count()).toBe(1);
  await scan(sam.cardCode);
  await page.locator('.banner', { hasText: 'Now Sam. What was tapped stayed.' }).waitFor();
  expect(await warning.count()).toBe(0);
});

test('who has no phone is vouched for, which is said before and written down', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(sam.cardCode);
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
});

test('a free item is given with a reason, comes off the sale and lowers what is left', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  const eve = await aCard(world.db, shop, { customerName: 'Eve' });
  await scan(sam.cardCode);
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
  await scan(eve.cardCode);
  await page.getByRole('button', { name: 'Double stamp 2 left today' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toEqual([]);
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([
    { kind: 'free_item', itemName: 'Croissant', reason: 'our_mistake', priceMinor: 280, costMinor: 110 },
  ]);
});

test('an item that was taken off the menu is refused once, and then not offered any more', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  const cappuccino = (await rowsOf(world.db, shop, 'items')).find(({ name }) => name === 'Cappuccino')!;
  await scan(sam.cardCode);
  await page.getByRole('button', { name: /^Free item/ }).click();
  await endItem(world.db, systemClock)(shop.owner, { itemId: cappuccino.itemId });
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cappuccino' }).click();
  await dialog.getByRole('button', { name: 'A regular' }).click();
  await dialog.getByText('This is no longer on the menu.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Cappuccino £3.40' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Free item/ }).click();
  await dialog.getByRole('button', { name: 'Croissant' }).waitFor();
  expect(await dialog.getByRole('button', { name: 'Cappuccino' }).count()).toBe(0);
});

test('what an undone gesture puts back begins the next sale, which a reward may pay for', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 12 });
  await scan(`${sam.cardCode}:${liveCodeOf(sam, systemClock.now())}`);
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Croissant £2.80' }).click();
  await page.getByRole('button', { name: /^Free item/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Flat white' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A regular' }).click();
  await page.getByRole('button', { name: 'Ring up £2.80' }).click();
  await page.getByRole('heading', { name: '£2.80 to pay' }).waitFor();
  await page.getByRole('button', { name: /^Undo Flat white/ }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).waitFor();
  expect(await page.getByRole('heading', { name: '£2.80 to pay' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Use it now' }).click();
  await page.getByRole('heading', { name: 'Nothing to pay' }).waitFor();
  expect(await rowsOf(world.db, shop, 'rewards')).toMatchObject([{ status: 'redeemed', coveredMinor: 350 }]);
});

test('an undone gesture is given back, with its place in the allowance', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 4 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await page.getByRole('button', { name: 'Celebrating' }).click();
  await page.getByRole('img', { name: '5 of 10 stamps' }).waitFor();
  await page.getByRole('button', { name: /^Undo Double stamp · Celebrating/ }).click();
  await page.getByRole('img', { name: '4 of 10 stamps' }).waitFor();
  await expect
    .poll(() => page.getByRole('button', { name: 'Double stamp 3 left today' }).isEnabled())
    .toBe(true);
});

test('the last gesture of the day, once it is undone, can be given without a connection as well', async () => {
  const { sam, page, context, scan } = await aTillAndSam(world, { shop: { gesturesLimit: 1 } });
  await expect.poll(() => page.evaluate(hasTakenAlong)).toBe(true);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Long day' }).click();
  await page.getByRole('button', { name: /^Undo Double stamp/ }).click();
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).waitFor();
  await expect.poll(() => page.evaluate(hasTakenAlong)).toBe(true);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Double stamp 1 left offline' }).waitFor();
});

test('when the allowance is spent the till says until when, and a manager grants one more by PIN', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { shop: { gesturesLimit: 1 } });
  const eve = await aCard(world.db, shop, { customerName: 'Eve', stamps: 5 });
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).click();
  await page.getByRole('button', { name: 'Long wait' }).click();
  await page.getByRole('button', { name: 'Next customer' }).click();
  await scan(eve.cardCode);
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
});

test('a gesture the till thought possible and the server refuses says why, and a manager may still grant it', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { page, scan, signIn } = await aConnectedTill(world, shop);
  // A till that could not take a gesture along has only what the server still has.
  const refusal = { title: 'No gestures left', status: 409, refused: 'allowance-spent' };
  await page.route('**/api/v1/leases', (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(refusal) }),
  );
  await signIn('Ada', PINS.ada);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).click();
  await setAllowances(world.db, shop, { scope: 'staff', period: 'week', gesturesLimit: 0 });
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'New here' }).click();
  await dialog.getByText(/None left\. New ones (Mon .+|tomorrow, )?04:00/).waitFor();
  // Nor is it offered once more as if nothing had been said.
  await page.getByRole('button', { name: 'Double stamp 0 left' }).waitFor({ state: 'attached' });
  await dialog.getByRole('button', { name: 'Ask a manager for one more' }).click();
  await dialog.getByRole('button', { name: 'Mo' }).click();
  await dialog.getByLabel('Mo’s PIN').fill(PINS.manager);
  await dialog.getByRole('button', { name: 'OK' }).click();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
});

test('a customer another till has just been kind to is told from others once a gesture was refused', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world);
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  granted(await aTill(world.db, systemClock, shop).give(sam, { by: shop.ben }));
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Long wait' }).click();
  await dialog.getByText('They had one recently.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('They had one recently.').waitFor();
  expect(await page.getByRole('button', { name: /^Double stamp/ }).isDisabled()).toBe(true);
});

test('why a gesture is refused is said although the question was taken off the screen meanwhile', async () => {
  const shop = await aStaffedShop(world, { gesturesLimit: 1 });
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { page, scan, signIn } = await aConnectedTill(world, shop);
  const refusal = JSON.stringify({ title: 'No gestures left', status: 409, refused: 'allowance-spent' });
  await page.route('**/api/v1/leases', (route) => route.fulfill({ status: 409, body: refusal }));
  await signIn('Ada', PINS.ada);
  await scan(sam.cardCode);
  await page.getByRole('button', { name: 'Double stamp 1 left today' }).click();
  await setAllowances(world.db, shop, { scope: 'staff', period: 'week', gesturesLimit: 0 });
  const answer = await holdRequests(page, '**/api/v1/gestures');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'New here' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  answer();
  await page.locator('.banner', { hasText: 'None left.' }).waitFor();
  expect(await dialog.getByLabel('For example').isVisible()).toBe(true); // what is asked by now stays
});

test('nobody is kind to their own card, and sees so before they choose a reason', async () => {
  const shop = await aStaffedShop(world);
  const mine = await aCard(world.db, shop, { customerName: 'Ada', staffId: shop.ada.staffId });
  const { page, scan } = await aTillAtWork(world, shop);
  await scan(mine.cardCode);
  await page.getByText('This is your own card').waitFor();
  expect(await page.getByRole('button', { name: 'Double stamp' }).isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Free item' }).isDisabled()).toBe(true);
});

test('a customer without their card is found by the last four figures of their number, or a name', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { customerName: 'Sam Okafor', stamps: 3 });
  await world.db.transact((tx) =>
    tx.query((d, { customers }) =>
      d.update(customers).set(phoneOf('+44 7700 900123')!).where(eq(customers.merchantId, shop.merchantId)),
    ),
  );
  await aCard(world.db, shop, { customerName: 'Samira', stamps: 1 });
  const { page } = await aTillAtWork(world, shop);
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
});

test('whoever hears the till hears what a full card earned, when it fills and when it is shown again', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 9 });
  const heard = page.getByRole('status');
  await scan(sam.cardCode);
  await expect.poll(() => heard.textContent()).toBe('Sam, 9 of 10 stamps');
  await sellOne(page);
  await expect
    .poll(() => heard.textContent())
    .toBe('£3.50 rung up. + 1 stamp. 0 of 10 stamps. Theirs to use: A coffee on the house');
  await page.getByRole('button', { name: 'Next customer' }).click();
  await scan(sam.cardCode);
  await expect
    .poll(() => heard.textContent())
    .toBe('Sam, 0 of 10 stamps. Theirs to use: A coffee on the house');
});

test('whoever hears the till is told no number of stamps of a card that nobody could read', async () => {
  const { sam, page, context, scan } = await aTillAndSam(world, { stamps: 4 });
  await expect.poll(() => page.evaluate(hasTakenAlong)).toBe(true);
  await context.setOffline(true);
  await scan(sam.cardCode);
  await sellOne(page);
  await page.getByRole('button', { name: /^Double stamp/ }).click();
  await page.getByRole('button', { name: 'Long day' }).click();
  await page.locator('.banner', { hasText: 'One stamp more.' }).waitFor();
  await expect.poll(() => page.getByRole('status').textContent()).toBe('One stamp more.');
});

test('whoever hears the till hears whose card it was, and what is on it, once the connection is back', async () => {
  const { sam, page, context, scan } = await aTillAndSam(world, { stamps: 9 });
  await expect.poll(() => page.evaluate(hasTakenAlong)).toBe(true);
  await context.setOffline(true);
  await page.locator('.banner', { hasText: 'No connection' }).waitFor();
  await scan(sam.cardCode);
  await sellOne(page);
  await context.setOffline(false);
  await expect
    .poll(() => page.getByRole('status').textContent())
    .toBe('Sam. + 1 stamp. 0 of 10 stamps. Theirs to use: A coffee on the house');
});

test('whoever hears the till hears what a search brought also in a sheet, behind which nothing is read out', async () => {
  const shop = await aStaffedShop(world);
  for (const customerName of ['Sam Okafor', 'Samira']) await aCard(world.db, shop, { customerName });
  const { page } = await aTillAtWork(world, shop);
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
});

test('good news is no warning in the sheet that is opened after it', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  await sellWithoutCard(page);
  await page.getByRole('button', { name: /^Undo Flat white/ }).click();
  await page.locator('.banner', { hasText: 'Undone: Flat white £3.50' }).waitFor();
  await page.getByRole('button', { name: 'Find their card' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Code, name or end of phone number').fill('Nobody');
  expect(await dialog.locator('.notice').count()).toBe(0);
  await page.keyboard.press('Enter');
  await dialog.locator('.notice', { hasText: 'Nobody here is called that' }).waitFor();
});

test('how a customer likes it is written down at the till and seen at the next visit', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { stamps: 8 });
  await scan(sam.cardCode);
  await page.getByText('With today’s coffee, one extra stamp fills the card.').waitFor();
  await page.getByRole('button', { name: 'How do they like it?' }).click();
  await page.getByLabel('For example').fill('Oat milk, no lid');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Oat milk, no lid/ }).waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  await scan(sam.cardCode);
  await page.getByRole('button', { name: /^Oat milk, no lid/ }).waitFor();
});

test('this tablet is set for a left hand, without sound, and to lock after a minute, and stays so', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { tablet: { hasMovableClock: true } });
  const menuX = async () => (await page.getByRole('list', { name: 'Menu' }).boundingBox())!.x;
  await scan(sam.cardCode);
  const rightHanded = await menuX();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'This tablet' }).click();
  // A customer comes first.
  await scan(sam.cardCode);
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'This tablet' }).click();
  await page.getByRole('switch', { name: 'Left-handed' }).check();
  await page.getByRole('switch', { name: 'Sounds' }).uncheck();
  await page.getByText('1 min', { exact: true }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  expect(await menuX()).toBeLessThan(rightHanded);
  await page.clock.fastForward(62_000);
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'This tablet' }).click();
  expect(await page.getByRole('switch', { name: 'Left-handed' }).isChecked()).toBe(true);
  expect(await page.getByRole('switch', { name: 'Sounds' }).isChecked()).toBe(false);
  expect(await page.getByRole('radio', { name: '1 min' }).isChecked()).toBe(true);
});

test('when a draw falls on a customer the house is treating: one tap gives it, outside the allowance', async () => {
  const shop = await aStaffedShop(world);
  await aSureSeason(world, shop);
  const sam = await aRegular(world, shop, 'Sam');
  const ida = await aRegular(world, shop, 'Ida');
  const { page, scan } = await aTillAtWork(world, shop);
  await scan(sam.cardCode);
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

  await scan(ida.cardCode);
  const treat = page.locator('.lucky');
  await treat.getByText('Tap what they get.').waitFor();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await treat.getByText('Double stamp rings up Flat white for £3.50, with one stamp more.').waitFor();
  await page.getByRole('button', { name: 'One Flat white less' }).click();
  await treat.getByText('Tap what they get.').waitFor();
  await page.getByRole('button', { name: 'Let it pass' }).click();
  await page.locator('.lucky').waitFor({ state: 'detached' });
  const scannedAgain = page.waitForResponse('**/api/v1/scans');
  await scan(ida.cardCode);
  await scannedAgain;
  await page.getByRole('button', { name: 'Double stamp 3 left today' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await page.locator('.lucky').count()).toBe(0);
  expect(await rowsOf(world.db, shop, 'gestures')).toMatchObject([
    { fundedBy: 'lucky', reason: 'other' },
    { fundedBy: 'lucky', reason: 'other' },
  ]);
});

test('a new card is made, shown as a QR that opens it, and served at once', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
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
});

test('whoever starts to type on a new card need not tap the field for the name first', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  await page.getByRole('button', { name: 'New card' }).click();
  await page.getByRole('heading', { name: 'New card' }).waitFor();
  await page.keyboard.type('Pia', { delay: 60 });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Serve them now' }).click();
  await page.getByRole('heading', { name: 'Pia' }).waitFor();
});

test('a new card that was cancelled while it was made does not come up over the next customer', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  const answerCard = await holdAnswer(page, '**/api/v1/cards');
  await page.getByRole('button', { name: 'New card' }).click();
  await page.getByLabel('First name').fill('Priya');
  await page.getByRole('button', { name: 'Make the card' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'No card' }).click();
  await answerCard();
  await sellOne(page);
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: null }]);
});

test('a sale without a card goes on the card that is shown afterwards', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 2 });
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).click();
  await page.getByRole('button', { name: 'Ring up £3.50' }).click();
  await page.getByText('They have a card after all?').waitFor();
  await scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  await page.locator('.banner', { hasText: '£3.50 put on this card: 1 stamp' }).waitFor();
  await page.getByText('Rung up before this card was shown.').waitFor(); // it may be the next customer's
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: sam.cardId, stampsEarned: 1 }]);
});

test('of what is rung up bit by bit without a card, a card takes the last alone: that is said before it is shown', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 2 });
  const earlierStays = page.getByText('What was rung up before stays without a card.');
  await sellWithoutCard(page);
  expect(await earlierStays.count()).toBe(0);
  await page.getByRole('button', { name: 'Ring up more' }).click();
  await earlierStays.waitFor();
  await page.getByRole('button', { name: 'Cappuccino £3.40' }).click();
  await page.getByRole('button', { name: 'Ring up £3.40' }).click();
  await page.getByRole('heading', { name: '£3.40 to pay' }).waitFor();
  expect(await earlierStays.count()).toBe(1);
  await scan(sam.cardCode);
  await page.getByRole('img', { name: '3 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([
    { totalMinor: 350, cardId: null },
    { totalMinor: 340, cardId: sam.cardId },
  ]);
});

test('who takes a new card once they have paid has the stamps of that sale on it', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  await sellWithoutCard(page);
  await page.getByRole('button', { name: 'New card' }).click();
  await page.getByRole('button', { name: 'Make the card' }).click();
  await page.getByRole('button', { name: 'Serve them now' }).click();
  await page.getByRole('img', { name: '1 of 10 stamps' }).waitFor();
  expect(await rowsOf(world.db, shop, 'sales')).toMatchObject([{ cardId: expect.any(String) as string }]);
});

test('a sale that went on the card of the next customer is taken off it again, and stands', async () => {
  const { shop, sam, page, scan } = await aTillAndSam(world, { stamps: 2 });
  await page.getByRole('button', { name: 'No card' }).click();
  await page.getByRole('button', { name: 'Flat white £3.50' }).dblclick();
  await page.getByRole('button', { name: 'Ring up £7.00' }).click();
  await page.getByText('They have a card after all?').waitFor();
  await scan(sam.cardCode);
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
});

test('a barista serves a customer by keyboard alone', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { stamps: 1, customerName: 'Sam' });
  const ida = await aCard(world.db, shop, { customerName: 'Ida' });
  const code = await enrolmentCode(world, shop);
  const { page, scan } = await aNewTablet(world);
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
  await scan(sam.cardCode);
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
  await scan(sam.cardCode);
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
  expect(await focused()).toBe('Double stamp · Long dayUndone');
  await page.keyboard.press('Tab');
  expect(await focused()).toMatch(/^Flat white/);
  // Nor does it keep a scanner from being heard.
  await scan(ida.cardCode);
  await page.getByRole('heading', { name: 'Ida' }).waitFor();
});

test('a scan while a PIN is asked for puts nothing into the PIN, and its customer is there after it', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const { page, scan } = await aConnectedTill(world, shop);
  await page.getByRole('button', { name: 'Ada' }).click();
  await page.getByLabel('PIN, Ada').waitFor();
  await page.keyboard.type('47', { delay: 60 });
  await page.waitForTimeout(200);
  await scan(sam.cardCode);
  await scan('5012345678900');
  expect(await page.getByLabel('PIN, Ada').inputValue()).toBe('47');
  await page.keyboard.type('11', { delay: 60 });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
});

test('a customer who is served leaves the screen, and a till nobody uses locks itself', async () => {
  const { sam, page, scan } = await aTillAndSam(world, { tablet: { hasMovableClock: true } });
  await scan(sam.cardCode);
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
});

test('names that were looked for leave the screen as a customer does', async () => {
  const shop = await aStaffedShop(world);
  await aCard(world.db, shop, { customerName: 'Samira' });
  const { page } = await aTillAtWork(world, shop, { hasMovableClock: true });
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
});

test('a till that the owner ended asks for a new code', async () => {
  const shop = await aStaffedShop(world);
  const { page } = await aTillAtWork(world, shop);
  await endTills(world, shop);
  await page.getByRole('button', { name: /Lock/ }).click();
  await page.getByRole('heading', { name: 'Connect this till' }).waitFor();
  await page.locator('.banner', { hasText: 'no longer connected' }).waitFor();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});
