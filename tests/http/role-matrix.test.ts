import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { saveChainHead } from '../../db/queries/ledger-queries.ts';
import { exampleValue } from '../../src/http/example-value.ts';
import type { Schema } from '../../src/http/example-value.ts';
import { describeApi, refusalsOf } from '../../src/http/openapi.ts';
import type { ApiDocument } from '../../src/http/openapi.ts';
import type { Route } from '../../src/http/route.ts';
import { CHAIN_START } from '../../src/operations/append-entries.ts';
import { fillEveryTable } from '../db/fill.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { useDatabase } from '../support/databases.ts';
import { useTestServer } from '../support/server.ts';
import { rowsOf } from '../support/shop-settings.ts';
import { wholeApp } from './whole-app.ts';

/** Every id in the other merchant's tables. */
const THEIRS = 'x';
const THEIR_SHORT_CODE = '7F3K9QPD';
/** An id that nobody has. */
const NOBODYS = uuid();
/** Notes down what a till could not record, whatever it named: ids that are nobody's are often the reason. */
const WRITTEN_AS_SAID = new Set(['POST /api/v1/kept-taps']);
const THROWN_OUT = new Set(['not-signed-in', 'not-allowed']);

const database = useDatabase();
const server = useTestServer(database);
let db: Database;
let shop: Shop;
let document: ApiDocument;
let routes: Route[];
beforeAll(async () => {
  ({ db } = database);
  shop = await aShop(db, { coolDownDays: 0, gesturesLimit: null });
  await fillEveryTable(db, {
    staff: { role: 'owner', endedAt: null, locationId: null },
    devices: { endedAt: null },
    locations: { timeZone: 'Europe/London', dayFloor: null, endedAt: null },
    cards: { shortCode: THEIR_SHORT_CODE, blockedAt: null },
    customers: { staffId: null, forgottenAt: null },
    programs: { endedAt: null },
    items: { endedAt: null },
    merchants: { currency: 'GBP' },
    chainHeads: { chain: 'audit' },
  });
  await db.transact((tx) => saveChainHead(tx, { merchantId: THEIRS, chain: 'ledger', ...CHAIN_START }));
  ({ routes } = wholeApp(db));
  document = describeApi(routes, '1.2.3');
});

interface Person {
  role: 'anonymous' | 'device' | 'barista' | 'manager' | 'owner';
  place: 'nowhere' | 'till' | 'desk';
  signIn(): Promise<Record<string, string>>;
}

const bearer = (token: string): Record<string, string> => ({ Authorization: token });

/** Fresh for each request: some routes sign out, or end a till. */
const people: Record<string, Person> = {
  'somebody who is not signed in': { role: 'anonymous', place: 'nowhere', signIn: async () => ({}) },
  'somebody with a made-up token': {
    role: 'anonymous',
    place: 'nowhere',
    signIn: async () => bearer('Bearer made.up.token'),
  },
  'a till nobody signed in on': {
    role: 'device',
    place: 'till',
    signIn: async () => bearer(await server.signInDevice(shop.ada)),
  },
  'a barista at a till': atTill('barista', () => shop.ada),
  'a manager at a till': atTill('manager', () => shop.manager),
  'an owner at a till': atTill('owner', () => ({ ...shop.owner, place: shop.ada.place })),
  'a manager at the desk': atDesk('manager', () => shop.manager),
  'an owner at the desk': atDesk('owner', () => shop.owner),
};

function atTill(role: 'barista' | 'manager' | 'owner', actor: () => Shop['ada']): Person {
  return { role, place: 'till', signIn: async () => bearer(await server.signInAtTill(actor())) };
}

function atDesk(role: 'manager' | 'owner', actor: () => Shop['owner']): Person {
  return { role, place: 'desk', signIn: async () => ({ Cookie: await server.signInAtDesk(actor()) }) };
}

/** What the declaration of a route promises to whom, said a second time and in other words than the server's. */
function mayUse(route: Route, { role, place }: Person): boolean {
  const audience: readonly string[] = route.audience;
  if (audience.includes('anonymous')) return true;
  if (!audience.includes(role)) return false;
  if (role === 'device') return true;
  return !(route.needsTill && place !== 'till') && !(route.needsDesk && place !== 'desk');
}

interface Answer {
  status: number;
  refused: string | undefined;
}

/** Asks a route; ids in the address are `id`, the body is the example of the document unless given. */
async function ask(
  route: Route,
  {
    headers,
    id,
    ids = id === THEIRS ? { code: THEIR_SHORT_CODE } : {},
    body,
  }: { headers: Record<string, string>; id: string; ids?: Record<string, string>; body?: unknown },
): Promise<Answer> {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => ids[name] ?? id);
  const hasBody = route.body !== undefined;
  const response = await fetch(server.url + path + queryOf(route), {
    method: route.method.toUpperCase(),
    redirect: 'manual',
    headers: {
      ...headers,
      ...(route.kind === 'repeatable' && { 'Idempotency-Key': uuid() }),
      ...(hasBody && { 'Content-Type': 'application/json' }),
    },
    ...(hasBody && { body: JSON.stringify(body ?? exampleBody(route)) }),
  });
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem)
    return { status: response.status, refused: ((await response.json()) as { refused: string }).refused };
  await response.body?.cancel(); // a stream of events would never end by itself
  return { status: response.status, refused: undefined };
}

