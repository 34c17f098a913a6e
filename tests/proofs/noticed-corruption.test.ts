import { expect, test } from 'vitest';
import { flipBytes } from '../../scripts/proofs/noticed-corruption.ts';
import { aProofFolder } from './a-proof-folder.ts';

test('a changed byte in the ledger or the audit log is noticed, also where SQLite sees nothing', async () => {
  const { found, foundBySqlite, missed } = await flipBytes({ ...aProofFolder(), flips: 25 });
  expect({ found, missed }).toEqual({ found: 25, missed: [] });
  expect(foundBySqlite).toBeLessThan(25);
});
