import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import { forgetPinAttempts } from '../../db/queries/attempt-queries.ts';
import { findOpenLocation } from '../../db/queries/location-queries.ts';
import { endSessionsOf } from '../../db/queries/session-queries.ts';
import {
  findStaff,
  insertStaff,
  isEmailTaken,
  listOwners,
  updateStaff,
} from '../../db/queries/staff-queries.ts';
import type { StaffRow } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Role } from '../loyalty/role.ts';
import type { Actor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Answered, Attempt, RepeatRefusal } from './answer-once.ts';
import { appendAudit } from './append-audit.ts';
import { forgetWrongPasswords } from './check-password.ts';
import { presentStaff } from './list-staff.ts';
import type { StaffView } from './list-staff.ts';
import { newPerson } from './new-rows.ts';
import type { Passwords } from './passwords.ts';
import { NO_SECOND_FACTOR } from './second-factor.ts';

export interface NewStaff {
  name: string;
  role: Role;
  pin?: string | undefined;
  email?: string | undefined;
  password?: string | undefined;
  locationId?: string | null | undefined;
}

export type StaffChangeRequest = Partial<NewStaff>;

export type StaffRefusal =
  | { refused: 'staff-unknown' }
  | { refused: 'location-unknown' }
  | { refused: 'owner-needed' }
  | { refused: 'email-taken' }
  | { refused: 'password-needed' }
  | { refused: 'pin-needed' }
  | { refused: 'last-owner' };

/** Takes somebody on. Managers take on baristas; owners anybody. */
export const addStaff =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (
    actor: Actor,
    { attempt, ...request }: NewStaff & { attempt: Attempt },
  ): Promise<Answered<StaffView | StaffRefusal> | RepeatRefusal | { refused: 'owner-needed' }> => {
    if (!mayManage(actor, request.role)) return { refused: 'owner-needed' };
    const { merchantId } = actor;
    const now = clock.now();
    const row = newPerson({
      merchantId,
      staffId: uuid(),
      name: request.name,
      role: request.role,
      email: request.email?.toLowerCase() ?? null,
      passwordHash: await hashGiven(passwords, request.password),
      pinHash: await hashGiven(passwords, request.pin),
      locationId: request.locationId ?? null,
      createdAt: now,
    });
    return db.transact((tx) =>
      answerOnce<StaffView | StaffRefusal>(tx, { merchantId, attempt, now }, async () => {
        const refusal = refuseIncomplete(row) ?? (await refuseUnfit(tx, row, null));
        if (refusal) return refusal;
        await insertStaff(tx, row);
        await appendAudit(tx, {
          merchantId,
          at: now,
          staffId: actor.staffId,
          action: 'staff.added',
          subjectId: row.staffId,
          details: { role: row.role, locationId: row.locationId },
        });
        return presentStaff(row);
      }),
    );
  };

/**
 * Changes somebody's name, role, PIN, address, password or location. A new PIN or location signs them out of the tills, a
 * new password or role out of everywhere but the session that changes it; a new PIN or password forgets the wrong tries.
 */
export const editStaff =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (
    actor: Actor,
    { staffId, change, sessionId }: { staffId: string; change: StaffChangeRequest; sessionId: string },
  ): Promise<StaffView | StaffRefusal> => {
    const { merchantId } = actor;
    const now = clock.now();
    const pinHash = await hashGiven(passwords, change.pin);
    const passwordHash = await hashGiven(passwords, change.password);
    return db.transact(async (tx) => {
      const person = await findStaff(tx, { merchantId, staffId });
      if (!person) return { refused: 'staff-unknown' };
      const edited: StaffRow = {
        ...person,
        name: change.name ?? person.name,
        role: change.role ?? person.role,
        email: change.email?.toLowerCase() ?? person.email,
        locationId: change.locationId === undefined ? person.locationId : change.locationId,
        pinHash: pinHash ?? person.pinHash,
        passwordHash: passwordHash ?? person.passwordHash,
      };
      if (!mayManage(actor, person.role) || !mayManage(actor, edited.role))
        return { refused: 'owner-needed' };
      if (person.role === 'owner' && edited.role !== 'owner' && (await isLastOwner(tx, person)))
        return { refused: 'last-owner' };
      const refusal = refuseIncomplete(edited) ?? (await refuseUnfit(tx, edited, person));
      if (refusal) return refusal;
      const changed = namesOfChanges(person, edited);
      if (changed.length === 0) return presentStaff(person);
      const { merchantId: _, staffId: __, createdAt: ___, ...columns } = edited;
      await updateStaff(tx, { merchantId, staffId, change: columns });
      await signOutAfter(tx, { person, edited, endedAt: now, except: sessionId });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId: actor.staffId,
        action: 'staff.edited',
        subjectId: staffId,
        details: {
          changed,
          role: edited.role,
          locationId: edited.locationId,
        },
      });
      return presentStaff(edited);
    });
  };

