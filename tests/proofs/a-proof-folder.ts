import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A data folder that is removed after the test. */
export function aProofFolder(): { folder: string; databaseUrl: string } {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-proof-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, databaseUrl: join(folder, 'doublestamp.db') };
}
