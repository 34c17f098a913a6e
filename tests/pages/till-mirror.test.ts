import { expect, test } from 'vitest';
import type { Shop } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import { findAxeViolations } from '../support/axe.ts';
import { look, overflowOf } from './a-desk.ts';
import { useWorld } from './a-world.ts';
import { aKindFortnight, aStaffedShop, aTillAtWork, PINS } from './till-tablet.ts';
import type { Tablet } from './till-tablet.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1180, height: 820 },
];

const world = useWorld();

async function aKindShop(): Promise<Shop> {
  const shop = await aStaffedShop(world, { timeZone: 'Europe/London', coolDownDays: 0, gesturesLimit: null });
  await aKindFortnight(world, shop);
  return shop;
}

async function openMirror({ page }: Tablet): Promise<void> {
  await page.getByRole('button', { name: 'This tablet' }).click();
  await page.getByRole('button', { name: 'How my kindness spreads' }).click();
  await page.getByRole('heading', { name: 'How your kindness spreads' }).waitFor();
}

test('Ada sees how what she gave spreads, and no other name or mark, light or dark', async () => {
  const shop = await aKindShop();
  const tablet = await aTillAtWork(world, shop, SIZES[0]);
  const { page } = tablet;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openMirror(tablet);
  await page.getByText(/people have had something kind from you, \d+ times in all/).waitFor();
  const rows = await page.locator('.mirror tbody th').allInnerTexts();
  expect(rows.slice(0, 2)).toEqual(['New here', 'Regulars']);
  expect(rows).toContain('Midday');
  expect(rows).not.toContain('Evening');
  expect(await page.locator('.mirror').innerText()).not.toMatch(/\b(Ben|Mo|Olive)\b/);
  for (const size of SIZES)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      const name = `${size.width} ${colorScheme}`;
      const violations = await findAxeViolations(page);
      const isTooWide = (await overflowOf(page)) > 0;
      expect({ name, violations, isTooWide }).toEqual({ name, violations: [], isTooWide: false });
      await look(page, `mirror ${name}`);
    }
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
}, 60_000);
