import * as z from 'zod';
import type { endOpenSession, endOtherSessions, listOpenSessions } from '../../operations/open-sessions.ts';
import type { changePassword, changePin, turnOffSecondFactor } from '../../operations/own-account.ts';
import type {
  confirmSecondFactor,
  readSecondFactor,
  renewRecoveryCodes,
  startSecondFactor,
} from '../../operations/second-factor.ts';
import { requireFresh } from '../identify.ts';
import { actorOf, jsonRoute, MANAGERS, staffOf } from '../route.ts';
import type { Route } from '../route.ts';
import { listOf, passwordSchema, pinSchema, triedCodeSchema, triedPasswordSchema } from './desk-schemas.ts';
import { flagSchema, idSchema, instantSchema } from './till-schemas.ts';

export const openSessionSchema = z
  .object({
    sessionId: idSchema,
    staffId: idSchema,
    staffName: z.string(),
    isCurrent: z.boolean().describe('The one that asks'),
    browser: z.string().nullable().describe('Such as `Chrome`; null when it did not say'),
    system: z.string().nullable().describe('Such as `Android`'),
    till: z.object({ name: z.string(), locationName: z.string() }).nullable().describe('Null at the desk'),
    signedInAt: instantSchema.describe('Or when the password was entered again'),
    expiresAt: instantSchema,
  })
  .meta({ id: 'OpenSession', description: 'A sign-in that is still good' });

export const secondFactorSchema = z
  .object({ isOn: z.boolean(), since: instantSchema.nullable(), recoveryCodesLeft: z.int() })
  .meta({ id: 'SecondFactor', description: 'Whether the sign-in asks for a code as well' });

export const secondFactorSecretSchema = z
  .object({
    secret: z.string().describe('What is typed into an authenticator app'),
    link: z.string().describe('What its camera reads'),
  })
  .meta({ id: 'SecondFactorSecret' });

export const recoveryCodesSchema = z
  .object({ recoveryCodes: z.array(z.string()).describe('Each stands in for a code once; told this once') })
  .meta({ id: 'RecoveryCodes' });

interface AccountParts {
  listOpenSessions: ReturnType<typeof listOpenSessions>;
  endOpenSession: ReturnType<typeof endOpenSession>;
  endOtherSessions: ReturnType<typeof endOtherSessions>;
  readSecondFactor: ReturnType<typeof readSecondFactor>;
  startSecondFactor: ReturnType<typeof startSecondFactor>;
  confirmSecondFactor: ReturnType<typeof confirmSecondFactor>;
  renewRecoveryCodes: ReturnType<typeof renewRecoveryCodes>;
  turnOffSecondFactor: ReturnType<typeof turnOffSecondFactor>;
  changePassword: ReturnType<typeof changePassword>;
  changePin: ReturnType<typeof changePin>;
  now(): Date;
}

const tag = 'My account';
const atDesk = { tag, audience: MANAGERS, needsDesk: true } as const;

