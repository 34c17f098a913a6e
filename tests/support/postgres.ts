import { inject } from 'vitest';
import { createDatabaseOn } from './postgres-database.ts';
import type { PostgresDatabase } from './postgres-database.ts';

export type { PostgresDatabase } from './postgres-database.ts';

/**
 * An empty database of its own in a real PostgreSQL, which the first call of a test run starts.
 * One per test file; creating one takes about 50 ms.
 */
export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  return createDatabaseOn(await startedServerUrl());
}

async function startedServerUrl(): Promise<string> {
  const response = await fetch(inject('postgresStarterUrl'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
