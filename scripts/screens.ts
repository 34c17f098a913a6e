// Takes a picture of every page of the made-up shop, at three sizes, light and dark, into `screens/` (which git
// ignores), and the few that the README and the guides show into `docs/screens`:
//
//   npm run screens              every page
//   npm run screens -- --docs    only those of the documentation
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD, STAFF } from '../src/demo/shop-plan.ts';
import { launchBrowser } from '../tests/support/browser.ts';
import type { Browser, BrowserContext, Page } from '../tests/support/browser.ts';
import { readOptions } from './read-options.ts';

const ROOT = join(import.meta.dirname, '..');
const SIZES = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1280, height: 800 },
};
const TILL_SIZES = { ...SIZES, landscape: { width: 1180, height: 820 } };
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
/** What the documentation shows, by the name of the picture. */
const IN_DOCS: Record<string, string> = {
  'till-visit-landscape-light': 'till',
  'card-nearly-full-phone-light': 'card',
  'desk-start-card-desktop-light': 'desk-start',
  'desk-home-desktop-light': 'desk-home',
  'desk-gestures-desktop-light': 'desk-gestures',
  'desk-evidence-desktop-light': 'desk-evidence',
};
/** Charts and pictures that come after the page. */
const SETTLE_MS = 700;

interface Demo {
  url: string;
  tillLinks: string[];
  cards: Record<string, string>;
  stop(): Promise<void>;
}

const { values: options } = readOptions('npm run screens -- [--docs]', {
  options: { docs: { type: 'boolean', default: false } },
});
const folder = options.docs ? join(ROOT, 'docs', 'screens') : join(ROOT, 'screens');
mkdirSync(folder, { recursive: true });
const demo = await startDemo();
const browser = await launchBrowser();
let taken = 0;
try {
  await pictureCards(browser);
  await pictureTills(browser);
  await pictureDesk(browser);
  await pictureSetup(browser);
  console.log(`${taken} pictures in ${folder}`);
} finally {
  await browser.close();
  await demo.stop();
}

/** The made-up shop, as the command makes it that an owner would give. */
async function startDemo(): Promise<Demo> {
  const { linkAfter, said, stop } = await startProgram(['src/cli.ts', 'demo'], 'Stop it with Ctrl-C');
  return {
    url: linkAfter('The owner’s desk').replace(/\/desk$/, ''),
    tillLinks: said.match(/http\S+\/till\/\?enrol=\S+/g) ?? [],
    cards: {
      'nearly-full': linkAfter('One stamp to go'),
      full: linkAfter('Full'),
      treated: linkAfter('From \\w+'),
    },
    stop,
  };
}

interface Program {
  /** What it printed until it was there. */
  said: string;
  linkAfter: (words: string) => string;
  stop: () => Promise<void>;
}