function isDeclared(route: Route, status: number): boolean {
  const item = document.paths![route.path] as Record<string, { responses: object }>;
  return String(status) in item[route.method]!.responses;
}

function exampleBody(route: Route): unknown {
  const item = document.paths![route.path] as Record<
    string,
    { requestBody: { content: Record<string, unknown> } }
  >;
  const { schema } = item[route.method]!.requestBody.content['application/json'] as { schema: Schema };
  return exampleValue(document, schema);
}

function queryOf(route: Route): string {
  const item = document.paths![route.path] as Record<
    string,
    { parameters?: { in: string; name: string; required?: boolean; schema: Schema }[] }
  >;
  const required = (item[route.method]!.parameters ?? []).filter((one) => one.in === 'query' && one.required);
  const pairs = required.map(({ name, schema }) => [name, String(exampleValue(document, schema, name))]);
  return pairs.length > 0 ? `?${new URLSearchParams(pairs).toString()}` : '';
}

const nameOf = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`;

describe('who may do what', () => {
  test('every route of the server is in the matrix', async () => {
    const documented = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as ApiDocument;
    const served = Object.entries(documented.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.map(nameOf).toSorted()).toEqual(served.toSorted());
  });

  for (const [name, person] of Object.entries(people))
    test(`${name} can use what is theirs and nothing else`, async () => {
      const wrong: string[] = [];
      for (const route of routes) {
        const answer = await ask(route, { headers: await person.signIn(), id: NOBODYS });
        const isThrownOut = answer.refused !== undefined && THROWN_OUT.has(answer.refused);
        const expectedStatus = person.role === 'anonymous' || person.role === 'device' ? 401 : 403;
        const isRight = mayUse(route, person)
          ? !isThrownOut && answer.status < 500
          : isThrownOut && answer.status === expectedStatus;
        if (!isRight) wrong.push(`${nameOf(route)}: ${answer.status} ${answer.refused ?? ''}`);
      }
      expect(wrong).toEqual([]);
    });

  test('a route answers as it declares, and “no” only for reasons that it declares', async () => {
    const undeclared: string[] = [];
    for (const route of routes)
      for (const person of Object.values(people)) {
        const { status, refused } = await ask(route, { headers: await person.signIn(), id: NOBODYS });
        if (refused && !(refusalsOf(route) as string[]).includes(refused))
          undeclared.push(`${nameOf(route)}: ${refused}`);
        if (!isDeclared(route, status)) undeclared.push(`${nameOf(route)}: ${status}`);
      }
    expect([...new Set(undeclared)]).toEqual([]);
  });

  test('a customer’s pages answer as they declare', async () => {
    const answers: Record<string, number> = {};
    const card = await aCard(db, shop);
    const [location] = await rowsOf(db, shop, 'locations');
    const ids = { secret: card.secret, joinCode: location!.joinCode };
    for (const route of routes.filter(({ path }) => /\{(secret|joinCode)\}/.test(path))) {
      const { status } = await ask(route, { headers: {}, id: NOBODYS, ids });
      answers[nameOf(route)] = status;
      expect([nameOf(route), status, isDeclared(route, status)]).toEqual([nameOf(route), status, true]);
    }
    expect(answers).toMatchObject({
      'GET /c/{secret}': 200,
      'POST /c/{secret}/me': 303,
      'POST /c/{secret}/me/email': 200,
      'POST /join/{joinCode}': 303,
    });
  });

  test('a browser sent by another site can read, but change nothing', async () => {
    const wrong: string[] = [];
    for (const route of routes.filter(({ method }) => method !== 'get'))
      for (const [name, value] of [
        ['Sec-Fetch-Site', 'cross-site'],
        ['Origin', 'https://elsewhere.example'],
      ] as const) {
        const person = Object.values(people).find((one) => mayUse(route, one))!;
        const answer = await ask(route, {
          headers: { ...(await person.signIn()), [name]: value },
          id: NOBODYS,
        });
        if (answer.refused !== 'cross-site')
          wrong.push(`${nameOf(route)}: ${answer.status} ${answer.refused}`);
      }
    expect(wrong).toEqual([]);
  });
});

describe('another merchant', () => {
  /** The signed-in people who may use a route, ours or theirs. */
  function insiders(route: Route): Person[] {
    return Object.values(people).filter((one) => one.role !== 'anonymous' && mayUse(route, one));
  }

  const isTheirsByAddress = (route: Route): boolean =>
    route.path.includes('{') && !route.audience.includes('anonymous');

  test('what is theirs is not there: 404, whoever of us asks by its id', async () => {
    const addressed = routes.filter(isTheirsByAddress);
    expect(addressed.length).toBeGreaterThan(10);
    const wrong: string[] = [];
    for (const route of addressed)
      for (const person of insiders(route)) {
        const answer = await ask(route, { headers: await person.signIn(), id: THEIRS });
        if (answer.status !== 404) wrong.push(`${nameOf(route)}: ${answer.status} ${answer.refused ?? ''}`);
      }
    expect(wrong).toEqual([]);
  });

  test('and yet it is there, for them', async () => {
    const place = { ...shop.ada.place, merchantId: THEIRS, deviceId: THEIRS, locationId: THEIRS };
    const theirOwner = { merchantId: THEIRS, staffId: THEIRS, role: 'owner' as const, place };
    const unknown: string[] = [];
    // Reading first: some of the others end what they are asked about.
    const addressed = routes
      .filter(isTheirsByAddress)
      .toSorted((a, b) => Number(b.method === 'get') - Number(a.method === 'get'));
    for (const route of addressed) {
      const headers = route.needsTill
        ? bearer(await server.signInAtTill(theirOwner))
        : { Cookie: await server.signInAtDesk(theirOwner) };
      const body = route.body && withIds(exampleBody(route), { itemId: THEIRS, pictureId: THEIRS });
      const answer = await ask(route, { headers, id: THEIRS, body });
      if (answer.status === 404 || answer.status >= 500 || THROWN_OUT.has(answer.refused ?? ''))
        unknown.push(`${nameOf(route)}: ${answer.status} ${answer.refused}`);
    }
    expect(unknown).toEqual([]);
  });

  test('an id of theirs inside a request is refused, where one of ours is taken', async () => {
    const ours = await idsOfOurs();
    const tried: string[] = [];
    const wrong: string[] = [];
    const reading = routes.filter((route) => !WRITTEN_AS_SAID.has(nameOf(route)));
    for (const route of reading.filter(({ body, audience }) => body && !audience.includes('anonymous')))
      for (const key of idsIn(exampleBody(route)))
        for (const person of insiders(route)) {
          const body = bodyWith(route, key, ours);
          const asked = async (value: string): Promise<Answer> =>
            ask(route, {
              headers: await person.signIn(),
              id: NOBODYS,
              body: withIds(body, { [key]: value }),
            });
          const own = await asked(ours[key] ?? NOBODYS);
          if (own.status >= 300) continue; // then the refusal of theirs would say nothing
          const { status } = await asked(key === 'cardCode' ? THEIR_SHORT_CODE : THEIRS);
          tried.push(`${nameOf(route)} ${key}`);
          if (status < 400 || status >= 500) wrong.push(`${nameOf(route)} with their ${key}: ${status}`);
        }
    expect(wrong).toEqual([]);
    expect([...new Set(tried)].toSorted()).toEqual(
      expect.arrayContaining([
        'POST /api/v1/cards programId',
        'POST /api/v1/cards staffId',
        'POST /api/v1/devices/enrolments locationId',
        'POST /api/v1/gestures cardCode',
        'POST /api/v1/gestures/past locationId',
        'POST /api/v1/sales cardCode',
        'POST /api/v1/staff locationId',
        'POST /api/v1/stamps cardCode',
      ]),
    );
  });

  /** A card, and what stands around it. */
  async function idsOfOurs(): Promise<Record<string, string>> {
    const response = await fetch(`${server.url}/api/v1/cards`, {
      method: 'POST',
      headers: {
        ...bearer(await server.signInAtTill(shop.ada)),
        'Content-Type': 'application/json',
        'Idempotency-Key': uuid(),
      },
      body: '{}',
    });
    const { card } = (await response.json()) as { card: { shortCode: string } };
    return {
      cardCode: card.shortCode,
      itemId: shop.flatWhite.itemId,
      locationId: shop.locationId,
      programId: shop.programId,
      staffId: shop.ben.staffId,
      subjectId: shop.ben.staffId,
    };
  }
});

/** The example without what may be left out, save `key`; ids in it are ours. */
function bodyWith(route: Route, key: string, ours: Record<string, string>): Record<string, unknown> {
  const example = exampleBody(route) as Record<string, unknown>;
  const kept = Object.keys(example).filter(
    (name) =>
      name === 'pin' || idsIn({ [name]: example[name] }).includes(key) || !isOptional(route, example, name),
  );
  const body = withIds(Object.fromEntries(kept.map((name) => [name, example[name]])), ours);
  return {
    ...(body as Record<string, unknown>),
    ...('email' in (body as object) && { email: `${uuid()}@example.com` }),
    ...(key === 'itemId' && 'kind' in example && { kind: 'free_item' }), // a double stamp looks at no item
  };
}

function isOptional(route: Route, body: Record<string, unknown>, name: string): boolean {
  const { [name]: _left, ...rest } = body;
  return route.body!.safeParse(rest).success;
}

const IS_ID = /^cardCode$|Id$/;

function idsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.entries(value).flatMap(([key, child]) =>
    IS_ID.test(key) && typeof child === 'string' ? [key] : idsIn(child),
  );
  return [...new Set(own)];
}

function withIds(value: unknown, ids: Record<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => withIds(one, ids));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, ids[key] ?? withIds(child, ids)]),
  );
}
