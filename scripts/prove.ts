import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createDatabaseOn } from '../tests/support/postgres-database.ts';
import { setup } from '../tests/support/postgres-server.ts';
import { syncProof } from './proofs/answer-after-sync.ts';
import { backupProof } from './proofs/backup-restores.ts';
import { evidenceProofs } from './proofs/evidence.ts';
import { allowanceProofs } from './proofs/exact-allowance.ts';
import { diskProof } from './proofs/full-disk.ts';
import { killProof, readyProof } from './proofs/kill-a-server.ts';
import { offlineProof } from './proofs/offline-allowance.ts';
import { repeatProof } from './proofs/repeats.ts';
import { dayProof } from './proofs/shop-day.ts';
import { migrationProof } from './proofs/whole-migration.ts';
import { corruptionProof } from './proofs/noticed-corruption.ts';
import type { Proof, ProofBench, Verdict } from './proofs/proof.ts';
import { readOptions } from './read-options.ts';

/*
 * npm run prove -- [NAME …] [--long]
 *
 * Tries what Doublestamp promises, each in its short form (a coffee break in all) or its long one (a night), and prints
 * promise, figure and verdict. Ends with code 1 when one does not hold. What could not be tried here is said, and
 * counts neither way.
 */
const proofs: Proof[] = [
  killProof,
  readyProof,
  syncProof,
  diskProof,
  ...allowanceProofs,
  offlineProof,
  repeatProof,
  corruptionProof,
  migrationProof,
  backupProof,
  dayProof,
  ...evidenceProofs,
];

/** This computer has not what a proof needs. */
class NotHere extends Error {}

const USAGE = 'npm run prove -- [NAME …] [--long]';
const { values: options, positionals: names } = readOptions(USAGE, {
  options: { long: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = names.filter((name) => proofs.every((proof) => proof.name !== name));
if (unknown.length > 0) {
  console.error(
    `No proof is called ${unknown.join(', ')}. There are: ${[...new Set(proofs.map(({ name }) => name))].join(', ')}`,
  );
  process.exit(2);
}

let starterUrl = '';
const stopPostgres = await setup({
  provide: (_key: string, url: string) => (starterUrl = url),
} as unknown as TestProject);
const verdicts: Verdict[] = [];
try {
  for (const proof of proofs) {
    if (names.length > 0 && !names.includes(proof.name)) continue;
    const startedAt = performance.now();
    const verdict = await tryProof(proof);
    verdicts.push(verdict);
    const word = verdict.holds === null ? 'not measured' : verdict.holds ? 'holds' : 'DOES NOT HOLD';
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(`${proof.name.padEnd(12)} ${proof.promise}\n${' '.repeat(13)}${verdict.figure}`);
    console.log(`${' '.repeat(13)}→ ${word} (${seconds} s)\n`);
  }
} finally {
  await stopPostgres();
}
const counts = {
  hold: verdicts.filter(({ holds }) => holds === true).length,
  not: verdicts.filter(({ holds }) => holds === false).length,
  unmeasured: verdicts.filter(({ holds }) => holds === null).length,
};
console.log(
  `${counts.hold} hold, ${counts.not} do not${counts.unmeasured ? `, ${counts.unmeasured} could not be measured here` : ''}`,
);
process.exitCode = counts.not === 0 ? 0 : 1;

async function tryProof(proof: Proof): Promise<Verdict> {
  const endings: (() => unknown)[] = [];
  const bench: ProofBench = {
    isLong: options.long,
    makeFolder() {
      const folder = mkdtempSync(join(tmpdir(), `doublestamp-${proof.name}-`));
      endings.push(() => rmSync(folder, { recursive: true, force: true }));
      return folder;
    },
    async createPostgres() {
      const response = await fetch(starterUrl);
      if (!response.ok) throw new NotHere(await response.text());
      const { url, drop } = await createDatabaseOn(await response.text());
      endings.push(drop);
      return url;
    },
  };
  try {
    return await proof.run(bench);
  } catch (error) {
    if (error instanceof NotHere) return { figure: error.message, holds: null };
    return { figure: `it broke off: ${(error as Error).stack}`, holds: false };
  } finally {
    for (const end of endings.reverse()) await end();
  }
}
