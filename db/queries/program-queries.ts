import { and, asc, desc, eq, gt, isNull } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type ProgramRow = Tables['programs']['$inferSelect'];
export type ProgramVersionRow = Tables['programVersions']['$inferSelect'];

export function insertProgram(tx: Queries, program: ProgramRow) {
  return tx.query((db, { programs }) => db.insert(programs).values(program));
}

export function insertProgramVersion(tx: Queries, version: ProgramVersionRow) {
  return tx.query((db, { programVersions }) => db.insert(programVersions).values(version));
}

export async function findProgram(
  tx: Queries,
  { merchantId, programId }: { merchantId: string; programId: string },
): Promise<ProgramRow | undefined> {
  const rows = await tx.query((db, { programs }) =>
    db
      .select()
      .from(programs)
      .where(and(eq(programs.merchantId, merchantId), eq(programs.programId, programId))),
  );
  return rows[0];
}

/** Every version of a program's rule, the newest first. */
export function listProgramVersions(
  tx: Queries,
  { merchantId, programId, limit }: { merchantId: string; programId: string; limit: number },
): Promise<ProgramVersionRow[]> {
  return tx.query((db, { programVersions }) =>
    db
      .select()
      .from(programVersions)
      .where(and(eq(programVersions.merchantId, merchantId), eq(programVersions.programId, programId)))
      .orderBy(desc(programVersions.version))
      .limit(limit),
  );
}

/** The programs that still issue cards, with the version they issue them under. */
export function listCurrentPrograms(
  tx: Queries,
  { merchantId, after, limit }: { merchantId: string; after: string; limit: number },
): Promise<{ program: ProgramRow; version: ProgramVersionRow }[]> {
  return tx.query((db, { programs, programVersions }) =>
    db
      .select({ program: programs, version: programVersions })
      .from(programs)
      .innerJoin(
        programVersions,
        and(
          eq(programVersions.merchantId, programs.merchantId),
          eq(programVersions.programId, programs.programId),
          eq(programVersions.version, programs.currentVersion),
        ),
      )
      .where(
        and(eq(programs.merchantId, merchantId), gt(programs.programId, after), isNull(programs.endedAt)),
      )
      .orderBy(asc(programs.programId))
      .limit(limit),
  );
}

export function updateProgram(
  tx: Queries,
  {
    merchantId,
    programId,
    change,
  }: {
    merchantId: string;
    programId: string;
    change: { name?: string; currentVersion?: number; endedAt?: Date };
  },
) {
  return tx.query((db, { programs }) =>
    db
      .update(programs)
      .set(change)
      .where(and(eq(programs.merchantId, merchantId), eq(programs.programId, programId))),
  );
}