/** Somebody leaves: signed out everywhere at once, address and hashes forgotten, name kept with what they did. */
export const endStaff =
  (db: Database, clock: Clock) =>
  (actor: Actor, { staffId }: { staffId: string }): Promise<StaffRefusal | undefined> => {
    const { merchantId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const person = await findStaff(tx, { merchantId, staffId });
      if (!person) return { refused: 'staff-unknown' };
      if (!mayManage(actor, person.role)) return { refused: 'owner-needed' };
      if (person.role === 'owner' && (await isLastOwner(tx, person))) return { refused: 'last-owner' };
      const change = { endedAt: now, email: null, passwordHash: null, pinHash: null, ...NO_SECOND_FACTOR };
      await updateStaff(tx, { merchantId, staffId, change });
      await endSessionsOf(tx, { merchantId, staffId, endedAt: now, where: 'everywhere' });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId: actor.staffId,
        action: 'staff.ended',
        subjectId: staffId,
        details: { role: person.role },
      });
      return undefined;
    });
  };

function mayManage(actor: Actor, role: Role): boolean {
  return actor.role === 'owner' || (actor.role === 'manager' && role === 'barista');
}

function refuseIncomplete(row: StaffRow): StaffRefusal | undefined {
  if (row.role === 'barista') return row.pinHash ? undefined : { refused: 'pin-needed' };
  return row.email && row.passwordHash ? undefined : { refused: 'password-needed' };
}

async function refuseUnfit(
  tx: Queries,
  row: StaffRow,
  before: StaffRow | null,
): Promise<StaffRefusal | undefined> {
  const { merchantId, email, locationId } = row;
  if (email !== null && email !== before?.email && (await isEmailTaken(tx, { merchantId, email })))
    return { refused: 'email-taken' };
  // Whose location was closed keeps it until they are given another; their name and PIN change all the same.
  const isNewPlace = locationId !== null && locationId !== before?.locationId;
  if (isNewPlace && !(await findOpenLocation(tx, { merchantId, locationId })))
    return { refused: 'location-unknown' };
  return undefined;
}

async function isLastOwner(tx: Queries, { merchantId, staffId }: StaffRow): Promise<boolean> {
  const owners = await listOwners(tx, { merchantId });
  return owners.every((owner) => owner.staffId === staffId);
}

async function signOutAfter(
  tx: Queries,
  { person, edited, endedAt, except }: { person: StaffRow; edited: StaffRow; endedAt: Date; except: string },
): Promise<void> {
  const { merchantId, staffId } = person;
  if (edited.pinHash !== person.pinHash) await forgetPinAttempts(tx, { merchantId, staffId });
  if (edited.pinHash !== person.pinHash || edited.locationId !== person.locationId)
    await endSessionsOf(tx, { merchantId, staffId, endedAt, where: 'till' });
  if (edited.passwordHash !== person.passwordHash) await forgetWrongPasswords(tx, edited);
  if (edited.passwordHash !== person.passwordHash || edited.role !== person.role)
    await endSessionsOf(tx, { merchantId, staffId, endedAt, where: 'everywhere', except });
}

/** The names of what changed: no address and no hash belongs in the log. */
function namesOfChanges(before: StaffRow, after: StaffRow): string[] {
  const names = ['name', 'role', 'email', 'locationId', 'pinHash', 'passwordHash'] as const;
  return names.filter((name) => before[name] !== after[name]).map((name) => name.replace('Hash', ''));
}

async function hashGiven(passwords: Passwords, secret: string | undefined): Promise<string | null> {
  return secret === undefined ? null : passwords.hash(secret);
}
