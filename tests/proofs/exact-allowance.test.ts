import { expect, test } from 'vitest';
import { tapAtOnce } from '../../scripts/proofs/exact-allowance.ts';
import { createPostgresDatabase } from '../support/postgres.ts';
import { aProofFolder } from './a-proof-folder.ts';

const LONG_ENOUGH_MS = 240_000;
const exactly = { statuses: { 201: 3, 409: 997 }, wrongRounds: 0, fault: null };

test(
  'of a thousand taps at once through four servers on one file, exactly three are granted',
  async () => {
    expect(await tapAtOnce({ ...aProofFolder(), processes: 4, rounds: 1 })).toMatchObject(exactly);
  },
  LONG_ENOUGH_MS,
);

test(
  'of a thousand taps at once through four servers on PostgreSQL, exactly three are granted',
  async () => {
    const { folder } = aProofFolder();
    const { url: databaseUrl, drop } = await createPostgresDatabase();
    try {
      expect(await tapAtOnce({ folder, databaseUrl, processes: 4, rounds: 1 })).toMatchObject(exactly);
    } finally {
      await drop();
    }
  },
  LONG_ENOUGH_MS,
);
