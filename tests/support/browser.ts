// A real browser from inside an npm package, for machines that have none, and none of its libraries and fonts.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { arch, platform } from 'node:os';
import type { Readable } from 'node:stream';
import { dirname, join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

export type { Browser, BrowserContext, Page } from 'playwright-core';

const modules = join(dirname(dirname(import.meta.dirname)), 'node_modules');
const packageFolder = join(modules, '@sparticuz', 'chromium');

/** The package holds programs for one kind of computer only. */
const isInPackage = platform() === 'linux' && arch() === 'x64';
/** Elsewhere; Google makes no Chrome for Linux on ARM, Playwright a Chromium. */
const installed = platform() === 'linux' ? { name: 'chromium' } : { name: 'chrome', channel: 'chrome' };

/** The page is all the browser may talk to: no updates, no reports, no warming up of connections. */
const quietArguments = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  '--disable-gpu',
  '--font-render-hinting=none',
];

/**
 * One browser for a test file (in `beforeAll`); in each test a context of its own (`browser.newContext()`), which
 * is what a new phone or till would be. `extraArguments` are Chromium's own flags.
 */
export async function launchBrowser(extraArguments: string[] = []): Promise<Browser> {
  const options = { headless: true, args: [...quietArguments, ...extraArguments] };
  if (!isInPackage) return launchInstalled(options);
  const folder = await unpackedBrowser();
  return chromium.launch({
    ...options,
    executablePath: join(folder, 'chromium'),
    env: { ...cleanEnvironment(), ...librariesAndFonts(folder) },
  });
}

/**
 * A browser that keeps what its pages write in `folder`, as a tablet does from one day to the next. `kill` ends it like
 * an empty battery: without a word. (Where the browser is not the one of the package it is closed, which says more.)
 */
export async function launchPersistentBrowser(
  folder: string,
): Promise<{ context: BrowserContext; kill(): Promise<void> }> {
  if (!isInPackage) {
    const { channel } = installed;
    const context = await chromium.launchPersistentContext(folder, { channel, args: quietArguments });
    return { context, kill: () => context.close() };
  }
  const unpacked = await unpackedBrowser();
  const child = spawn(
    join(unpacked, 'chromium'),
    [
      ...quietArguments,
      '--headless',
      '--no-sandbox',
      '--lang=en-GB',
      '--remote-debugging-port=0',
      `--user-data-dir=${folder}`,
      'about:blank',
    ],
    { env: { ...cleanEnvironment(), ...librariesAndFonts(unpacked) }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const browser = await chromium.connectOverCDP(await readDevToolsAddress(child.stderr));
  return {
    context: browser.contexts()[0]!,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function readDevToolsAddress(stderr: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stderr.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const [, address] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
      if (address) resolve(address);
    });
    stderr.on('end', () => reject(new Error(`The browser did not start:\n${text}`)));
  });
}

async function launchInstalled(options: { headless: boolean; args: string[] }): Promise<Browser> {
  const { name, channel } = installed;
  try {
    return await chromium.launch({ ...options, channel });
  } catch (cause) {
    const help = `These tests need a browser. Install it with:\n  npx playwright-core install ${name}`;
    throw new Error(help, { cause });
  }
}

/** Unpacked once per version (2 s, 210 MB). Test files that come at the same moment each unpack; one is kept. */
async function unpackedBrowser(): Promise<string> {
  const cache = join(modules, '.cache');
  const folder = join(cache, `chromium-${packageVersion()}`);
  if (existsSync(folder)) {
    findFontsAgain(folder);
    return folder;
  }
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, 'chromium-unpacking-'));
  try {
    await unpackInto(building);
    writeFileSync(join(building, 'fonts.conf'), fontconfig(folder));
    renameSync(building, folder);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // otherwise another test file was quicker
  }
  return folder;
}

/** A checkout may have been moved or copied since: the browser finds its letters by their whole path. */
function findFontsAgain(folder: string): void {
  const path = join(folder, 'fonts.conf');
  if (readFileSync(path, 'utf8') === fontconfig(folder)) return;
  writeFileSync(`${path}.${process.pid}`, fontconfig(folder));
  renameSync(`${path}.${process.pid}`, path);
}

async function unpackInto(folder: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium');
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder; // the package unpacks into the folder for temporary files, wherever that is
  try {
    const archives = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'];
    await Promise.all(archives.map((archive) => inflate(join(packageFolder, 'bin', archive))));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

/** Only the packed font (Open Sans): pages look the same on every machine, also on one without fonts. */
function fontconfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${escapeXml(join(folder, 'fonts'))}</dir>
  <cachedir>${escapeXml(join(folder, 'fonts-cache'))}</cachedir>
</fontconfig>
`;
}

function librariesAndFonts(folder: string): Record<string, string> {
  const libraries = [join(folder, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean);
  return { LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: join(folder, 'fonts.conf') };
}

function cleanEnvironment(): Record<string, string> {
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(set);
}

function packageVersion(): string {
  const manifest = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
