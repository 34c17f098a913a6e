import * as z from 'zod';
import type { endDevice, renameDevice } from '../../operations/edit-device.ts';
import { renewTokenUntil } from '../../operations/enrol-device.ts';
import type { enrolDevice, startEnrolment } from '../../operations/enrol-device.ts';
import type { listDevices } from '../../operations/list-devices.ts';
import type { noteDeviceSeen } from '../../operations/note-device-seen.ts';
import type { readTill } from '../../operations/read-till.ts';
import { actorOf, jsonRoute, MANAGERS, placeOf, STAFF } from '../route.ts';
import type { Route } from '../route.ts';
import type { TokenClaims, Tokens } from '../token.ts';
import {
  cursorQuerySchema,
  cutOffMinutesSchema,
  itemSchema,
  listOf,
  nameSchema,
  programSchema,
  roleSchema,
} from './desk-schemas.ts';
import { idSchema, instantSchema } from './till-schemas.ts';

const MAX_CODE_LENGTH = 20;
const MAX_WAITING = 100_000;

export const deviceSchema = z
  .object({
    deviceId: idSchema,
    name: z.string(),
    locationId: idSchema,
    enrolledAt: instantSchema,
    lastSeenAt: instantSchema.nullable().describe('To a few minutes; null when it never asked'),
    waitingCount: z.int().nullable().describe('Taps it had yet to send, when it was last seen'),
  })
  .meta({ id: 'Device', description: 'An enrolled till' });

export const enrolmentSchema = z
  .object({
    enrolmentId: idSchema,
    code: z.string().describe('Shown once; `K7QM-2X9P`'),
    link: z.string().describe('Open it on the till'),
    expiresAt: instantSchema,
  })
  .meta({ id: 'Enrolment', description: 'A one-time code for a till' });

export const enrolledSchema = z
  .object({
    token: z.string().describe('Speaks for this till; shown once'),
    expiresAt: instantSchema,
    device: z.object({ deviceId: idSchema, name: z.string() }),
    merchant: z.object({ name: z.string() }),
    location: z.object({ locationId: idSchema, name: z.string() }),
  })
  .meta({ id: 'EnrolledDevice' });

export const tillSchema = z
  .object({
    device: z.object({ deviceId: idSchema, name: z.string() }),
    merchant: z.object({ name: z.string(), currency: z.string() }),
    location: z.object({
      locationId: idSchema,
      name: z.string(),
      timeZone: z.string(),
      cutOffMinutes: cutOffMinutesSchema,
    }),
    staff: z
      .array(z.object({ staffId: idSchema, firstName: z.string(), role: roleSchema }))
      .describe('Who may sign in here'),
    items: z.array(itemSchema),
    programs: z.array(programSchema),
    signedIn: z
      .object({ staffId: idSchema, name: z.string(), role: roleSchema })
      .nullable()
      .describe('Whose PIN was entered, if anybody’s'),
    renewedToken: z
      .string()
      .optional()
      .describe(
        'Speaks for this till from now on, for a year; there when the token that asked is a month old. One that nobody renews ends a year after it was given.',
      ),
  })
  .meta({ id: 'Till', description: 'All a till needs to draw itself' });

const params = z.object({ deviceId: idSchema });

interface DeviceParts {
  startEnrolment: ReturnType<typeof startEnrolment>;
  enrolDevice: ReturnType<typeof enrolDevice>;
  listDevices: ReturnType<typeof listDevices>;
  renameDevice: ReturnType<typeof renameDevice>;
  endDevice: ReturnType<typeof endDevice>;
  readTill: ReturnType<typeof readTill>;
  noteDeviceSeen: ReturnType<typeof noteDeviceSeen>;
  tokens: Tokens;
  now(): Date;
}

