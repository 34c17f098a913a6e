import { sqliteColumns } from './columns.ts';
import { defineTables } from './schema.ts';

export const sqliteTables = defineTables(sqliteColumns);

// drizzle-kit finds tables among a module's exports, so each is exported by name as well.
export const {
  merchants,
  locations,
  staff,
  enrolments,
  devices,
  sessions,
  attempts,
  programs,
  programVersions,
  items,
  customers,
  customerReferences,
  cards,
  rewards,
  sales,
  refunds,
  gestures,
  thanks,
  entries,
  allowances,
  allowanceCounters,
  leases,
  answers,
  imports,
  importMappings,
  auditLog,
  chainHeads,
  pictures,
  oneTimeCodes,
  keptTaps,
  seasons,
  draws,
  drawCounters,
  evidenceReports,
} = sqliteTables;
