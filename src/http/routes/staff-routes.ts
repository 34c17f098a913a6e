import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { addStaff, editStaff, endStaff } from '../../operations/edit-staff.ts';
import type { listStaff } from '../../operations/list-staff.ts';
import type { takeOffSecondFactor } from '../../operations/take-off-second-factor.ts';
import { requireFresh } from '../identify.ts';
import type { Refusal } from '../problem.ts';
import { actorOf, jsonRoute, MANAGERS, OWNERS, repeatableRoute, staffOf } from '../route.ts';
import type { Principal, Route } from '../route.ts';
import {
  emailSchema,
  endedQuerySchema,
  listOf,
  nameSchema,
  passwordSchema,
  pinSchema,
  roleSchema,
} from './desk-schemas.ts';
import { idSchema, instantSchema } from './till-schemas.ts';

export const staffSchema = z
  .object({
    staffId: idSchema,
    name: z.string(),
    role: roleSchema,
    email: z.string().nullable(),
    locationId: idSchema.nullable().describe('The only location they work at; null for all'),
    hasPin: z.boolean().describe('Whether they can sign in at a till'),
    hasSecondFactor: z.boolean().describe('Whether their sign-in at the desk asks for a code as well'),
    endedAt: instantSchema.nullable().describe('When they left; null while they work here'),
  })
  .meta({ id: 'Staff', description: 'Somebody who works here' });

const newStaffSchema = z
  .strictObject({
    name: nameSchema,
    role: roleSchema,
    pin: pinSchema.optional().describe('Needed for a barista'),
    email: emailSchema.optional().describe('Needed for a manager or an owner'),
    password: passwordSchema.optional().describe('Needed for a manager or an owner'),
    locationId: idSchema.nullable().default(null),
  })
  .meta({ id: 'NewStaff' });

const staffChangeSchema = z
  .strictObject({
    name: nameSchema,
    role: roleSchema,
    pin: pinSchema,
    email: emailSchema,
    password: passwordSchema,
    locationId: idSchema.nullable(),
  })
  .partial()
  .meta({ id: 'StaffChange' });

const params = z.object({ staffId: idSchema });
const tag = 'Staff';

interface StaffParts {
  listStaff: ReturnType<typeof listStaff>;
  addStaff: ReturnType<typeof addStaff>;
  editStaff: ReturnType<typeof editStaff>;
  endStaff: ReturnType<typeof endStaff>;
  takeOffSecondFactor: ReturnType<typeof takeOffSecondFactor>;
  /** Kept outside the database. */
  cardKey: Uint8Array;
  now(): Date;
}

export const staffRoutes = (parts: StaffParts): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/staff',
    summary: 'The people who work here',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    query: endedQuerySchema,
    status: 200,
    answer: listOf(staffSchema, 'StaffList'),
    handle: async ({ principal, query: { cursor, ended } }) =>
      parts.listStaff(actorOf(principal), { cursor, withEnded: ended === 'include' }),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/staff',
    summary: 'Take somebody on',
    description: 'Managers take on baristas, owners anybody.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    body: newStaffSchema,
    status: 201,
    answer: staffSchema,
    refusals: [
      'owner-needed',
      'pin-needed',
      'password-needed',
      'email-taken',
      'location-unknown',
      'fresh-sign-in-needed',
    ],
    handle: async ({ principal, body, attempt }) => {
      // The PIN of somebody new is nobody else's sign-in.
      const stale = refuseStale(principal, { ...body, pin: undefined }, parts.now());
      if (stale) return stale;
      // The hash of a request is kept, and ten thousand guesses would find a PIN in it; but not without the key.
      const requestHash = createHmac('sha256', parts.cardKey).update(attempt.requestHash).digest('hex');
      return parts.addStaff(actorOf(principal), { ...body, attempt: { ...attempt, requestHash } });
    },
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/staff/{staffId}',
    summary: 'Change somebody’s name, role, PIN, address, password or location',
    description:
      'A new PIN or location signs them out of the tills; a new password or role out of everywhere else.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    body: staffChangeSchema,
    status: 200,
    answer: staffSchema,
    refusals: [
      'staff-unknown',
      'owner-needed',
      'last-owner',
      'pin-needed',
      'password-needed',
      'email-taken',
      'location-unknown',
      'fresh-sign-in-needed',
    ],
    handle: async ({ principal, params: { staffId }, body }) =>
      refuseStale(principal, body, parts.now()) ??
      parts.editStaff(actorOf(principal), { staffId, change: body, sessionId: staffOf(principal).sessionId }),
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/staff/{staffId}',
    summary: 'Somebody leaves',
    description: 'Signed out everywhere at once. What they did stays under their name.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['staff-unknown', 'owner-needed', 'last-owner'],
    handle: async ({ principal, params: { staffId } }) => parts.endStaff(actorOf(principal), { staffId }),
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/staff/{staffId}/second-factor',
    summary: 'Take off the second factor of somebody who lost their phone',
    description: 'By another owner. Signs them out everywhere; from then on the password is enough.',
    tag,
    audience: OWNERS,
    needsDesk: true,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['staff-unknown', 'second-factor-yours', 'fresh-sign-in-needed'],
    handle: async ({ principal, params: { staffId } }) =>
      requireFresh(principal, parts.now()) ?? parts.takeOffSecondFactor(actorOf(principal), { staffId }),
  }),
];

/** Whoever finds the desk open can't make themselves an owner, or take over somebody's sign-in. */
function refuseStale(
  principal: Principal,
  { role, email, password, pin }: z.infer<typeof staffChangeSchema>,
  now: Date,
): Refusal | undefined {
  const givesPower =
    email !== undefined ||
    password !== undefined ||
    pin !== undefined ||
    (role !== undefined && role !== 'barista');
  return givesPower ? requireFresh(principal, now) : undefined;
}
