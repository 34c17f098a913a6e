import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresDatabase, type PostgresDatabase } from './postgres.ts';

let database: PostgresDatabase;
beforeAll(async () => {
  database = await createPostgresDatabase();
});
afterAll(() => database.drop());

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

test('the tests have a real PostgreSQL that writes to disk and lets a hundred tills in', async () => {
  const [settings] = await query(
    database.url,
    `SELECT current_setting('fsync') fsync, current_setting('max_connections')::int connections,
            current_setting('server_version_num')::int version`,
  );
  expect(settings?.['fsync']).toBe('on');
  expect(settings?.['connections']).toBeGreaterThanOrEqual(120);
  expect(settings?.['version']).toBeGreaterThanOrEqual(160_000);
});

test('two databases know nothing of each other, and a dropped one is gone', async () => {
  const other = await createPostgresDatabase();
  await query(other.url, 'CREATE TABLE cups (size integer)');
  expect(await query(database.url, `SELECT to_regclass('cups') AS cups`)).toEqual([{ cups: null }]);
  await other.drop();
  await expect(query(other.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
});
