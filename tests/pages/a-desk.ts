import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import type { Actor } from '../../src/operations/actor.ts';
import type { Page } from '../support/browser.ts';
import { useWorld } from './a-world.ts';
import type { World } from './a-world.ts';

export const SIZES = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1280, height: 800 },
} as const;

const pages = join(import.meta.dirname, '..', '..', 'src', 'pages', 'dashboard', 'app', 'pages.ts');

/** Every address of the desk in pages.ts that needs no id, read from it: a page that is added is looked at too. */
export const PATHS = [...readFileSync(pages, 'utf8').matchAll(/^ {4}path: '([^']+)'/gm)]
  .map(([, path]) => path!.replace(':step', 'menu').replace(':programId', 'new'))
  .filter((path) => path.startsWith('/desk') && !path.includes(':'));

interface PageOptions {
  size?: keyof typeof SIZES;
  as?: Actor;
  timezoneId?: string;
}

export interface DeskWorld extends World {
  /** A browser of its own; signed in as somebody, or as nobody. */
  aPage: (options?: PageOptions) => Promise<Page>;
}

/** The world of the tests of a file, which fails at its end if a page had errors that nobody expected. */
export function useDeskWorld({
  mayComplainOf,
  ...options
}: Parameters<typeof useWorld>[0] & { mayComplainOf?: RegExp } = {}): DeskWorld {
  const complaints: string[] = [];
  // The first is called last: all is closed by then.
  afterAll(() => expect(complaints.filter((one) => !mayComplainOf?.test(one))).toEqual([]));
  const world = useWorld(options);
  return Object.assign(world, {
    async aPage({ size = 'desktop', as, timezoneId = 'Europe/London' }: PageOptions = {}) {
      const { browser, server } = world;
      const context = await browser.newContext({
        viewport: SIZES[size],
        locale: 'en-GB',
        timezoneId,
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(20_000);
      if (as) {
        const [name, value] = (await server.signInAtDesk(as)).split('=');
        await context.addCookies([{ name: name!, value: value!, url: server.url }]);
      }
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        // What the API refuses, the browser notes as an error by itself.
        if (message.type() === 'error' && !message.text().includes('the server responded with a status'))
          complaints.push(message.text());
      });
      return page;
    },
  });
}

/** The next time it is asked, the server does what is at this address, and its answer is lost on the way. */
export async function loseOneAnswer(page: Page, address: string): Promise<void> {
  await page.route(
    address,
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
}

const MOST_TABS = 120;

/** Presses Tab until this has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let pressed = 0; pressed < MOST_TABS; pressed++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

/** Goes there by Tab and types over what is in it. */
export async function typeInto(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** Goes there by Tab and presses a key on it. */
export async function pressOn(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Shows the page at this size, light or dark, and waits until it is drawn so. */
export async function showAs(
  page: Page,
  size: keyof typeof SIZES,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  await page.setViewportSize(SIZES[size]);
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(
    (scheme) =>
      matchMedia(`(prefers-color-scheme: ${scheme})`).matches &&
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))),
    colorScheme,
  );
}

/** How many pixels of the page lie beside the screen. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** How far the open dialog is from the four edges of the screen: top, right, bottom, left. */
export async function marginsOf(page: Page): Promise<number[]> {
  const { width, height } = page.viewportSize()!;
  const box = (await page.locator('dialog[open]').last().boundingBox())!;
  return [box.y, width - box.x - box.width, height - box.y - box.height, box.x];
}

/** A picture for whoever looks at them; only where `SCREENS_FOLDER` says. */
export async function look(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENS_FOLDER'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
