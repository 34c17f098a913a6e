import { updateStaff } from '../../db/queries/staff-queries.ts';
import type { Actor } from '../../src/operations/actor.ts';
import type { DeskWorld } from './a-desk.ts';

/** Lets somebody of a shop that was written straight into the tables sign in at the desk. */
export async function setPassword(
  { db, server }: DeskWorld,
  { merchantId, staffId }: Actor,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const passwordHash = await server.passwords.hash(password);
  await db.transact((tx) => updateStaff(tx, { merchantId, staffId, change: { email, passwordHash } }));
}
