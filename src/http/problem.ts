import type { ErrorRequestHandler, Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import * as z from 'zod';

/** A rule that says no, with whatever the reader needs next. */
export interface Refusal {
  refused: RefusalName;
  [detail: string]: unknown;
}

/** Every reason for "no", its HTTP status, and a title a barista or an owner understands. */
export const problems = {
  'request-invalid': { status: 400, title: 'Something in the request does not fit' },
  'operation-id-missing': { status: 400, title: 'This request needs an Idempotency-Key header' },
  'operation-reused': { status: 422, title: 'This Idempotency-Key was used for something else' },
  'operation-forgotten': {
    status: 409,
    title: 'This was done more than 72 hours ago; its answer is no longer kept',
  },
  'not-signed-in': { status: 401, title: 'Please sign in' },
  'signed-in-as-another': { status: 409, title: 'Somebody else has signed in in this browser since' },
  'not-allowed': { status: 403, title: 'Your role may not do this' },
  'cross-site': { status: 403, title: 'This request came from another site' },
  'route-unknown': { status: 404, title: 'There is nothing at this address' },
  'too-large': { status: 413, title: 'This is too large' },
  'wrong-media-type': { status: 415, title: 'This needs another Content-Type' },
  'too-many-requests': { status: 429, title: 'Too many requests: try again in a moment' },
  'storage-full': { status: 503, title: 'The disk is full: nothing was recorded' },
  'not-ready': { status: 503, title: 'The database does not answer' },
  'server-error': { status: 500, title: 'Something went wrong on our side' },

  'already-set-up': { status: 409, title: 'This shop is already set up' },
  'setup-token-wrong': {
    status: 403,
    title: 'This set-up link is not valid: use the newest one the server printed',
  },
  'credentials-wrong': { status: 401, title: 'E-mail address or password is not right' },
  'second-factor-needed': { status: 401, title: 'Please enter the code of your authenticator app as well' },
  'second-factor-wrong': { status: 401, title: 'That code is not right, or was used already' },
  'second-factor-on': { status: 409, title: 'Your second factor is on already' },
  'second-factor-not-begun': { status: 409, title: 'Your second factor is not set up' },
  'second-factor-yours': {
    status: 409,
    title: 'Your own second factor is turned off under “My account”, with a code',
  },
  'session-unknown': { status: 404, title: 'We do not know this sign-in' },
  'pin-wrong': { status: 401, title: 'That PIN is not right' },
  locked: { status: 429, title: 'Too many wrong tries: wait a little' },
  'fresh-sign-in-needed': { status: 403, title: 'Please enter your password again' },
  'enrolment-unknown': { status: 404, title: 'This code is not known, was used, or has run out' },
  'location-unknown': { status: 404, title: 'We do not know this location' },
  'staff-unknown': { status: 404, title: 'We do not know this person' },
  'device-unknown': { status: 404, title: 'We do not know this till' },
  'program-unknown': { status: 404, title: 'We do not know this stamp card program' },
  'item-unknown': { status: 404, title: 'We do not know this item' },
  'picture-unknown': { status: 404, title: 'We do not know this picture' },
  'picture-unreadable': { status: 400, title: 'This is not a picture we can show: send a PNG, JPEG or WebP' },
  'allowance-unknown': { status: 404, title: 'We do not know this allowance' },
  'email-taken': { status: 409, title: 'Somebody here already has this e-mail address' },
  'limit-needed': { status: 400, title: 'Set a number of gestures, a cost, or both' },
  'allowance-exists': { status: 409, title: 'There is already an allowance for this' },
  'last-owner': { status: 409, title: 'The last owner cannot be removed' },
  'password-needed': { status: 400, title: 'Owners and managers need an e-mail address and a password' },
  'pin-needed': { status: 400, title: 'A barista needs a PIN' },

  'customer-unknown': { status: 404, title: 'We do not know this customer' },
  'customer-forgotten': { status: 409, title: 'This customer was forgotten: nothing about them is kept' },
  'already-one-customer': { status: 409, title: 'These are one customer already' },
  'staff-and-customer': {
    status: 409,
    title: 'The card of somebody who works here cannot be joined with a customer’s',
  },
  'programs-differ': { status: 409, title: 'These cards collect for different things' },
  'customer-joined': { status: 409, title: 'This customer was joined with another' },
  'phone-unreadable': { status: 400, title: 'This is not a phone number' },
  'card-unknown': { status: 404, title: 'We do not know this card' },
  'card-joined': { status: 409, title: 'This card was joined with another, which goes on' },
  'card-blocked': { status: 409, title: 'This card is blocked' },
  'preferences-changed': { status: 409, title: 'How they like it was changed meanwhile' },
  'card-not-full': { status: 409, title: 'This card is not full yet' },
  'reward-unknown': { status: 404, title: 'We do not know this reward' },
  'reward-already-redeemed': { status: 409, title: 'This reward was already used' },
  'reward-expired': { status: 409, title: 'This reward has run out' },
  'live-code-needed': { status: 409, title: 'This needs the live code that the customer’s card shows' },
  'live-code-wrong': { status: 409, title: 'That is not the live code of this card' },
  'live-code-used': {
    status: 409,
    title: 'This live code was used already: each works once, for 30 seconds',
  },
  'nothing-to-cover': { status: 409, title: 'Nothing on this sale can be free with this reward' },
  'sale-unknown': { status: 404, title: 'We do not know this sale' },
  'sale-too-large': { status: 400, title: 'That is more than one sale can be' },
  'sale-has-card': { status: 409, title: 'This sale is already on a card' },
  'line-unknown': { status: 409, title: 'This sale has no such line' },
  'sale-refunded': { status: 409, title: 'This sale was refunded' },
  'refund-exceeds-sale': { status: 409, title: 'That is more than was paid' },

  'not-in-the-past': { status: 409, title: 'A gesture of the past cannot be in the future' },
  'gesture-unknown': { status: 404, title: 'We do not know this gesture' },
  'allowance-spent': { status: 409, title: 'No gestures left' },
  'cool-down': { status: 409, title: 'This customer had a gesture recently' },
  'own-card': { status: 409, title: 'Nobody can treat their own card' },
  'item-not-giveable': { status: 409, title: 'This item may not be given' },
  'manager-needed': { status: 403, title: 'Only a manager or an owner can do this' },
  'owner-needed': { status: 403, title: 'Only an owner can do this' },
  'grant-not-allowed': { status: 403, title: 'Only a manager or an owner can grant one more' },
  'already-undone': { status: 409, title: 'This was already undone' },
  'undo-too-late': { status: 409, title: 'It is too late to undo this' },
  'not-yours': { status: 403, title: 'Only whoever gave it, or a manager, can undo this' },
  'tap-too-old': { status: 409, title: 'This was tapped more than a week ago' },
  'tap-day-over': { status: 409, title: 'This was given on a day that is over' },
  'session-over': { status: 409, title: 'Nobody was signed in at this till when this was tapped' },
  'till-ended': { status: 409, title: 'This till had been ended at the desk when this was tapped' },
  'tap-unknown': { status: 404, title: 'We do not know this tap' },
  'tap-ended': { status: 409, title: 'Somebody has seen to this already' },
  'tap-not-applicable': { status: 409, title: 'Only a sale can be recorded afterwards' },
  'lease-unknown': { status: 404, title: 'This till holds no such lease' },
  'lease-not-good': { status: 409, title: 'This till cannot give this gesture from what it took along' },
  'draw-unknown': { status: 404, title: 'We do not know this draw' },
  'draw-not-good': { status: 409, title: 'Nothing can be given on this draw any more' },
  'season-unknown': { status: 404, title: 'We do not know this season' },
  'season-on': { status: 409, title: 'A season of this kind is already on here' },
  'season-ended': { status: 409, title: 'This season has already ended' },
  'lease-already-returned': { status: 409, title: 'This lease was already given back' },

  'report-of-the-future': {
    status: 400,
    title: 'A report cannot be made as of a time that has not come yet',
  },

  'file-unreadable': { status: 400, title: 'This file cannot be read as a table of sales' },
  'rows-unreadable': { status: 422, title: 'Some rows of this file cannot be read' },
  'mapping-incomplete': {
    status: 400,
    title: 'Something has to be said about this file before it can be read',
  },
  'mapping-unknown': { status: 404, title: 'No column mapping is saved for this source yet' },
} satisfies Record<string, { status: number; title: string }>;

export type RefusalName = keyof typeof problems;

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    refused: z.string().describe('The reason, for programs: the part of `type` after the #'),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'Why not, after RFC 9457' });

