import compression from 'compression';
import express from 'express';
import type { Express, Request, RequestHandler, Response } from 'express';
import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import type * as z from 'zod';
import { catchErrors, problems, refuseInvalid, sayInvalid, sendProblem } from './problem.ts';
import type { Refusal } from './problem.ts';
import type { JsonRoute, Principal, RawRoute, RepeatableRoute, Route } from './route.ts';
import { securityHeaders } from './security-headers.ts';
import { readTappedAgo, tappedAgoInvalid } from './tapped-ago.ts';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_OPERATION_ID_LENGTH = 128;
const OPERATION_ID = /^[\x21-\x7e]+$/;
/** PostgreSQL keeps no NUL in a text; refused here, both databases keep the same. */
const NUL_IN_JSON = Buffer.from(String.raw`\u0000`);
const NUL_IN_ADDRESS = '%00';
/** Half of a character, as an emoji that was cut in two leaves it: PostgreSQL keeps none of these in JSON either. */
const HALF_IN_JSON = /\\u[dD][89a-fA-F]/;

export interface AppParts {
  routes: readonly Route[];
  /** Who is asking; a refusal when a token or cookie is given and is not good. */
  identify(request: Request): Promise<Principal | Refusal>;
  publicUrl(): string;
  log: Logger;
  trustedProxies: number;
  /** Folders of built pages: `/till` → the till's files. */
  staticFolders: readonly { path: string; folder: string }[];
  /** What a person is shown instead of a problem document, in words; without it everybody gets the document. */
  sorryPage?(refusal: { status: number; requestId?: string }): string;
}

/** Makes the Express application out of the route table. Deny by default: what is not in the table is not there. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', parts.trustedProxies);
  app.set('query parser', 'simple');
  app.use(securityHeaders);
  app.use(compressPages);
  const refuse = (response: Response, refusal: Refusal): void => {
    if (!parts.sorryPage || !isForPeople(response.req)) return sendProblem(response, refusal);
    const { status } = problems[refusal.refused];
    response
      .status(status)
      .type('html')
      .send(parts.sorryPage({ ...refusal, status }));
  };
  for (const route of parts.routes)
    app[route.method](expressPath(route.path), async (request: Request, response: Response) => {
      const refusal = await handle(route, parts, request, response);
      if (refusal) refuse(response, refusal);
    });
  for (const { path, folder } of parts.staticFolders)
    app.use(path, express.static(folder, { index: 'index.html', redirect: true }));
  app.use((_request, response) => refuse(response, { refused: 'route-unknown' }));
  app.use(catchErrors(parts.log, refuse));
  return app;
}

const compress = compression({
  // A stream's events must not wait for each other.
  filter: (request, response) =>
    !String(response.getHeader('content-type')).startsWith('text/event-stream') &&
    compression.filter(request, response),
});

/** Pages and their parts travel compressed. What the API answers a till is too short to gain by it. */
const compressPages: RequestHandler = (request, response, next) => {
  if (request.path.startsWith('/api/v1/')) next();
  else compress(request, response, next);
};

/** A browser that opens an address or sends a form, rather than a program asking the API. */
function isForPeople(request: Request): boolean {
  return !request.path.startsWith('/api') && request.accepts('json', 'html') === 'html';
}

/** `/cards/{code}` as Express writes it: `/cards/:code`. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

async function handle(
  route: Route,
  parts: AppParts,
  request: Request,
  response: Response,
): Promise<Refusal | undefined | void> {
  const principal = await parts.identify(request);
  if ('refused' in principal) {
    if (!route.audience.includes('anonymous')) return principal;
  } else {
    const refusal = refuseAudience(route, principal);
    if (refusal) return refusal;
  }
  if (isCrossSiteWrite(request, parts.publicUrl())) return { refused: 'cross-site' };
  // Only now: whoever may not do this has no business sending us a body to read.
  const unreadable = route.body && (await readBody(request, response));
  const input = unreadable ?? parseInput(route, request);
  if ('refused' in input) return input;
  const context = {
    ...input,
    principal: 'refused' in principal ? ({ kind: 'anonymous' } as const) : principal,
    request,
    response,
    publicUrl: parts.publicUrl(),
  };
  switch (route.kind) {
    case 'json':
      return answerJson(route, context);
    case 'repeatable':
      return answerRepeatable(route, context);
    case 'raw':
      return route.handle(context as Parameters<RawRoute['handle']>[0]);
  }
}

function refuseAudience(route: Route, principal: Principal): Refusal | undefined {
  const { audience } = route;
  if (audience.includes('anonymous')) return undefined;
  if (principal.kind === 'anonymous') return { refused: 'not-signed-in' };
  if (principal.kind === 'device')
    return audience.includes('device')
      ? undefined
      : { refused: 'not-signed-in', detail: 'Enter your PIN first' };
  if (principal.isByTill && !(route.kind === 'repeatable' && route.isTap))
    return { refused: 'not-signed-in', detail: 'Enter your PIN first' };
  if (!audience.includes(principal.actor.role)) return { refused: 'not-allowed' };
  if (route.needsTill && !principal.place)
    return { refused: 'not-allowed', detail: 'This is done at a till' };
  if (route.needsDesk && principal.place)
    return { refused: 'not-allowed', detail: 'This is done at the desk, after signing in with a password' };
  return undefined;
}

/** A browser says where a request comes from; one that another site caused must not change anything. */
function isCrossSiteWrite(request: Request, publicUrl: string): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'cross-site' || site === 'same-site';
  // What browsers of before 2023 say instead, and all of them where the address is not https.
  const origin = request.get('origin');
  return (
    origin !== undefined && origin !== publicUrl && origin !== `${request.protocol}://${request.get('host')}`
  );
}

