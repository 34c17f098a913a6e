import { expect, test } from 'vitest';
import { withDatabase } from '../../db/open.ts';
import { tryOffline } from '../../scripts/proofs/offline-allowance.ts';
import { aProofFolder } from './a-proof-folder.ts';

const RUNS = 120;
/** What must come out at least once comes out in these runs; the long proof draws others each time. */
const SEED = 20_261_121;
const LONG_ENOUGH_MS = 180_000;

test(
  'whatever happens to tills that are offline, what is given and what they hold stays within the allowance',
  async () => {
    const { databaseUrl } = aProofFolder();
    const found = await withDatabase(databaseUrl, (db) => tryOffline(db, RUNS, SEED));
    expect(found.violation).toBeNull();
    // Or else it would hold for tills that do nothing, or are refused nothing.
    for (const outcome of [
      'lease: done',
      'lease: allowance-spent',
      'give from lease: done',
      'give: done',
      'undo: done',
      'give back: done',
      'give back anew: done',
      'forged: done',
      'forged: tap-day-over',
      'forged: tap-too-old',
      'forged: lease-not-good',
    ])
      expect([outcome, found.outcomes.get(outcome) ?? 0]).toEqual([
        outcome,
        expect.toSatisfy((count: number) => count > 0),
      ]);
  },
  LONG_ENOUGH_MS,
);
