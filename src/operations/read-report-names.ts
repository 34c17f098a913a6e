import type { Database } from '../../db/database.ts';
import { findReportNames } from '../../db/queries/report-queries.ts';
import type { Actor } from './actor.ts';

/** What locations and people a report can be narrowed to. */
export const readReportNames = (db: Database) => (actor: Pick<Actor, 'merchantId'>) =>
  db.read((queries) => findReportNames(queries, actor));
