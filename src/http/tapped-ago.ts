import type { Request } from 'express';
import type { Refusal } from './problem.ts';

/** How long ago a barista tapped what arrives now, in milliseconds. Not in the body, because it grows with each try. */
const TAPPED_AGO = 'tapped-ago';
/** The session a tap was made under, for a till that sends it when the session may be over. */
export const STAFF_SESSION = 'staff-session';

/** Enough for 31 years; what is too long ago is not the header's to say. */
const MILLISECONDS = /^\d{1,12}$/;

/** 0 without the header, undefined when it does not say a whole number of milliseconds. */
export function readTappedAgo(request: Request): number | undefined {
  const text = request.get(TAPPED_AGO);
  if (text === undefined) return 0;
  return MILLISECONDS.test(text) ? Number(text) : undefined;
}

export const tappedAgoInvalid: Refusal = {
  refused: 'request-invalid',
  errors: [{ pointer: '/header/Tapped-Ago', detail: 'not a whole number of milliseconds' }],
};