/** Answers with a refusal as `application/problem+json` (RFC 9457). */
export function sendProblem(response: Response, refusal: Refusal): void {
  const { status } = problems[refusal.refused];
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(response, refusal)));
}

/** A refusal as RFC 9457 writes it, for an answer that has already begun. */
export function problemOf(response: Response, { refused, ...details }: Refusal): object {
  const { status, title } = problems[refused];
  return {
    type: `/api/problems#${refused}`,
    title,
    status,
    instance: response.req.originalUrl.split('?')[0],
    refused,
    ...details,
  };
}

/** What zod found, in the form the API promises: where (a JSON pointer) and what. */
export function refuseInvalid(error: z.ZodError, part: string): Refusal {
  return {
    refused: 'request-invalid',
    errors: error.issues.flatMap(findFaults).map((issue) => ({
      pointer: `/${[part, ...issue.path.map(String)].map(escapePointer).join('/')}`,
      detail: issue.message,
    })),
  };
}

/** Of what may be written in several ways: what keeps it from being the one that it is nearest to. */
function findFaults(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const [nearest] =
    issue.code === 'invalid_union' ? issue.errors.toSorted((one, other) => one.length - other.length) : [];
  if (!nearest) return [issue];
  return nearest.flatMap((inner) => findFaults({ ...inner, path: [...issue.path, ...inner.path] }));
}

