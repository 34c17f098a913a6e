import { expect, test } from 'vitest';
import { countMissing, killAServer } from '../../scripts/proofs/kill-a-server.ts';
import { aProofFolder } from './a-proof-folder.ts';

const LONG_ENOUGH_MS = 240_000;

test(
  'a stamp that was acknowledged survives a server killed in the middle of a rush, once',
  async () => {
    const { acknowledged, ...found } = await killAServer({ ...aProofFolder(), kills: 2 });
    expect(found).toMatchObject({ lost: 0, doubled: 0, fault: null });
    expect(acknowledged).toBeGreaterThan(0);
  },
  LONG_ENOUGH_MS,
);

test('a stamp that nobody wrote would be missed', () => {
  expect(countMissing(['written', 'not written'], new Set(['written']))).toBe(1);
});
