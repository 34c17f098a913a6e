import { eq } from 'drizzle-orm';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { auditDrawsCommand } from '../../src/commands/audit-draws.ts';
import { readConfig } from '../../src/config.ts';
import { createSealer } from '../../src/operations/seal.ts';
import { scanCard } from '../../src/operations/scan-card.ts';
import { makeSeasonKey } from '../../src/operations/season-key.ts';
import { loadSecrets } from '../../src/secrets.ts';
import { aCard } from '../support/a-card.ts';
import { aSeason, testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { aCommandLine } from './a-command-line.ts';

let dataFolder: string;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'doublestamp-draws-'));
});
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

test('every draw is drawn again at the command line, and the first that is not as its key says ends it', async () => {
  const db = await openDatabase(join(dataFolder, 'doublestamp.db'));
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  const { sealKey } = loadSecrets(readConfig({ DATA_FOLDER: dataFolder }), { hasShop: false });
  const sealer = createSealer(sealKey);
  const shop = await aShop(db);
  const seasonId = uuid();
  await aSeason(db, shop, { seasonId, ...makeSeasonKey(sealer, { seasonId }) });
  for (let person = 0; person < 3; person++) {
    const card = await aCard(db, shop);
    granted(await aTill(db, clock, shop).sell(card));
    clock.advance({ days: 2 });
    await scanCard(db, clock, sealer)(shop.ada, card);
  }
  const audit = aCommandLine({ dataFolder, clock });
  expect(await audit(auditDrawsCommand)).toEqual({
    code: 0,
    out: "The Kind Bean: 3 draws, each chained to the one before it; 3 drawn again, each as its season's key says.\n",
    said: '',
  });

  // Somebody puts another key in its place, with its hash: the draws are not those of that key.
  const other = makeSeasonKey(sealer, { seasonId });
  await db.transact((tx) =>
    tx.query((d, { seasons }) => d.update(seasons).set(other).where(eq(seasons.seasonId, seasonId))),
  );
  const found = await audit(auditDrawsCommand);
  await db.close();
  expect(found).toMatchObject({ code: 1, out: '' });
  expect(found.said).toMatch(/^NOT RIGHT: The Kind Bean: .*key/);
});

test('draws whose key is sealed under secrets that are not here are not said to have been drawn again', async () => {
  const db = await openDatabase(join(dataFolder, 'doublestamp.db'));
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  loadSecrets(readConfig({ DATA_FOLDER: dataFolder }), { hasShop: false });
  const shop = await aShop(db);
  await aSeason(db, shop); // sealed on another server
  const card = await aCard(db, shop);
  granted(await aTill(db, clock, shop).sell(card));
  clock.advance({ days: 2 });
  await scanCard(db, clock, testSealer)(shop.ada, card);
  await db.close();
  expect(await aCommandLine({ dataFolder, clock })(auditDrawsCommand)).toEqual({
    code: 0,
    out: "The Kind Bean: 1 draws, each chained to the one before it; 1 not drawn again: the secrets that sealed their season's key are not here.\n",
    said: '',
  });
});

test('whoever names a backup is not told that the draws of the shop are right', async () => {
  await (await openDatabase(join(dataFolder, 'doublestamp.db'))).close();
  const asked = aCommandLine({ dataFolder })(auditDrawsCommand, '--database', 'backup.db');
  await expect(asked).rejects.toThrow("Unknown option '--database'");
});

test('before there is a shop it says so', async () => {
  await (await openDatabase(join(dataFolder, 'doublestamp.db'))).close();
  const found = await aCommandLine({ dataFolder })(auditDrawsCommand);
  expect(found).toEqual({
    code: 0,
    out: 'No shop is set up in this database yet; nothing was drawn.\n',
    said: '',
  });
});
