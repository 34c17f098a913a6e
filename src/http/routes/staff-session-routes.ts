import * as z from 'zod';
import type { signInAtTill } from '../../operations/sign-in-at-till.ts';
import type { signOut } from '../../operations/sign-out.ts';
import { actorOf, jsonRoute, STAFF, staffOf } from '../route.ts';
import type { Route } from '../route.ts';
import type { Tokens } from '../token.ts';
import { pinSchema, roleSchema } from './desk-schemas.ts';
import { idSchema, instantSchema } from './till-schemas.ts';

export const tillSessionSchema = z
  .object({
    token: z.string().describe('Speaks for this person at this till'),
    sessionId: idSchema.describe('For `Staff-Session`, when a tap is sent after the session is over'),
    expiresAt: instantSchema,
    staff: z.object({ staffId: idSchema, name: z.string(), role: roleSchema }),
  })
  .meta({ id: 'TillSession' });

interface StaffSessionParts {
  signInAtTill: ReturnType<typeof signInAtTill>;
  signOut: ReturnType<typeof signOut>;
  tokens: Tokens;
  now(): Date;
}

export const staffSessionRoutes = (parts: StaffSessionParts): Route[] => [
  jsonRoute({
    method: 'post',
    path: '/api/v1/staff-sessions',
    summary: 'Sign in at a till by PIN',
    description: 'With the till’s own token. Lasts 12 hours at most.',
    tag: 'Tills',
    audience: ['device'],
    body: z.strictObject({ staffId: idSchema, pin: pinSchema }).meta({ id: 'PinSignIn' }),
    status: 201,
    answer: tillSessionSchema,
    refusals: ['staff-unknown', 'pin-wrong', 'locked', 'too-many-requests'],
    handle: async ({ principal, body, request }) => {
      if (principal.kind !== 'device')
        return { refused: 'not-signed-in', detail: 'This is done by the till itself' };
      const session = await parts.signInAtTill(principal.place, {
        ...body,
        userAgent: request.get('user-agent'),
      });
      if ('refused' in session) return session;
      const { actor, staffName, sessionId, expiresAt } = session;
      const { merchantId, staffId, role } = actor;
      const token = parts.tokens.signToken(
        { audience: 'till-session', merchantId, subjectId: sessionId, tokenId: sessionId, expiresAt },
        parts.now(),
      );
      return { token, sessionId, expiresAt, staff: { staffId, name: staffName, role } };
    },
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/staff-sessions/current',
    summary: 'Sign out of a till',
    tag: 'Tills',
    audience: STAFF,
    needsTill: true,
    status: 204,
    answer: z.undefined(),
    handle: async ({ principal }) => {
      await parts.signOut(actorOf(principal), { sessionId: staffOf(principal).sessionId });
      return undefined;
    },
  }),
];