export const deviceRoutes = (parts: DeviceParts): Route[] => [
  jsonRoute({
    method: 'post',
    path: '/api/v1/devices/enrolments',
    summary: 'Make a code for a new till',
    description: 'Good for 15 minutes and one till.',
    tag: 'Tills',
    audience: MANAGERS,
    needsDesk: true,
    body: z.strictObject({ locationId: idSchema, deviceName: nameSchema }).meta({ id: 'EnrolmentRequest' }),
    status: 201,
    answer: enrolmentSchema,
    refusals: ['location-unknown'],
    handle: async ({ principal, body, publicUrl }) => {
      const enrolment = await parts.startEnrolment(actorOf(principal), body);
      if ('refused' in enrolment) return enrolment;
      return { ...enrolment, link: `${publicUrl}/till/?enrol=${enrolment.code}` };
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/devices',
    summary: 'Enrol a till with a code',
    tag: 'Tills',
    audience: ['anonymous'],
    body: z.strictObject({ code: z.string().max(MAX_CODE_LENGTH) }).meta({ id: 'EnrolRequest' }),
    status: 201,
    answer: enrolledSchema,
    refusals: ['enrolment-unknown'],
    handle: async ({ body }) => {
      const enrolled = await parts.enrolDevice(body);
      if ('refused' in enrolled) return enrolled;
      const { merchantId, deviceId, tokenId, expiresAt, deviceName, merchantName, location } = enrolled;
      const claims = {
        audience: 'till-device',
        merchantId,
        subjectId: deviceId,
        tokenId,
        expiresAt,
      } as const;
      return {
        token: parts.tokens.signToken(claims, parts.now()),
        expiresAt,
        device: { deviceId, name: deviceName },
        merchant: { name: merchantName },
        location,
      };
    },
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/devices/current',
    summary: 'What this till needs to draw itself',
    tag: 'Tills',
    audience: ['device', ...STAFF],
    needsTill: true,
    query: z.object({
      waiting: z.coerce
        .number()
        .int()
        .min(0)
        .max(MAX_WAITING)
        .optional()
        .describe('How many taps this till has yet to send, for the owner to see'),
    }),
    status: 200,
    answer: tillSchema,
    handle: async ({ principal, query }) => {
      const place = placeOf(principal);
      await parts.noteDeviceSeen(place, { waitingCount: query.waiting ?? null });
      const renewedToken = principal.kind === 'device' && renewToken(parts, principal.token);
      return {
        ...(renewedToken && { renewedToken }),
        ...(await parts.readTill(place)),
        signedIn:
          principal.kind === 'staff'
            ? { staffId: principal.actor.staffId, name: principal.staffName, role: principal.actor.role }
            : null,
      };
    },
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/devices',
    summary: 'The enrolled tills',
    tag: 'Tills',
    audience: MANAGERS,
    needsDesk: true,
    query: cursorQuerySchema,
    status: 200,
    answer: listOf(deviceSchema, 'DeviceList'),
    handle: async ({ principal, query }) => parts.listDevices(actorOf(principal), query),
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/devices/{deviceId}',
    summary: 'Rename a till',
    tag: 'Tills',
    audience: MANAGERS,
    needsDesk: true,
    params,
    body: z.strictObject({ name: nameSchema }).meta({ id: 'DeviceChange' }),
    status: 200,
    answer: deviceSchema,
    refusals: ['device-unknown'],
    handle: async ({ principal, params: { deviceId }, body }) =>
      parts.renameDevice(actorOf(principal), { deviceId, name: body.name }),
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/devices/{deviceId}',
    summary: 'End a till',
    description: 'Its token, and whoever is signed in on it, can do nothing from now on.',
    tag: 'Tills',
    audience: MANAGERS,
    needsDesk: true,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['device-unknown'],
    handle: async ({ principal, params: { deviceId } }) => parts.endDevice(actorOf(principal), { deviceId }),
  }),
];

function renewToken(parts: DeviceParts, claims: TokenClaims): string | undefined {
  const now = parts.now();
  const expiresAt = renewTokenUntil(claims.expiresAt, now);
  return expiresAt && parts.tokens.signToken({ ...claims, expiresAt }, now);
}
