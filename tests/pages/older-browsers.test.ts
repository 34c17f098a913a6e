// What iPads that stopped at iPadOS 15, a Chrome that stopped at 106, and Firefox 115 make of the till and the desk.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aConnectedTill, aRegular, aStaffedShop, PINS, sellOne } from './till-tablet.ts';
import { PATHS, useDeskWorld } from './a-desk.ts';

const dist = join(import.meta.dirname, '..', '..', 'dist');
const world = useDeskWorld();

/** Takes away what came to browsers later. */
function growOlder(): void {
  const later: [object, string[]][] = [
    [Array.prototype, ['toSorted', 'toReversed', 'toSpliced', 'with']],
    [Set.prototype, ['union', 'difference', 'intersection', 'isSubsetOf']],
    [
      Iterator.prototype,
      ['map', 'filter', 'flatMap', 'take', 'drop', 'some', 'every', 'find', 'reduce', 'toArray'],
    ],
    [Object, ['groupBy']],
    [Map, ['groupBy']],
    [Array, ['fromAsync']],
    [Promise, ['withResolvers', 'try']],
    [URL, ['canParse', 'parse']],
    [AbortSignal, ['timeout', 'any']],
    [Navigator.prototype, ['userActivation']],
    [globalThis, ['OffscreenCanvas']],
  ];
  Intl.NumberFormat = new Proxy(Intl.NumberFormat, {
    construct(Format, [locales, options]: ConstructorParameters<typeof Intl.NumberFormat>) {
      if (options?.signDisplay === 'negative') throw new RangeError('signDisplay');
      return new Format(locales, options);
    },
  });
  for (const [owner, names] of later) for (const name of names) Reflect.deleteProperty(owner, name);
}

test('a barista serves a customer', async () => {
  const shop = await aStaffedShop(world);
  const sam = await aRegular(world, shop, 'Sam');
  const { page, scan, signIn } = await aConnectedTill(world, shop);
  await page.getByRole('button', { name: 'Ada' }).waitFor();
  await page.addInitScript(growOlder);
  await page.reload();
  await signIn('Ada', PINS.ada);
  await scan(sam.cardCode);
  await sellOne(page);
  await page.getByRole('button', { name: /^Free item/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Croissant' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Long wait' }).click();
  await page.getByRole('button', { name: /^Undo Croissant/ }).click();
  await page.locator('.banner', { hasText: 'Undone: Croissant' }).waitFor();
});

test('every page of the desk opens', async () => {
  const shop = await aStaffedShop(world);
  const page = await world.aPage({ as: shop.owner });
  await page.addInitScript(growOlder);
  for (const path of PATHS) {
    await page.goto(world.server.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }
});

test('no style asks in words that they pass over, and no script has a pattern that they cannot read', () => {
  const files = ['till/assets', 'desk'].flatMap((folder) =>
    readdirSync(join(dist, folder)).map((name) => join(dist, folder, name)),
  );
  const textOf = (end: string) =>
    files.filter((file) => file.endsWith(end)).map((file) => readFileSync(file, 'utf8'));
  const styles = textOf('.css');
  expect(
    styles.filter((style) => /color-mix\(|safe center|overflow(-[xy])?:[a-z ]*clip/.test(style)),
  ).toEqual([]);
  const asked = styles.flatMap((style) => style.match(/@media[^{]+/g) ?? []);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((one) => /[<>]|not \(/.test(one))).toEqual([]);
  const scripts = textOf('.js');
  expect(scripts.length).toBeGreaterThan(20);
  expect(scripts.filter((script) => /\(\?<[=!]/.test(script))).toEqual([]);
});