const OTHER_CHARSET = /charset=(?!"?utf-8)/i;
const readBytes = express.raw({ limit: MAX_BODY_BYTES, type: () => true });
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Puts the parsed body on the request; throws what Express's parser throws, which `catchErrors` understands. The bytes
 * are parsed here: Express's own JSON parser looks for character sets, which JSON does not have (RFC 8259), and that
 * took a tenth of the time of a stamp's way through HTTP.
 */
async function readBody(request: Request, response: Response): Promise<Refusal | undefined> {
  if (!request.is('application/json'))
    return { refused: 'wrong-media-type', detail: 'Send JSON with Content-Type: application/json' };
  if (OTHER_CHARSET.test(request.headers['content-type']!))
    return { refused: 'wrong-media-type', detail: 'Send UTF-8' };
  await new Promise<void>((resolve, reject) => {
    readBytes(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve()));
  });
  return parseBody(request);
}

function parseBody(request: Request): Refusal | undefined {
  const bytes = request.body as Buffer | undefined;
  if (!bytes?.length) {
    request.body = {};
    return undefined;
  }
  try {
    request.body = bytes.includes(NUL_IN_JSON) ? undefined : parseWhole(utf8.decode(bytes));
  } catch {
    request.body = undefined;
  }
  if (typeof request.body === 'object' && request.body !== null) return undefined;
  const detail = 'not a JSON object, or a text in it holds a NUL or half of a character';
  return { refused: 'request-invalid', errors: [{ pointer: '/body', detail }] };
}

interface Input {
  params: unknown;
  query: unknown;
  body: unknown;
}

function parseWhole(text: string): unknown {
  if (!HALF_IN_JSON.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === 'string' && !value.isWellFormed()) throw new SyntaxError('half of a character');
    return value;
  });
}

function parseInput(route: Route, request: Request): Input | Refusal {
  if (request.originalUrl.includes(NUL_IN_ADDRESS))
    return { refused: 'request-invalid', errors: [{ pointer: '/path', detail: 'not text: it holds a NUL' }] };
  const input: Input = { params: undefined, query: undefined, body: undefined };
  for (const part of ['params', 'query', 'body'] as const) {
    const schema: z.ZodType | undefined = route[part];
    if (!schema) continue;
    const parsed = schema.safeParse(request[part] ?? {}, { error: sayInvalid });
    if (!parsed.success) return refuseInvalid(parsed.error, part === 'params' ? 'path' : part);
    input[part] = parsed.data;
  }
  return input;
}

type Context = Parameters<RepeatableRoute['handle']>[0];

async function answerJson(route: JsonRoute, context: Omit<Context, 'attempt'>): Promise<Refusal | undefined> {
  const answer = await route.handle(context as Parameters<JsonRoute['handle']>[0]);
  if (answer && 'refused' in answer) return answer as Refusal;
  if (route.status === 204) context.response.status(204).end();
  else sendJson(context.response, route.status, JSON.stringify(answer));
  return undefined;
}

async function answerRepeatable(
  route: RepeatableRoute,
  context: Omit<Context, 'attempt'>,
): Promise<Refusal | undefined> {
  const { request, response } = context;
  const operationId = request.get('idempotency-key');
  if (!operationId || operationId.length > MAX_OPERATION_ID_LENGTH || !OPERATION_ID.test(operationId))
    return {
      refused: 'operation-id-missing',
      detail: `1 to ${MAX_OPERATION_ID_LENGTH} ASCII characters, no spaces`,
    };
  const requestHash = hash(
    'sha256',
    `${request.method} ${request.originalUrl} ${JSON.stringify(context.body)}`,
  );
  const tappedAgoMs = route.isTap ? readTappedAgo(request) : 0;
  if (tappedAgoMs === undefined) return tappedAgoInvalid;
  const attempt = { operationId, requestHash, tappedAgoMs };
  const answered = await route.handle({ ...context, attempt } as Context);
  if ('refused' in answered) return answered as Refusal;
  if (answered.isReplay) response.set('Idempotency-Replayed', 'true');
  if ('refused' in answered.answer) return JSON.parse(answered.body) as Refusal;
  sendJson(response, route.status, answered.body);
  return undefined;
}

/**
 * Node's own calls: Express's `send` looks for much that a finished JSON text does not need. Text of ASCII alone, which
 * has as many bytes as letters, is the same in Latin-1, and as that Node writes it in a fraction of the time.
 */
function sendJson(response: Response, status: number, body: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  const length = Buffer.byteLength(body);
  response.setHeader('Content-Length', length);
  response.end(body, length === body.length ? 'latin1' : 'utf8');
}
