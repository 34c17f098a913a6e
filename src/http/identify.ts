import type { Request } from 'express';
import type { findCallingDevice, findCallingStaff, findTappingStaff } from '../operations/find-caller.ts';
import type { Place } from '../operations/actor.ts';
import type { Clock } from '../clock.ts';
import { readDeskCookie } from './cookies.ts';
import type { Refusal } from './problem.ts';
import type { Principal } from './route.ts';
import { readTappedAgo, STAFF_SESSION, tappedAgoInvalid } from './tapped-ago.ts';
import type { TokenClaims, Tokens } from './token.ts';

/** Whose page of the desk asks. The cookie is another’s when somebody else signed in in another tab of the browser. */
const DESK_OF = 'desk-of';

export interface IdentifyParts {
  clock: Clock;
  tokens: Tokens;
  publicUrl(): string;
  findCallingDevice: ReturnType<typeof findCallingDevice>;
  findCallingStaff: ReturnType<typeof findCallingStaff>;
  findTappingStaff: ReturnType<typeof findTappingStaff>;
}

/**
 * Who is asking: a till or its barista by `Authorization: Bearer`, the owner's desk by its cookie. The token only says
 * which row to read; the row decides, so ending a session, a till or a person works at once. Nothing given is
 * anonymous; something given that is not good is `not-signed-in`.
 */
export const identify =
  (parts: IdentifyParts) =>
  async (request: Request): Promise<Principal | Refusal> => {
    const now = parts.clock.now();
    const claims = readClaims(parts, request, now);
    if (claims === 'none') return { kind: 'anonymous' };
    if (!claims) return { refused: 'not-signed-in' };
    const { merchantId, subjectId, tokenId, audience } = claims;
    if (audience === 'till-device') {
      const device = await parts.findCallingDevice({ merchantId, deviceId: subjectId, tokenId });
      if (!device) return { refused: 'not-signed-in' };
      const sessionId = request.get(STAFF_SESSION);
      return sessionId === undefined
        ? { kind: 'device', ...device, token: claims }
        : identifyTap(parts, { request, now, place: device.place, sessionId });
    }
    const isAtTill = audience === 'till-session';
    const staff = await parts.findCallingStaff({ merchantId, sessionId: subjectId, now, isAtTill });
    if (!staff) return { refused: 'not-signed-in' };
    const deskOf = isAtTill ? undefined : request.get(DESK_OF);
    if (deskOf !== undefined && deskOf !== staff.actor.staffId) return { refused: 'signed-in-as-another' };
    return { kind: 'staff', ...staff };
  };

/** A till sends what somebody tapped on it; whoever was signed in there at that moment did it, at the till it was then. */
async function identifyTap(
  parts: IdentifyParts,
  { request, now, place, sessionId }: { request: Request; now: Date; place: Place; sessionId: string },
): Promise<Principal | Refusal> {
  const tappedAgoMs = readTappedAgo(request);
  if (tappedAgoMs === undefined) return tappedAgoInvalid;
  const tappedAt = new Date(now.getTime() - tappedAgoMs);
  const staff = await parts.findTappingStaff({ place, sessionId, tappedAt });
  return 'refused' in staff ? staff : { kind: 'staff', ...staff, isByTill: true };
}

function readClaims(parts: IdentifyParts, request: Request, now: Date): TokenClaims | undefined | 'none' {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    return token
      ? parts.tokens.verifyToken(token, { audiences: ['till-device', 'till-session'], now })
      : undefined;
  }
  const cookie = readDeskCookie(request, parts.publicUrl());
  if (cookie === undefined) return 'none';
  return parts.tokens.verifyToken(cookie, { audiences: ['desk-session'], now });
}

/** How long after a sign-in, or a password entered again, somebody may take data out. */
const FRESH_MINUTES = 5;

/** A refusal unless the password was entered in the last five minutes; for exports and changes of passwords. */
export function requireFresh(principal: Principal, now: Date): Refusal | undefined {
  const isFresh =
    principal.kind === 'staff' &&
    principal.place === null &&
    now.getTime() - principal.signedInAt.getTime() <= FRESH_MINUTES * 60_000;
  return isFresh ? undefined : { refused: 'fresh-sign-in-needed' };
}
