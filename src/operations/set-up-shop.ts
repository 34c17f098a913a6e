import { v7 as uuid } from 'uuid';
import type { Database, Queries } from '../../db/database.ts';
import { insertAllowance } from '../../db/queries/allowance-rule-queries.ts';
import { saveChainHead } from '../../db/queries/ledger-queries.ts';
import { insertLocation } from '../../db/queries/location-queries.ts';
import { insertMerchant, listMerchants } from '../../db/queries/merchant-queries.ts';
import { insertProgram, insertProgramVersion } from '../../db/queries/program-queries.ts';
import { insertSession } from '../../db/queries/session-queries.ts';
import { insertStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { Accrual } from '../loyalty/program.ts';
import { appendAudit } from './append-audit.ts';
import { CHAIN_START } from './append-entries.ts';
import { makeJoinCode } from './join-code.ts';
import { EVERYONE } from './list-allowance-rules.ts';
import { newPerson } from './new-rows.ts';
import type { Passwords } from './passwords.ts';
import { DESK_SESSION_MS } from './sign-in.ts';
import type { DeskSession } from './sign-in.ts';
import { MAX_USER_AGENT_LENGTH } from './start-session.ts';

const DEFAULT_VISIT_MINUTES = 30;
const DEFAULT_COOL_DOWN_DAYS = 7;
/** What everybody may give in a business day until the owner says otherwise. */
const DEFAULT_GESTURES_A_DAY = 3;
export const DEFAULT_COLOUR = '#7a4a2b';

export interface SetupRequest {
  merchant: { name: string; currency: string; weekStartsOn: number };
  location: { name: string; timeZone: string; cutOffMinutes: number };
  owner: { name: string; email: string; password: string };
  program: {
    name: string;
    stampsRequired: number;
    rewardName: string;
    accrual: Accrual;
  };
  /** What the owner's browser calls itself. */
  userAgent?: string | undefined;
}

export type SetupAnswer = { merchantId: string; locationId: string; programId: string; session: DeskSession };

/**
 * Makes the merchant, its first location, owner, stamp card and allowance, and signs the owner in. Once: of two set-ups
 * at the same moment the second is refused.
 */
export const setUpShop =
  (db: Database, clock: Clock, passwords: Passwords) =>
  async (request: SetupRequest): Promise<SetupAnswer | { refused: 'already-set-up' }> => {
    if (await isSetUp(db)()) return { refused: 'already-set-up' };
    const passwordHash = await passwords.hash(request.owner.password);
    const now = clock.now();
    const ids = {
      merchantId: uuid(),
      locationId: uuid(),
      programId: uuid(),
      staffId: uuid(),
      sessionId: uuid(),
    };
    const allowanceId = uuid();
    const joinCode = makeJoinCode();
    return db.transact(async (tx) => {
      const merchants = await listMerchants(tx, { limit: 1 });
      if (merchants.length > 0) return { refused: 'already-set-up' };
      await insertShop(tx, request, { ...ids, allowanceId, joinCode, passwordHash, now });
      const session = await insertFirstSession(tx, request, ids, now);
      const { merchantId, locationId, programId } = ids;
      return { merchantId, locationId, programId, session };
    });
  };

/** Whether there is a merchant. */
export const isSetUp = (db: Database) => async (): Promise<boolean> => {
  const merchants = await db.read((queries) => listMerchants(queries, { limit: 1 }));
  return merchants.length > 0;
};

interface Ids {
  merchantId: string;
  locationId: string;
  programId: string;
  staffId: string;
  sessionId: string;
}

async function insertShop(
  tx: Queries,
  { merchant, location, owner, program }: SetupRequest,
  made: Ids & { allowanceId: string; joinCode: string; passwordHash: string; now: Date },
): Promise<void> {
  const { merchantId, locationId, programId, staffId, now } = made;
  await insertMerchant(tx, {
    merchantId,
    ...merchant,
    visitMinutes: DEFAULT_VISIT_MINUTES,
    coolDownDays: DEFAULT_COOL_DOWN_DAYS,
    isMadeUp: false,
    logoPictureId: null,
    createdAt: now,
  });
  for (const chain of ['ledger', 'audit'] as const)
    await saveChainHead(tx, { merchantId, chain, ...CHAIN_START });
  await insertLocation(tx, {
    merchantId,
    locationId,
    ...location,
    dayFloor: null,
    dayFloorAt: null,
    joinCode: made.joinCode,
    createdAt: now,
    endedAt: null,
  });
  const person = newPerson({
    merchantId,
    staffId,
    name: owner.name,
    role: 'owner',
    email: owner.email.toLowerCase(),
    passwordHash: made.passwordHash,
    pinHash: null,
    locationId: null,
    createdAt: now,
  });
  await insertStaff(tx, person);
  const { name, ...rule } = program;
  await insertProgram(tx, { merchantId, programId, name, currentVersion: 1, createdAt: now, endedAt: null });
  await insertProgramVersion(tx, {
    merchantId,
    programId,
    version: 1,
    ...rule,
    rewardCostMinor: null,
    expiryDays: null,
    colour: DEFAULT_COLOUR,
    pictureId: null,
    createdAt: now,
  });
  await insertAllowance(tx, {
    merchantId,
    allowanceId: made.allowanceId,
    scope: 'staff',
    subjectId: EVERYONE,
    period: 'day',
    gesturesLimit: DEFAULT_GESTURES_A_DAY,
    costLimitMinor: null,
    createdAt: now,
  });
}

async function insertFirstSession(
  tx: Queries,
  { merchant, owner, userAgent }: SetupRequest,
  { merchantId, staffId, sessionId }: Ids,
  now: Date,
): Promise<DeskSession> {
  const expiresAt = new Date(now.getTime() + DESK_SESSION_MS);
  await insertSession(tx, {
    merchantId,
    sessionId,
    staffId,
    deviceId: null,
    signedInAt: now,
    expiresAt,
    userAgent: userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
    endedAt: null,
  });
  await appendAudit(tx, {
    merchantId,
    at: now,
    staffId,
    action: 'merchant.set-up',
    subjectId: merchantId,
    details: { currency: merchant.currency, weekStartsOn: merchant.weekStartsOn },
  });
  return {
    actor: { merchantId, staffId, role: 'owner' },
    staffName: owner.name,
    sessionId,
    signedInAt: now,
    expiresAt,
  };
}
