import { afterAll, beforeAll } from 'vitest';
import type { Database } from '../../db/database.ts';
import { buildPages } from '../support/build-pages.ts';
import { launchBrowser } from '../support/browser.ts';
import type { Browser } from '../support/browser.ts';
import { useDatabase } from '../support/databases.ts';
import { useTestServer } from '../support/server.ts';
import type { ServerOptions, TestServer } from '../support/server.ts';

export interface World {
  db: Database;
  /** The path of its SQLite file. */
  databaseFile: string;
  server: TestServer;
  browser: Browser;
}

/** The built pages, a real server on an empty database and a real browser, with Chromium’s own flags, for all tests of a file. */
export function useWorld({ flags, ...options }: ServerOptions & { flags?: string[] } = {}): World {
  const database = useDatabase();
  const world = { server: useTestServer(database, options) } as World;
  beforeAll(async () => {
    buildPages();
    const { db, url: databaseFile } = database;
    Object.assign(world, { db, databaseFile, browser: await launchBrowser(flags) });
  });
  afterAll(() => world.browser?.close());
  return world;
}
