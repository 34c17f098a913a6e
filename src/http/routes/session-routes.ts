import type { Request, Response } from 'express';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import type { KnownBrowser } from '../../operations/check-password.ts';
import type { confirmSignIn, DeskSession, signIn } from '../../operations/sign-in.ts';
import type { signOut } from '../../operations/sign-out.ts';
import { clearDeskCookie, readKnownBrowserCookie, setDeskCookie, setKnownBrowserCookie } from '../cookies.ts';
import { makeHourlyLimit } from '../hourly-limit.ts';
import { networkOf } from '../network-of.ts';
import { actorOf, jsonRoute, MANAGERS, STAFF, staffOf } from '../route.ts';
import type { Route } from '../route.ts';
import type { Tokens } from '../token.ts';
import { triedCodeSchema, triedPasswordSchema, whoSchema } from './desk-schemas.ts';
import { instantSchema } from './till-schemas.ts';

const MAX_EMAIL_LENGTH = 254;
/** Checking a password is work, and anybody may ask for it: more than a head office with one address needs. */
const MAX_TRIES_PER_NETWORK_AND_HOUR = 200;
/** The longest a browser keeps a cookie. */
const BROWSER_KNOWN_MS = 400 * 86_400_000;

const codeSchema = triedCodeSchema.optional().describe('Of the second factor, when it is on');
const signInSchema = z
  .strictObject({
    email: z.string().max(MAX_EMAIL_LENGTH),
    password: triedPasswordSchema,
    code: codeSchema,
  })
  .meta({ id: 'SignInRequest' });
const confirmSchema = z
  .strictObject({ password: triedPasswordSchema, code: codeSchema })
  .meta({ id: 'ConfirmRequest' });
const SIGN_IN_REFUSALS = [
  'credentials-wrong',
  'second-factor-needed',
  'second-factor-wrong',
  'locked',
  'too-many-requests',
] as const;

interface SessionParts {
  signIn: ReturnType<typeof signIn>;
  confirmSignIn: ReturnType<typeof confirmSignIn>;
  signOut: ReturnType<typeof signOut>;
  tokens: Tokens;
  now(): Date;
}

export const sessionRoutes = (
  parts: SessionParts,
  limit = makeHourlyLimit(MAX_TRIES_PER_NETWORK_AND_HOUR),
): Route[] => [
  jsonRoute({
    method: 'post',
    path: '/api/v1/sessions',
    summary: 'Sign in at the desk',
    description:
      'Owners and managers, by e-mail address and password. Answers with a cookie. `second-factor-needed` says that the password was right: ask again, with the code too.',
    tag: 'Sign-in',
    audience: ['anonymous'],
    body: signInSchema,
    status: 201,
    answer: whoSchema,
    refusals: SIGN_IN_REFUSALS,
    handle: async ({ body, request, response, publicUrl }) => {
      const { tokens } = parts;
      const now = parts.now();
      const browser = knownBrowserOf(request, { tokens, publicUrl, now });
      // A browser that is known has tries of its own, whatever others in its network do.
      if (!limit.take(browser?.browserId ?? networkOf(request.ip ?? ''), now))
        return { refused: 'too-many-requests' };
      const session = await parts.signIn({ ...body, userAgent: request.get('user-agent'), browser });
      if ('refused' in session) return session;
      return sendDeskSession(response, { session, tokens, publicUrl, browser });
    },
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/sessions/current',
    summary: 'Who is signed in',
    tag: 'Sign-in',
    audience: STAFF,
    status: 200,
    answer: whoSchema,
    handle: async ({ principal }) => {
      const { actor, staffName, signedInAt } = staffOf(principal);
      return { staffId: actor.staffId, name: staffName, role: actor.role, signedInAt };
    },
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/sessions/current',
    summary: 'Sign out',
    tag: 'Sign-in',
    audience: STAFF,
    status: 204,
    answer: z.undefined(),
    handle: async ({ principal, response, publicUrl }) => {
      // First: with an answer that it could not be written down, this browser is signed out all the same.
      clearDeskCookie(response, publicUrl);
      await parts.signOut(actorOf(principal), { sessionId: staffOf(principal).sessionId });
      return undefined;
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/sessions/current/confirm',
    summary: 'Enter the password again',
    description: 'What takes data out, or changes a password, wants one entered in the last five minutes.',
    tag: 'Sign-in',
    audience: MANAGERS,
    needsDesk: true,
    body: confirmSchema,
    status: 200,
    answer: z.object({ signedInAt: instantSchema }),
    refusals: SIGN_IN_REFUSALS,
    handle: async ({ principal, body }) =>
      parts.confirmSignIn(actorOf(principal), {
        sessionId: staffOf(principal).sessionId,
        ...body,
      }),
  }),
];

function knownBrowserOf(
  request: Request,
  { tokens, publicUrl, now }: { tokens: Tokens; publicUrl: string; now: Date },
): KnownBrowser | undefined {
  const cookie = readKnownBrowserCookie(request, publicUrl);
  const claims = cookie && tokens.verifyToken(cookie, { audiences: ['known-browser'], now });
  return claims ? { staffId: claims.subjectId, browserId: claims.tokenId } : undefined;
}

/** Sets the desk's cookie, and says who it is for; and one by which the browser is known from now on. */
export function sendDeskSession(
  response: Response,
  {
    session,
    tokens,
    publicUrl,
    browser,
  }: { session: DeskSession; tokens: Tokens; publicUrl: string; browser?: KnownBrowser | undefined },
): z.infer<typeof whoSchema> {
  const { actor, staffName, sessionId, signedInAt, expiresAt } = session;
  const token = tokens.signToken(
    {
      audience: 'desk-session',
      merchantId: actor.merchantId,
      subjectId: sessionId,
      tokenId: sessionId,
      expiresAt,
    },
    signedInAt,
  );
  setDeskCookie(response, { publicUrl, token, expiresAt });
  const knownUntil = new Date(signedInAt.getTime() + BROWSER_KNOWN_MS);
  const known = tokens.signToken(
    {
      audience: 'known-browser',
      merchantId: actor.merchantId,
      subjectId: actor.staffId,
      tokenId: browser?.staffId === actor.staffId ? browser.browserId : uuid(),
      expiresAt: knownUntil,
    },
    signedInAt,
  );
  setKnownBrowserCookie(response, { publicUrl, token: known, expiresAt: knownUntil });
  return {
    staffId: actor.staffId,
    name: staffName,
    role: actor.role,
    signedInAt: signedInAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
