import * as z from 'zod';
import { createDocument } from 'zod-openapi';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { problems, problemSchema } from './problem.ts';
import type { Role } from '../loyalty/role.ts';
import type { RefusalName } from './problem.ts';
import { STAFF } from './route.ts';
import type { RawRoute, RawStatus, Route } from './route.ts';

export type ApiDocument = ReturnType<typeof createDocument>;

/** For whoever reads it from the beginning; paragraphs are parted by an empty line. */
const INTRODUCTION = `Instants are ISO 8601 in UTC, days are business days of the location (YYYY-MM-DD), money is whole \
minor units of the merchant’s currency (\`…Minor\`). A “no” is \`application/problem+json\` with a stable \`refused\` \
name; /api/problems explains each. What is not known to your merchant is 404, whoever else may know it.

To write a till of your own: the owner makes a one-time code at the desk. \`POST /api/v1/devices\` takes it and gives \
the till’s own token, \`GET /api/v1/devices/current\` the people and the menu, and \`POST /api/v1/staff-sessions\` for a \
PIN the token of who is there. With that \`POST /api/v1/scans\` looks a card up, \`POST /api/v1/stamps\` records a sale \
on it, \`POST /api/v1/gestures\` gives, and \`POST /api/v1/redemptions\` spends a reward.

JSON that is sent has 64 kB at most. Lists come a page at a time: ask again with the \`cursor\` that is called \
\`nextCursor\` in the answer, until that is null.`;

/** What the groups of routes are for. A tag that is not here does not compile into a document; see its test. */
export const tagDescriptions: Record<string, string> = {
  'Set-up': 'The first run, once.',
  'Sign-in': 'The session of an owner or a manager at the desk.',
  'My account': 'One’s own password, PIN, second factor, and where one is signed in.',
  Customers: 'Finding customers, and what is done for them at the desk.',
  Tills: 'Enrolling tablets, signing in on them by PIN, and taking them out of service.',
  Till: 'What a till asks all day: cards, stamps, gestures, rewards, sales.',
  Sales: 'What was sold on a day, and what a refund of it would touch.',
  Settings: 'The merchant as a whole.',
  Locations: 'The shops, with their time zones and when their days begin.',
  Staff: 'Who works here, and as what.',
  'Stamp cards': 'The rules of the cards. A card keeps the version it was issued under.',
  Menu: 'What is sold, what it costs, and what may be given.',
  Allowances: 'How much may be given, by whom and where.',
  Reports: 'What was given away, and what came after it.',
  Evidence: 'What gestures caused, from sealed draws at random.',
  Import: 'Sales and customers from a file.',
  Audit: 'Who changed, saw or took out what.',
  'Card page': 'The customer’s own card. Its secret link is all it takes.',
  Pages: 'What owners and managers see in a browser: set-up, sign-in and the desk.',
  Reference: 'This description of the API.',
  Operations: 'For whoever keeps the server running.',
};

const PLURALS: Record<Role, string> = {
  barista: 'baristas',
  manager: 'managers',
  owner: 'owners',
};

/**
 * The OpenAPI 3.1 document of a route table. `version` is the program's.
 *
 * @throws when two schemas share an id, or a schema cannot be told in JSON
 */
export function describeApi(routes: readonly Route[], version: string): ApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  const shared = findSharedRefusals(routes);
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method]: describeRoute(route, shared) };
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Doublestamp',
      version,
      summary: 'Digital stamp cards and a gesture button for coffee shops.',
      description: INTRODUCTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: tags.map((name) => ({ name, description: tagDescriptions[name] ?? '' })),
    paths,
    components: {
      securitySchemes: {
        tillDevice: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The token an enrolled till was given for its one-time code.',
        },
        tillSession: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The short token of somebody who entered their PIN at a till.',
        },
        desk: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-doublestamp',
          description:
            'The cookie of an owner or a manager signed in with a password. Without https: `doublestamp`.',
        },
      },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: true,
          description:
            'Your own id for this operation, a UUID for instance. Sent again with the same body it is not done ' +
            'again: you get the same answer, for 72 hours. So send it again after a lost answer, a 500 or a 503. ' +
            'A “no” of the rules (404, 409 and the like) is an answer too: to try that again takes a new id.',
          schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
          example: '0197f1c2-5a53-7b3e-9f4f-0e4f3c1d2b6a',
        },
        TappedAgo: {
          name: 'Tapped-Ago',
          in: 'header',
          required: false,
          description:
            'How many milliseconds ago the barista tapped this, when the till kept it while it was offline: it counts ' +
            'at that moment and in its business day. A week at most.',
          schema: { type: 'integer', minimum: 0 },
        },
        StaffSession: {
          name: 'Staff-Session',
          in: 'header',
          required: false,
          description:
            'With the till’s own token: the session somebody was signed in under at this till when they tapped. Good ' +
            'also when the session has ended since.',
          schema: { type: 'string', maxLength: 64 },
        },
        DeskOf: {
          name: 'Desk-Of',
          in: 'header',
          required: false,
          description:
            'With the cookie: the `staffId` of whom a page was opened for. When somebody else has signed in in the ' +
            'browser since, nothing is done (`signed-in-as-another`).',
          schema: { type: 'string', maxLength: 64 },
        },
      },
      headers: {
        IdempotencyReplayed: {
          description: '`true` when this operation was done before and this is its answer again.',
          schema: { type: 'string', const: 'true' },
        },
      },
      schemas: { Problem: problemSchema },
      responses: Object.fromEntries([...shared].map(([name, names]) => [name, describeRefusals(names)])),
    },
  });
}

