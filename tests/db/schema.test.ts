import { expect, test } from 'vitest';
import * as postgres from '../../db/schema.postgres.ts';
import * as sqlite from '../../db/schema.sqlite.ts';

test.each([
  { dialect: 'SQLite', tables: sqlite.sqliteTables, exported: { ...sqlite, sqliteTables: undefined } },
  {
    dialect: 'PostgreSQL',
    tables: postgres.postgresTables,
    exported: { ...postgres, postgresTables: undefined },
  },
])(
  'a migration for $dialect is written from every table: one that is not exported would be missed',
  ({ tables, exported }) => {
    const seen = Object.keys(exported).filter(
      (name) => exported[name as keyof typeof exported] !== undefined,
    );
    expect(seen.toSorted()).toEqual(Object.keys(tables).toSorted());
    expect(seen.length).toBeGreaterThanOrEqual(33);
  },
);
