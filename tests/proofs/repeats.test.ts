import { expect, test } from 'vitest';
import { repeatEverything } from '../../scripts/proofs/repeats.ts';
import { aProofFolder } from './a-proof-folder.ts';

const LONG_ENOUGH_MS = 240_000;

test(
  'two hundred taps that arrive three times each, in any order, are done once and answered the same',
  async () => {
    const found = await repeatEverything({ ...aProofFolder(), operations: 200 });
    expect(found).toMatchObject({ doubled: 0, unlike: 0, misuse: [400, 422], fault: null });
    expect(found.statuses[201]).toBeGreaterThan(100);
    expect(found.statuses[409]).toBeGreaterThan(0);
  },
  LONG_ENOUGH_MS,
);
