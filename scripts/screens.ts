import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { aStaffedShop, aTillAtWork, openTillWorld } from '../tests/pages/till-tablet.ts';
import { aCustomer } from '../tests/support/a-customer.ts';

/* Takes the pictures of the README from the running product. */
const FOLDER = join(import.meta.dirname, '..', 'docs', 'screens');

mkdirSync(FOLDER, { recursive: true });
const world = await openTillWorld();
try {
  const shop = await aStaffedShop(world);
  const sam = await aCustomer({ db: world.db, clock: systemClock, shop }, 'Sam');
  await sam.buyCoffee(9);

  const tablet = await aTillAtWork(world, shop, { width: 1180, height: 760 });
  await tablet.scan(sam.cardCode);
  await tablet.page.getByRole('heading', { name: 'Sam' }).waitFor();
  await tablet.page.getByRole('button', { name: /Flat white/ }).click();
  await tablet.page.screenshot({ path: join(FOLDER, 'till.png') });

  await tablet.page.getByRole('button', { name: /Double stamp/ }).click();
  await tablet.page.getByRole('button', { name: 'Long day' }).click();
  await tablet.page.getByText('The card is full!', { exact: true }).waitFor();

  const phone = await world.browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  const page = await phone.newPage();
  await page.goto(`${world.server.url}/c/${sam.secret}`);
  await page.getByRole('heading', { name: 'A coffee on the house' }).waitFor();
  await page.screenshot({ path: join(FOLDER, 'card.png') });
} finally {
  await world.close();
}
