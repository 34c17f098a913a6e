import type { Database } from '../../db/database.ts';
import { findProgram, listCurrentPrograms, listProgramVersions } from '../../db/queries/program-queries.ts';
import type { ProgramRow, ProgramVersionRow } from '../../db/queries/program-queries.ts';
import type { Actor } from './actor.ts';
import { pageOf } from './page-of.ts';
import type { Page } from './page-of.ts';

/** Edits of a rule that are shown; more than anybody makes. */
const MAX_VERSIONS = 500;

export type ProgramRule = Omit<ProgramVersionRow, 'merchantId' | 'programId' | 'version' | 'createdAt'>;

export interface ProgramView extends ProgramRule {
  programId: string;
  name: string;
  version: number;
}

export interface ProgramHistory extends ProgramView {
  endedAt: Date | null;
  versions: (ProgramRule & { version: number; createdAt: Date })[];
}

/** The programs that issue cards, as they are now. */
export const listPrograms =
  (db: Database) =>
  ({ merchantId }: Actor, { cursor }: { cursor?: string | undefined }): Promise<Page<ProgramView>> =>
    db.read((queries) =>
      pageOf({ merchantId, cursor }, (asked) => listCurrentPrograms(queries, asked), {
        idOf: ({ program }) => program.programId,
        present: presentProgram,
      }),
    );

/** A program with every version of its rule: cards keep the one they were issued under. */
export const readProgram =
  (db: Database) =>
  (
    { merchantId }: Actor,
    { programId }: { programId: string },
  ): Promise<ProgramHistory | { refused: 'program-unknown' }> =>
    db.read(async (queries) => {
      const program = await findProgram(queries, { merchantId, programId });
      if (!program) return { refused: 'program-unknown' };
      const versions = await listProgramVersions(queries, { merchantId, programId, limit: MAX_VERSIONS });
      const version = versions.find((one) => one.version === program.currentVersion)!;
      return {
        ...presentProgram({ program, version }),
        endedAt: program.endedAt,
        versions: versions.map((one) => ({
          ...presentRule(one),
          version: one.version,
          createdAt: one.createdAt,
        })),
      };
    });

export function presentProgram(row: { program: ProgramRow; version: ProgramVersionRow }): ProgramView {
  const { programId, name, currentVersion } = row.program;
  return { programId, name, version: currentVersion, ...presentRule(row.version) };
}

function presentRule(version: ProgramVersionRow): ProgramRule {
  const { stampsRequired, rewardName, rewardCostMinor, accrual, expiryDays, colour, pictureId } = version;
  return { stampsRequired, rewardName, rewardCostMinor, accrual, expiryDays, colour, pictureId };
}
