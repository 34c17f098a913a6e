import { randomBytes } from 'node:crypto';
import pg from 'pg';

export type PostgresDatabase = {
  /** What `DATABASE_URL` would say. */
  url: string;
  /** Ends whatever is still connected and deletes the database. */
  drop: () => Promise<void>;
};

/** An empty database of its own on a server that runs. Creating one takes about 50 ms. */
export async function createDatabaseOn(serverUrl: string): Promise<PostgresDatabase> {
  const name = `doublestamp_${randomBytes(8).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
