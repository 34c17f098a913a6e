import type { Database } from '../../db/database.ts';
import { listImports as loadImports } from '../../db/queries/import-queries.ts';
import { pageOf } from './page-of.ts';
import type { PageRequest } from './page-of.ts';

/** The files of sales that were taken in, the newest first. */
export const listImports = (db: Database) => (request: PageRequest) =>
  db.read((queries) =>
    pageOf(request, ({ after, ...asked }) => loadImports(queries, { ...asked, before: after }), {
      idOf: ({ importId }) => importId,
      present: (row) => row,
    }),
  );