/** Starts a program of ours on a folder of its own, and waits until it has said so much. */
async function startProgram([file, ...args]: string[], until: string): Promise<Program> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'doublestamp-screens-'));
  const child = spawn(process.execPath, [join(ROOT, file!), ...args], {
    // Never the shop that the environment may name.
    env: { ...process.env, DATA_FOLDER: dataFolder, DATABASE_URL: '', PUBLIC_URL: '', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(until)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}:\n${said}`)));
  });
  return {
    said,
    linkAfter(words) {
      const [, link] = new RegExp(`${words}\\s+(\\S+)`).exec(said) ?? [];
      if (!link) throw new Error(`${file} says nothing of “${words}”:\n${said}`);
      return link;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function pictureCards(from: Browser): Promise<void> {
  for (const theme of THEMES)
    for (const [sizeName, viewport] of Object.entries(SIZES)) {
      const context = await from.newContext({
        viewport,
        colorScheme: theme,
        deviceScaleFactor: 2,
        locale: 'en-GB',
      });
      const page = await context.newPage();
      for (const [name, link] of Object.entries(demo.cards)) {
        await page.goto(link);
        await take(page, `card-${name}-${sizeName}-${theme}`);
      }
      await context.close();
    }
}

/** One till, moved from size to size: each code enrols one till. */
async function pictureTills(from: Browser): Promise<void> {
  const context = await from.newContext({ locale: 'en-GB', hasTouch: true, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const giver = STAFF.find(({ role }) => role === 'barista')!;
  await page.goto(demo.tillLinks[0]!);
  await takeAll(page, 'till-connect', TILL_SIZES);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('button', { name: giver.name }).waitFor();
  await takeAll(page, 'till-people', TILL_SIZES);
  await page.getByRole('button', { name: giver.name }).click();
  await page.getByLabel(`PIN, ${giver.name}`).fill(giver.pin);
  await takeAll(page, 'till-pin', TILL_SIZES);
  await page.getByRole('button', { name: 'OK' }).click();
  await page.getByRole('heading', { name: 'Scan a card' }).waitFor();
  await takeAll(page, 'till-waiting', TILL_SIZES);
  await page
    .getByLabel('Code, name or end of phone number')
    .fill(await codeOf(context, demo.cards['nearly-full']!));
  await page.getByRole('button', { name: 'Find' }).click();
  await page
    .getByRole('button', { name: /Flat white/ })
    .first()
    .click();
  await takeAll(page, 'till-visit', TILL_SIZES);
  await page.getByRole('button', { name: /Double stamp/ }).click();
  await takeAll(page, 'till-reason', TILL_SIZES);
  await page.getByRole('button', { name: 'Long day' }).click();
  await takeAll(page, 'till-given', TILL_SIZES);
  await context.close();
}

/** What a scanner would read: the code under the card's QR. */
async function codeOf(context: BrowserContext, link: string): Promise<string> {
  const page = await context.newPage();
  await page.goto(link);
  const [code] = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(await page.locator('body').innerText()) ?? [];
  await page.close();
  if (!code) throw new Error(`No code is written on ${link}`);
  return code;
}

/** Every page that the navigation leads to, the first customer and stamp card behind it, and those off the way. */
async function pictureDesk(from: Browser): Promise<void> {
  const context = await from.newContext({
    locale: 'en-GB',
    viewport: SIZES.desktop,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const owner = STAFF.find(({ role }) => role === 'owner')!;
  await page.goto(`${demo.url}/sign-in`);
  await page.getByLabel('E-mail address').fill(owner.email!);
  await takeAll(page, 'desk-sign-in', SIZES);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
  for (const path of await deskPaths(page)) {
    await page.goto(demo.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await untilLoaded(page);
    await takeAll(page, nameOf(path), SIZES);
  }
  await pictureCustomersPages(page);
  await picturePublicPages(page);
  await context.close();
}

/** What anybody may read: the draws of a season, and what programs may ask. */
async function picturePublicPages(page: Page): Promise<void> {
  await page.goto(`${demo.url}/desk/evidence`);
  const draws = page.locator('a[href^="/draws/"]').first();
  await draws.waitFor();
  const links = {
    draws: (await draws.getAttribute('href'))!,
    reference: '/api',
    'reference-problems': '/api/problems',
  };
  for (const [name, link] of Object.entries(links)) {
    await page.goto(demo.url + link);
    await takeAll(page, name, SIZES);
  }
}

/** Where a shop begins: a server that has none yet. */
async function pictureSetup(from: Browser): Promise<void> {
  const empty = await startProgram(['src/main.ts'], '/setup?token=');
  const context = await from.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(empty.linkAfter('Set your shop up:'));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await takeAll(page, 'desk-setup', SIZES);
  await context.close();
  await empty.stop();
}

/** What belongs to a card besides itself. The way to the poster is on the desk. */
async function pictureCustomersPages(page: Page): Promise<void> {
  await page.goto(`${demo.url}/desk/locations`);
  const poster = (await page.locator('a[href*="/poster"]').first().getAttribute('href'))!;
  const join = demo.url + poster.slice(0, poster.indexOf('/poster'));
  const card = demo.cards['full']!;
  const links = {
    me: `${card}/me`,
    forget: `${card}/forget`,
    join,
    find: join.replace('/join/', '/find/'),
    poster: `${join}/poster`,
    unknown: card.slice(0, -1),
  };
  for (const [name, link] of Object.entries(links)) {
    await page.goto(link);
    await takeAll(page, `card-${name}`, SIZES);
  }
}

/** The evidence of a year is weighed when it is first asked for. */
async function untilLoaded(page: Page): Promise<void> {
  await page.waitForTimeout(SETTLE_MS);
  await page.waitForFunction(() => document.querySelector('.busy') === null);
}

async function deskPaths(page: Page): Promise<string[]> {
  const linksOn = (pattern: RegExp): Promise<string[]> =>
    page
      .locator('a[href^="/desk"]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!))
      .then((paths) => [...new Set(paths)].filter((path) => pattern.test(path)));
  const paths = await linksOn(/^\/desk(\/[a-z-]+)?$/);
  for (const list of ['/desk/customers', '/desk/cards']) {
    await page.goto(demo.url + list);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(SETTLE_MS);
    paths.push(...(await linksOn(new RegExp(`^${list}/[0-9a-f-]{36}$`))).slice(0, 1));
  }
  const steps = ['card', 'menu', 'people', 'till'].map((step) => `/desk/start/${step}`);
  return [...paths, '/desk/gestures/print', '/desk/kept-taps', ...steps];
}

function nameOf(path: string): string {
  const [, , area = 'home', part] = path.split('/');
  return ['desk', area, part && (/^[0-9a-f-]{36}$/.test(part) ? 'one' : part)].filter(Boolean).join('-');
}

async function takeAll(
  page: Page,
  name: string,
  sizes: Record<string, { width: number; height: number }>,
): Promise<void> {
  for (const theme of THEMES)
    for (const [sizeName, viewport] of Object.entries(sizes)) {
      if (options.docs && !IN_DOCS[`${name}-${sizeName}-${theme}`]) continue;
      await page.emulateMedia({ colorScheme: theme satisfies Theme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      await take(page, `${name}-${sizeName}-${theme}`);
    }
}

async function take(page: Page, name: string): Promise<void> {
  const picture = options.docs ? IN_DOCS[name] : name;
  if (!picture) return;
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(folder, `${picture}.png`), animations: 'disabled' });
  taken++;
}
