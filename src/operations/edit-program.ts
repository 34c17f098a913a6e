import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import {
  findProgram,
  insertProgram,
  insertProgramVersion,
  listProgramVersions,
  updateProgram,
} from '../../db/queries/program-queries.ts';
import { hasPicture } from '../../db/queries/picture-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Answered, Attempt, RepeatRefusal } from './answer-once.ts';
import { appendAudit } from './append-audit.ts';
import { isSameJson } from './canonical-json.ts';
import { presentProgram } from './list-programs.ts';
import type { ProgramRule, ProgramView } from './list-programs.ts';

type ProgramUnknown = { refused: 'program-unknown' };
type PictureUnknown = { refused: 'picture-unknown' };

/** Starts another stamp card program. */
export const addProgram =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    { attempt, name, ...rule }: ProgramRule & { attempt: Attempt; name: string },
  ): Promise<Answered<ProgramView | PictureUnknown> | RepeatRefusal> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const programId = uuid();
    const program = { merchantId, programId, name, currentVersion: 1, createdAt: now, endedAt: null };
    const version = { merchantId, programId, version: 1, ...rule, createdAt: now };
    return db.transact((tx) =>
      answerOnce<ProgramView | PictureUnknown>(tx, { merchantId, attempt, now }, async () => {
        if (await isPictureUnknown(tx, { merchantId, pictureId: rule.pictureId }))
          return { refused: 'picture-unknown' };
        await insertProgram(tx, program);
        await insertProgramVersion(tx, version);
        await appendAudit(tx, {
          merchantId,
          at: now,
          staffId,
          action: 'program.added',
          subjectId: programId,
          details: { name, ...rule },
        });
        return presentProgram({ program, version });
      }),
    );
  };

/** Edits a program. A change of its rule is a new version, for cards from now on; a new name is only a name. */
export const editProgram =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    { programId, change }: { programId: string; change: Partial<ProgramRule & { name: string }> },
  ): Promise<ProgramView | ProgramUnknown | PictureUnknown> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const program = await findProgram(tx, { merchantId, programId });
      if (!program || program.endedAt) return { refused: 'program-unknown' };
      if (await isPictureUnknown(tx, { merchantId, pictureId: change.pictureId }))
        return { refused: 'picture-unknown' };
      const [newest] = await listProgramVersions(tx, { merchantId, programId, limit: 1 });
      const { name = program.name, ...ruleChange } = change;
      const version = { ...newest!, ...withoutUndefined(ruleChange) };
      const edited = { ...program, name };
      if (!isSameJson(version, newest)) {
        version.version = newest!.version + 1;
        version.createdAt = now;
        edited.currentVersion = version.version;
        await insertProgramVersion(tx, version);
      }
      if (isSameJson(edited, program)) return presentProgram({ program, version });
      await updateProgram(tx, {
        merchantId,
        programId,
        change: { name, currentVersion: edited.currentVersion },
      });
      const view = presentProgram({ program: edited, version });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'program.edited',
        subjectId: programId,
        details: { ...view },
      });
      return view;
    });
  };

/** Issues no more cards under a program; those that are out go on. */
export const endProgram =
  (db: Database, clock: Clock) =>
  (actor: Actor, { programId }: { programId: string }): Promise<ProgramUnknown | undefined> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const program = await findProgram(tx, { merchantId, programId });
      if (!program || program.endedAt) return { refused: 'program-unknown' };
      await updateProgram(tx, { merchantId, programId, change: { endedAt: now } });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'program.ended',
        subjectId: programId,
        details: { name: program.name },
      });
      return undefined;
    });
  };

async function isPictureUnknown(
  tx: Queries,
  { merchantId, pictureId }: { merchantId: string; pictureId: string | null | undefined },
): Promise<boolean> {
  return pictureId ? !(await hasPicture(tx, { merchantId, pictureId })) : false;
}

function withoutUndefined<T extends object>(change: Partial<T>): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}
