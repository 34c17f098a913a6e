import BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';
import type { TestDatabase } from './databases.ts';

/** Somebody with the database's password, its triggers and foreign keys off. */
export async function tamper({ db, url }: TestDatabase, statement: string): Promise<void> {
  if (db.dialect === 'postgres') {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('SET session_replication_role = replica');
    await client.query(statement);
    await client.end();
    return;
  }
  const client = new BetterSqlite3(url);
  client.pragma('foreign_keys = OFF');
  const triggers = client.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of triggers) client.exec(`DROP TRIGGER ${name}`);
  client.exec(statement);
  for (const { sql } of triggers) client.exec(sql);
  client.close();
}