/** `get /api/v1/cards/{code}` → `getCardsByCode`. */
export function operationIdOf(route: Pick<Route, 'method' | 'path'>): string {
  const words = route.path
    .replace(/^\/api\/v1\//, '/')
    .replaceAll(/\{(\w+)\}/g, (_match, name: string) => `by-${name}`)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return route.method + (words.map(capitalise).join('') || 'Root');
}

/** Who may use a route, in words. */
function describeAudience(route: Route): string {
  if (route.audience.includes('anonymous')) return 'Anyone';
  const staff = STAFF.filter((role) => route.audience.includes(role)).map((role) => PLURALS[role]);
  const place = route.needsTill ? ' signed in at a till' : route.needsDesk ? ' signed in at the desk' : '';
  const who = [
    ...(route.audience.includes('device') ? ['enrolled tills'] : []),
    ...(staff.length > 0 ? [joinWords(staff) + place] : []),
  ];
  return capitalise(who.join('; '));
}

/** Every reason for "no" that a caller of this route may meet, its own last. */
export function refusalsOf(route: Route): RefusalName[] {
  const names = new Set<RefusalName>();
  if (!route.audience.includes('anonymous')) {
    names.add('not-signed-in');
    if (isForDesk(route)) names.add('signed-in-as-another');
    if (route.needsTill || route.needsDesk || STAFF.some((role) => !route.audience.includes(role)))
      names.add('not-allowed');
  }
  if (route.method !== 'get') names.add('cross-site').add('storage-full');
  if (route.path.includes('{') || route.query || route.body) names.add('request-invalid');
  if (route.body) names.add('wrong-media-type').add('too-large');
  if (route.kind === 'raw' && route.consumes) names.add('too-large');
  if (route.kind === 'repeatable')
    names.add('operation-id-missing').add('operation-reused').add('operation-forgotten');
  if (route.kind === 'repeatable' && route.isTap)
    names.add('request-invalid').add('tap-too-old').add('session-over').add('till-ended');
  names.add('server-error').add('not-ready');
  for (const name of route.refusals ?? []) names.add(name);
  return [...names];
}

function describeRoute(
  route: Route,
  shared: ReadonlyMap<string, readonly RefusalName[]>,
): ZodOpenApiOperationObject {
  const body = describeBody(route);
  const refusals = refusalsOf(route);
  const headers = headersOf(route);
  const path = route.params ?? paramsNamedIn(route.path);
  return {
    operationId: operationIdOf(route),
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, `For: ${describeAudience(route)}.`].filter(Boolean).join('\n\n'),
    'x-audience': describeAudience(route),
    'x-refusals': refusals,
    security: describeSecurity(route),
    requestParams: {
      ...(path && { path: path as z.ZodObject }),
      ...(route.query && { query: route.query as z.ZodObject }),
    },
    ...(headers.length > 0 && {
      parameters: headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    }),
    ...(body && { requestBody: { required: true, content: body } }),
    responses: { ...describeAnswer(route), ...describeNos(refusals, shared) },
  };
}

/** Secrets and the like, which a page looks up as they are. */
function paramsNamedIn(path: string): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return names.length > 0 ? z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) : undefined;
}

/** The headers of ours that a route reads, as they are named among the components. */
function headersOf(route: Route): string[] {
  return [
    ...(route.kind === 'repeatable' ? ['IdempotencyKey'] : []),
    ...(route.kind === 'repeatable' && route.isTap ? ['TappedAgo', 'StaffSession'] : []),
    ...(isForDesk(route) ? ['DeskOf'] : []),
  ];
}

