import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Shop } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import { findAxeViolations } from '../support/axe.ts';
import { aKindFortnight, aStaffedShop, aTillAtWork, PINS } from './till-tablet.ts';
import type { Tablet } from './till-tablet.ts';
import { useTillWorld } from './use-till-world.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1180, height: 820 },
];

const world = useTillWorld();

async function aKindShop(): Promise<Shop> {
  const shop = await aStaffedShop(world, { coolDownDays: 0, gesturesLimit: null });
  await aKindFortnight(world, shop);
  return shop;
}

async function openMirror({ page }: Tablet): Promise<void> {
  await page.getByRole('button', { name: 'This tablet' }).click();
  await page.getByRole('button', { name: 'How my kindness spreads' }).click();
  await page.getByRole('heading', { name: 'How your kindness spreads' }).waitFor();
}

for (const isDark of [false, true])
  test(`Ada sees how what she gave spreads, and no other name or mark, ${isDark ? 'dark' : 'light'}`, async () => {
    const shop = await aKindShop();
    const tablet = await aTillAtWork(world, shop, { ...SIZES[0]!, isDark });
    const { page } = tablet;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openMirror(tablet);
    await page.getByText(/people have had something kind from you, \d+ times in all/).waitFor();
    const rows = await page.locator('.mirror tbody th').allInnerTexts();
    expect(rows.slice(0, 2)).toEqual(['New here', 'Regulars']);
    expect(rows).toContain('Midday');
    expect(rows).not.toContain('Evening');
    expect(await page.locator('.mirror').innerText()).not.toMatch(/\b(Ben|Mo|Olive)\b/);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const name = `${size.width} ${isDark ? 'dark' : 'light'}`;
      expect(await findAxeViolations(page), `${name}`).toEqual([]);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(tooWide, `${name}`).toBeLessThanOrEqual(0);
      const folder = process.env['SCREENS_FOLDER'];
      if (folder) {
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: `${folder}/mirror ${name}.png` });
      }
    }
    await tablet.close();
    expect(tablet.complaints).toEqual([]);
  });

test('the mirror opens and closes by the keyboard, gives way to a customer, and is not there for whoever comes next', async () => {
  const shop = await aKindShop();
  const sam = await aCard(world.db, shop, { customerName: 'Sam' });
  const tablet = await aTillAtWork(world, shop);
  const { page } = tablet;
  await page.getByRole('button', { name: 'This tablet' }).focus();
  await page.keyboard.press('Enter');
  const mirrorButton = page.getByRole('button', { name: 'How my kindness spreads' });
  for (let tabs = 0; tabs < 10; tabs++) {
    if (await mirrorButton.evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.locator('.mirror table').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();

  await openMirror(tablet);
  await tablet.scan(sam.cardCode);
  await page.getByRole('heading', { name: 'Sam' }).waitFor();
  expect(await page.locator('.mirror').count()).toBe(0);
  await page.locator('.sale-bar .quiet').first().click();
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();

  await openMirror(tablet);
  await page.getByRole('button', { name: /Lock/ }).click();
  await tablet.signIn('Ben', PINS.ben);
  expect(await page.locator('.mirror').count()).toBe(0);
  await openMirror(tablet);
  await page.getByText('Nothing given in these days yet.').waitFor();
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Back to the till' }).click();
  await openMirror(tablet);
  await page.getByText('There is no connection, so there is nothing to see just now.').waitFor();
  await tablet.close();
  expect(tablet.complaints).toEqual([]);
}, 60_000);
