import { expect, it } from 'vitest';
import { fillNameKey } from '../db/queries/customer-queries.ts';
import { createLog } from '../src/log.ts';
import { forEachDatabase } from './support/databases.ts';

forEachDatabase('the log', (database) => {
  it('says what went wrong with a query and names no customer, whoever writes it', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    const row = { merchantId: 'nobody', customerId: 'x', name: 'Zelda Secret', nameKey: 'zelda secret' };
    // Nothing is written where one only reads: the databases refuse it each in their own way.
    await database.db
      .read((queries) => fillNameKey(queries, row))
      .catch((error: unknown) => log.error({ err: error }, 'names could not be made ready'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/read-?only/i);
    expect(lines[0]).not.toMatch(/zelda/i);
  });
});