function isForDesk({ audience, needsTill }: Route): boolean {
  return !audience.includes('anonymous') && !needsTill && STAFF.some((role) => audience.includes(role));
}

function describeSecurity(route: Route): Record<string, string[]>[] {
  const { audience, needsDesk } = route;
  if (audience.includes('anonymous')) return [];
  const isForStaff = STAFF.some((role) => audience.includes(role));
  return [
    ...(audience.includes('device') ? [{ tillDevice: [] }] : []),
    ...(isForStaff && !needsDesk ? [{ tillSession: [] }] : []),
    ...(isForDesk(route) ? [{ desk: [] }] : []),
  ];
}

function describeBody(route: Route): Record<string, { schema: z.ZodType | { type: 'string' } }> | undefined {
  if (route.body) return { 'application/json': { schema: route.body } };
  if (route.kind === 'raw' && route.consumes)
    return Object.fromEntries(route.consumes.map((type) => [type, { schema: { type: 'string' as const } }]));
  return undefined;
}

function describeAnswer(route: Route): ZodOpenApiOperationObject['responses'] {
  if (route.kind === 'raw')
    return Object.fromEntries(
      (route.statuses ?? [200]).map((status) => [status, describeRawAnswer(route, status)]),
    );
  if (route.status === 204) return { 204: { description: 'Done; there is nothing to say' } };
  return {
    [route.status]: {
      description: route.status === 201 ? 'Recorded' : 'Done',
      content: { 'application/json': { schema: route.answer } },
      ...(route.kind === 'repeatable' && {
        headers: { 'Idempotency-Replayed': { $ref: '#/components/headers/IdempotencyReplayed' } },
      }),
    },
  };
}

const RAW_ANSWERS: Record<RawStatus, string> = {
  200: 'Done',
  303: 'Goes on at another address',
  304: 'Nothing has changed since',
  404: 'A page that says what is not there',
  429: 'A page that asks for patience',
};

function describeRawAnswer({ answer, produces }: RawRoute, status: RawStatus) {
  const description = RAW_ANSWERS[status];
  if (status === 200)
    return { description, content: answer ? { [produces]: { schema: answer } } : rawContent(produces) };
  if (status === 303) return { description, headers: { Location: { schema: { type: 'string' as const } } } };
  return status === 304 ? { description } : { description, content: rawContent('text/html') };
}

function rawContent(type: string): Record<string, { schema: { type: 'object' | 'string' } }> {
  return { [type]: { schema: { type: type.endsWith('json') ? 'object' : 'string' } } };
}

function describeNos(
  refusals: readonly RefusalName[],
  shared: ReadonlyMap<string, readonly RefusalName[]>,
): ZodOpenApiOperationObject['responses'] {
  const groups = [...groupByStatus(refusals)];
  return Object.fromEntries(
    groups.map(([status, names]) => {
      const name = nameOf(names);
      return [
        status,
        shared.has(name) ? { $ref: `#/components/responses/${name}` } : describeRefusals(names),
      ];
    }),
  );
}

function describeRefusals(names: readonly RefusalName[]) {
  return {
    description: names.map((name) => `${problems[name].title} (\`${name}\`)`).join('. '),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          properties: { refused: { type: 'string' as const, enum: [...names] } },
        },
        examples: Object.fromEntries(names.map((name) => [name, { value: exampleOf(name) }])),
      },
    },
  };
}

function exampleOf(name: RefusalName): Record<string, unknown> {
  const { status, title } = problems[name];
  return { type: `/api/problems#${name}`, title, status, refused: name };
}

/** Groups of refusals that more than one route answers with under one status, by the name of their component. */
function findSharedRefusals(routes: readonly Route[]): Map<string, RefusalName[]> {
  const counts = new Map<string, number>();
  const groups = routes.flatMap((route) => [...groupByStatus(refusalsOf(route)).values()]);
  for (const names of groups) counts.set(nameOf(names), (counts.get(nameOf(names)) ?? 0) + 1);
  const repeated = groups.filter((names) => counts.get(nameOf(names))! > 1);
  return new Map(repeated.map((names) => [nameOf(names), names]));
}

function groupByStatus(names: readonly RefusalName[]): Map<number, RefusalName[]> {
  return Map.groupBy(names.toSorted(), (name) => problems[name].status);
}

function nameOf(names: readonly RefusalName[]): string {
  return names.map((name) => name.split('-').map(capitalise).join('')).join('Or');
}

function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