/**
 * What does not fit, in words for whoever filled in a form: the pages show it at the field. What only a program gets
 * wrong, zod says in its own words.
 */
export const sayInvalid: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'too_big' && issue.origin === 'string') return `At most ${issue.maximum} characters`;
  if (issue.code === 'too_big' && NUMBERS.has(issue.origin)) return `At most ${issue.maximum}`;
  if (issue.code === 'too_small' && issue.origin === 'string')
    return issue.minimum === 1 ? 'Please fill this in' : `At least ${issue.minimum} characters`;
  if (issue.code === 'too_small' && NUMBERS.has(issue.origin)) return `At least ${issue.minimum}`;
  if (issue.code === 'invalid_format' && issue.format === 'email')
    return 'Not an e-mail address; they look like ruth@example.com';
  return undefined;
};

const NUMBERS = new Set(['number', 'int']);

function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The one place where the unexpected is caught: logged in full, shown with a request id. `refuse` answers. */
export const catchErrors =
  (log: Logger, refuse = sendProblem): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    const expected = response.headersSent ? undefined : refusalOf(error);
    if (expected) return refuse(response, expected);
    if (isOfLeaving(error, request, response)) return;
    const requestId = randomUUID();
    // The route and not the address, which may hold the secret of a card.
    const route = (request.route as { path?: string } | undefined)?.path;
    log.error({ err: withoutValues(error), requestId, method: request.method, route }, 'request failed');
    // An answer that broke off half-way must not look whole.
    if (response.headersSent) return void response.destroy();
    refuse(response, { refused: refusalOfOutage(error), requestId });
  };

/** Whoever asked went away in the middle of what they sent, or were sent: nothing failed, and nobody is left to tell. */
function isOfLeaving(error: unknown, request: Request, response: Response): boolean {
  const { code } = error as { code?: string };
  return response.destroyed && (error === request.errored || (code !== undefined && CLOSED.has(code)));
}

/** What streams say about an answer that is closed already, or closes before it was all sent. */
const CLOSED = new Set(['ERR_STREAM_UNABLE_TO_PIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** An error of a query, without the values it was run with: names and addresses of people do not belong in a log. */
export function withoutValues(error: unknown): unknown {
  const { query, cause } = error as { query?: string; cause?: Error & { code?: string } };
  if (query === undefined || !(cause instanceof Error)) return error;
  return { type: cause.name, code: cause.code, message: cause.message, stack: cause.stack, query };
}

/** Errors of Express's own parsers are the caller's; they carry the status that fits. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof URIError)
    return { refused: 'request-invalid', errors: [{ pointer: '/path', detail: 'not a valid address' }] };
  const { type, status, expose } = error as { type?: string; status?: number; expose?: boolean };
  if (!expose || status === undefined || status >= 500) return undefined;
  if (status === 413) return { refused: 'too-large' };
  if (type === 'charset.unsupported') return { refused: 'wrong-media-type', detail: 'Send UTF-8' };
  if (type === 'encoding.unsupported')
    return {
      refused: 'wrong-media-type',
      detail: 'Send it unpacked, or with a Content-Encoding of gzip, deflate or br',
    };
  return { refused: 'request-invalid', errors: [{ pointer: '/body', detail: 'cannot be read' }] };
}

function refusalOfOutage(error: unknown): RefusalName {
  const failures = [error, (error as Error).cause] as ({ code?: string; message?: string } | undefined)[];
  const told = failures.map((one) => one?.code ?? one?.message ?? '');
  if (told.some((one) => FULL.test(one))) return 'storage-full';
  return told.some((one) => UNREACHABLE.test(one) || LOST.test(one)) ? 'not-ready' : 'server-error';
}

/** Error codes of SQLite, PostgreSQL and the system. */
const FULL = /^(SQLITE_FULL|SQLITE_IOERR.*|ENOSPC|53100)$/;
const UNREACHABLE =
  /^(SQLITE_BUSY.*|E(CONN(REFUSED|RESET)|AI_AGAIN|HOSTUNREACH|NETUNREACH|NOTFOUND|PIPE|TIMEDOUT)|08...|57P0[123]|53300)$/;
/** For a connection that breaks `pg` has no code, only words. */
const LOST = /^Connection terminated|is not queryable$/;