/** What people at the desk do about their own sign-in. Come after the routes of `/sessions/current`. */
export const accountRoutes = (parts: AccountParts): Route[] => [
  jsonRoute({
    ...atDesk,
    method: 'get',
    path: '/api/v1/sessions',
    summary: 'Where somebody is signed in',
    description: 'Oneself, or with `everybody=true` all who work here, which owners may ask.',
    query: z.object({ everybody: flagSchema('false') }),
    status: 200,
    answer: listOf(openSessionSchema, 'SessionList'),
    refusals: ['owner-needed'],
    handle: async ({ principal, query: { everybody } }) =>
      parts.listOpenSessions(actorOf(principal), { sessionId: staffOf(principal).sessionId, everybody }),
  }),
  jsonRoute({
    ...atDesk,
    method: 'delete',
    path: '/api/v1/sessions/{sessionId}',
    summary: 'End a sign-in',
    description: 'One’s own, or anybody’s by an owner.',
    params: z.object({ sessionId: idSchema }),
    status: 204,
    answer: z.undefined(),
    refusals: ['session-unknown'],
    handle: async ({ principal, params: { sessionId } }) =>
      parts.endOpenSession(actorOf(principal), { sessionId }),
  }),
  jsonRoute({
    ...atDesk,
    method: 'post',
    path: '/api/v1/sessions/end-others',
    summary: 'Sign out of everywhere else',
    status: 204,
    answer: z.undefined(),
    handle: async ({ principal }) =>
      parts.endOtherSessions(actorOf(principal), { sessionId: staffOf(principal).sessionId }),
  }),
  jsonRoute({
    ...atDesk,
    method: 'post',
    path: '/api/v1/account/password',
    summary: 'Change one’s own password',
    description: 'Signs out of the desk everywhere else.',
    body: z
      .strictObject({
        currentPassword: triedPasswordSchema,
        password: passwordSchema.describe('The new one'),
      })
      .meta({ id: 'PasswordChange' }),
    status: 204,
    answer: z.undefined(),
    refusals: ['credentials-wrong', 'locked', 'too-many-requests'],
    handle: async ({ principal, body }) =>
      parts.changePassword(actorOf(principal), {
        password: body.currentPassword,
        newPassword: body.password,
        sessionId: staffOf(principal).sessionId,
      }),
  }),
  jsonRoute({
    ...atDesk,
    method: 'post',
    path: '/api/v1/account/pin',
    summary: 'Change one’s own PIN',
    description: 'Signs out of the tills.',
    body: z.strictObject({ pin: pinSchema }).meta({ id: 'PinChange' }),
    status: 204,
    answer: z.undefined(),
    refusals: ['fresh-sign-in-needed'],
    handle: async ({ principal, body }) =>
      requireFresh(principal, parts.now()) ?? parts.changePin(actorOf(principal), body),
  }),
  jsonRoute({
    ...atDesk,
    method: 'get',
    path: '/api/v1/account/second-factor',
    summary: 'Whether one’s sign-in asks for a code as well',
    status: 200,
    answer: secondFactorSchema,
    handle: async ({ principal }) => parts.readSecondFactor(actorOf(principal)),
  }),
  jsonRoute({
    ...atDesk,
    method: 'post',
    path: '/api/v1/account/second-factor',
    summary: 'Begin to set up a second factor',
    description:
      'Nothing is asked for until it is confirmed by a first code. Begun again, the secret is another.',
    status: 201,
    answer: secondFactorSecretSchema,
    refusals: ['second-factor-on', 'fresh-sign-in-needed'],
    handle: async ({ principal }) =>
      requireFresh(principal, parts.now()) ?? parts.startSecondFactor(actorOf(principal)),
  }),
  jsonRoute({
    ...atDesk,
    method: 'post',
    path: '/api/v1/account/second-factor/confirm',
    summary: 'Turn the second factor on, with a first code of the app',
    body: z.strictObject({ code: triedCodeSchema }).meta({ id: 'SecondFactorConfirmation' }),
    status: 201,
    answer: recoveryCodesSchema,
    refusals: ['second-factor-on', 'second-factor-not-begun', 'second-factor-wrong', 'locked'],
    handle: async ({ principal, body }) => parts.confirmSecondFactor(actorOf(principal), body),
  }),
  jsonRoute({
    ...atDesk,
    method: 'post',
    path: '/api/v1/account/second-factor/recovery-codes',
    summary: 'Make the recovery codes anew',
    description: 'The old ones are worth nothing from then on.',
    status: 201,
    answer: recoveryCodesSchema,
    refusals: ['second-factor-not-begun', 'fresh-sign-in-needed'],
    handle: async ({ principal }) =>
      requireFresh(principal, parts.now()) ?? parts.renewRecoveryCodes(actorOf(principal)),
  }),
  jsonRoute({
    ...atDesk,
    method: 'post',
    path: '/api/v1/account/second-factor/turn-off',
    summary: 'Turn the second factor off',
    body: z
      .strictObject({ password: triedPasswordSchema, code: triedCodeSchema })
      .meta({ id: 'SecondFactorEnd' }),
    status: 204,
    answer: z.undefined(),
    refusals: [
      'second-factor-not-begun',
      'second-factor-needed',
      'second-factor-wrong',
      'credentials-wrong',
      'locked',
      'too-many-requests',
    ],
    handle: async ({ principal, body }) => parts.turnOffSecondFactor(actorOf(principal), body),
  }),
];
