import BetterSqlite3 from 'better-sqlite3';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export type Dialect = 'sqlite' | 'postgres';

const ours = join(import.meta.dirname, '..', '..', 'db', 'migrations');

/** What the database holds: every table's rows and the statements that make the schema. */
export interface Contents {
  rows: Record<string, number>;
  schema: unknown[];
}

/** Writes our migrations and one more into a folder, as drizzle-kit lays them out. */
export function writeMigrations(
  folder: string,
  { dialect, statements }: { dialect: Dialect; statements: readonly string[] },
): string {
  cpSync(join(ours, dialect), folder, { recursive: true });
  writeFileSync(join(folder, '9999_next.sql'), statements.join('--> statement-breakpoint\n'));
  const journalPath = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(journalPath, 'utf8')) as {
    entries: { idx: number; when: number; tag: string }[];
  };
  const last = journal.entries.at(-1)!;
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next' });
  writeFileSync(journalPath, JSON.stringify(journal));
  return folder;
}

/** A column more on `customers`: on SQLite by the rebuild that drizzle-kit writes, switch of keys included. */
export function rebuildOfCustomers(dialect: Dialect): string[] {
  if (dialect === 'postgres') return ['ALTER TABLE customers ADD COLUMN nickname text'];
  const create = /CREATE TABLE `customers` \(([\s\S]*?)\n\);/.exec(allSqliteStatements());
  const columns = [...create![1]!.matchAll(/^\t`(\w+)`/gm)].map(([, name]) => `"${name}"`).join(', ');
  return [
    'PRAGMA foreign_keys=OFF;',
    `CREATE TABLE \`__new_customers\` (\n\t\`nickname\` text,${create![1]!}\n);\n`,
    `INSERT INTO \`__new_customers\`(${columns}) SELECT ${columns} FROM \`customers\`;`,
    'DROP TABLE `customers`;',
    'ALTER TABLE `__new_customers` RENAME TO `customers`;',
    'PRAGMA foreign_keys=ON;',
  ];
}

function allSqliteStatements(): string {
  const journal = JSON.parse(readFileSync(join(ours, 'sqlite', 'meta', '_journal.json'), 'utf8')) as {
    entries: { tag: string }[];
  };
  return journal.entries
    .map(({ tag }) => readFileSync(join(ours, 'sqlite', `${tag}.sql`), 'utf8'))
    .join('\n');
}

export function onSqlite<T>(path: string, work: (client: BetterSqlite3.Database) => T): T {
  const client = new BetterSqlite3(path, { readonly: true });
  try {
    return work(client);
  } finally {
    client.close();
  }
}

export function readSqlite(path: string): Contents {
  return onSqlite(path, (client) => {
    const orphans = client.pragma('foreign_key_check') as unknown[];
    if (orphans.length > 0) throw new Error(`${orphans.length} rows are without their parent`);
    const schema = client.prepare('SELECT name, type, sql FROM sqlite_schema ORDER BY name').all() as {
      name: string;
      type: string;
    }[];
    const tables = schema.filter(({ name, type }) => type === 'table' && !name.startsWith('__'));
    const count = (table: string) =>
      client.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number;
    return { schema, rows: Object.fromEntries(tables.map(({ name }) => [name, count(name)])) };
  });
}

export async function onPostgres<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export function readPostgres(url: string): Promise<Contents> {
  return onPostgres(url, async (client) => {
    const schema = await client.query<{ table_name: string }>(
      `SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
    );
    const rows: Record<string, number> = {};
    for (const table of new Set(schema.rows.map(({ table_name }) => table_name))) {
      const counted = await client.query<{ count: string }>(`SELECT count(*) FROM "${table}"`);
      rows[table] = Number(counted.rows[0]!.count);
    }
    return { schema: schema.rows, rows };
  });
}
