import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { insertStaff } from '../../db/queries/staff-queries.ts';
import { nameOfReference } from '../../src/http/example-value.ts';
import type { Schema } from '../../src/http/example-value.ts';
import { describeApi } from '../../src/http/openapi.ts';
import type { ApiDocument } from '../../src/http/openapi.ts';
import type { Route } from '../../src/http/route.ts';
import type { Role } from '../../src/loyalty/role.ts';
import type { Actor, TillActor } from '../../src/operations/actor.ts';
import { keepTap } from '../../src/operations/keep-tap.ts';
import { newPerson } from '../../src/operations/new-rows.ts';
import { scanCard } from '../../src/operations/scan-card.ts';
import { aCard } from '../support/a-card.ts';
import { ALWAYS, aSeason, testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { anotherTill, aTill } from '../support/a-till.ts';
import { granted } from '../support/answers.ts';
import { useDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';
import { wholeApp } from './whole-app.ts';

/** Ids of what happened at a location: its tills know of it, the others do not. */
const OF_LOCATION = new Set(['gestureId', 'saleId', 'leaseId', 'drawId', 'tapId']);
/** Ids of what is the whole merchant’s. Who works where has a test of its own. */
const OF_MERCHANT = new Set(['code', 'cardCode', 'itemId', 'programId', 'rewardId', 'staffId']);
/** Notes down what a till could not record, whatever it named. */
const WRITTEN_AS_SAID = 'POST /api/v1/kept-taps';
const PIN = '4711';

const clock = new FixedClock('2026-03-02T09:00:00Z');
const database = useDatabase();
const server = useTestServer(database, { clock });
let db: Database;
let shop: Shop;
let document: ApiDocument;
let routes: Route[];
/** What may be asked at a till about something of a location, by route and id. */
let asked: { route: Route; key: string }[];
/** Who works at the other location only. */
let there: Record<'barista' | 'manager' | 'owner', TillActor>;
/** A manager who works at the first location only. */
let hereOnly: TillActor;
beforeAll(async () => {
  ({ db } = database);
  shop = await aShop(db, { coolDownDays: 0, gesturesLimit: 2 });
  await aSeason(db, shop, { chanceMillionths: ALWAYS });
  ({ routes } = wholeApp(db));
  document = describeApi(routes, '1.2.3');
  asked = routes
    .filter((route) => isForTills(route) && nameOf(route) !== WRITTEN_AS_SAID)
    .flatMap((route) => [...idsOf(route)].map((key) => ({ route, key })));
  const elsewhere = await anotherTill(db, shop, { isElsewhere: true });
  const at = async (role: Role, place = elsewhere): Promise<TillActor> => {
    const { merchantId } = shop;
    const person = newPerson({
      merchantId,
      staffId: uuid(),
      name: `Somebody, ${role}`,
      role,
      email: null,
      passwordHash: null,
      pinHash: await server.passwords.hash(PIN),
      locationId: place.locationId,
      createdAt: clock.now(),
    });
    await db.transact((tx) => insertStaff(tx, person));
    return { merchantId, staffId: person.staffId, role, place };
  };
  there = { barista: await at('barista'), manager: await at('manager'), owner: await at('owner') };
  hereOnly = await at('manager', shop.ada.place);
});

interface Asking {
  /** What stands for the id in the address. */
  id?: string;
  body?: object;
}

const gesture = { kind: 'double_stamp', reason: 'regular' };

/** Something new of the first location for each asking, and how it is asked for. */
const askings: Record<string, () => Promise<Asking>> = {
  'POST /api/v1/stamps saleId': async () => {
    const { cardCode } = await aCard(db, shop);
    const { sale } = granted(await till().sell(null));
    return { body: { cardCode, saleId: sale.saleId } };
  },
  'POST /api/v1/sales/{saleId}/refunds saleId': async () => {
    const { sale } = granted(await till().sell(await aCard(db, shop)));
    return { id: sale.saleId, body: { wholeSale: true } };
  },
  'POST /api/v1/redemptions saleId': async () => {
    const { cardCode, saleId } = await aSaleOnCard();
    return { body: { cardCode, saleId, override: true } };
  },
  'POST /api/v1/gestures saleId': async () => ({ body: { ...gesture, ...(await aSaleOnCard()) } }),
  'POST /api/v1/gestures leaseId': async () => {
    const { cardCode } = await aCard(db, shop);
    return { body: { ...gesture, cardCode, leaseId: await aLease() } };
  },
  'POST /api/v1/gestures drawId': async () => {
    const card = await aCard(db, shop);
    granted(await till().sell(card)); // only a regular is drawn
    freshDay();
    const { draw } = granted(await scanCard(db, clock, testSealer)(shop.ada, card));
    return { body: { ...gesture, cardCode: card.cardCode, drawId: draw!.drawId } };
  },
  'POST /api/v1/gestures/{gestureId}/undo gestureId': async () => {
    freshDay();
    const given = granted(await till().give(await aCard(db, shop)));
    return { id: given.gesture.gestureId };
  },
  'DELETE /api/v1/leases/{leaseId} leaseId': async () => ({ id: await aLease() }),
  'POST /api/v1/kept-taps/{tapId}/apply tapId': async () => ({ id: await aKeptTap() }),
  'POST /api/v1/kept-taps/{tapId}/dismiss tapId': async () => ({ id: await aKeptTap() }),
};

const till = () => aTill(db, clock, shop);

/** With the allowance of another day. */
function freshDay(): void {
  clock.advance({ hours: 24 });
}

async function aSaleOnCard(): Promise<{ cardCode: string; saleId: string }> {
  freshDay();
  const card = await aCard(db, shop, { stamps: 10 });
  const { sale } = granted(await till().sell(card));
  return { cardCode: card.cardCode, saleId: sale.saleId };
}

async function aLease(): Promise<string> {
  freshDay();
  return granted(await till().lease()).leaseId;
}

async function aKeptTap(): Promise<string> {
  const body = { lines: [{ itemId: shop.flatWhite.itemId, quantity: 1 }] };
  const tap = { operation: 'sale' as const, body, refusal: 'session-over', tappedAgoSeconds: 60 };
  return (await keepTap(db, clock)(shop.ada.place, { tapId: uuid(), ...tap })).tapId;
}

interface Answer {
  status: number;
  refused: string | undefined;
}

async function ask(
  route: Pick<Route, 'method' | 'path'>,
  headers: Record<string, string>,
  { id = '', body }: Asking = {},
): Promise<Answer & { body: unknown }> {
  const response = await fetch(server.url + route.path.replace(/\{\w+\}/, id), {
    method: route.method.toUpperCase(),
    headers: { ...headers, 'Idempotency-Key': uuid(), ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  return {
    status: response.status,
    refused: (answer as { refused?: string } | undefined)?.refused,
    body: answer,
  };
}

const atTill = async (actor: TillActor) => ({ Authorization: await server.signInAtTill(actor) });
const atDesk = async (actor: Actor) => ({ Cookie: await server.signInAtDesk(actor) });
const tillItself = async (actor: TillActor) => ({ Authorization: await server.signInDevice(actor) });

const nameOf = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`;
const keyOf = ({ route, key }: { route: Route; key: string }): string => `${nameOf(route)} ${key}`;

function isForTills({ audience, needsDesk }: Route): boolean {
  return !audience.includes('anonymous') && !needsDesk;
}

/** The ids in the address of a route and, however deep, in its body. */
function idsOf(route: Route): Set<string> {
  const ids = new Set([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!));
  const item = document.paths![route.path] as Record<string, { requestBody?: { content: object } }>;
  const [sent] = Object.values(item[route.method]!.requestBody?.content ?? {}) as { schema: Schema }[];
  if (sent) addIdsIn(sent.schema, ids);
  return ids;
}

function addIdsIn(schema: Schema, ids: Set<string>): void {
  if (schema.$ref)
    return addIdsIn(document.components!.schemas![nameOfReference(schema.$ref)] as Schema, ids);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (/^cardCode$|Id$/.test(name)) ids.add(name);
    addIdsIn(property, ids);
  }
  for (const part of [schema.items ?? [], schema.anyOf ?? [], schema.oneOf ?? [], schema.allOf ?? []].flat())
    addIdsIn(part, ids);
}

describe('another location, and another merchant', () => {
  test('whatever a till may name is its location’s or the whole merchant’s, and the former is all tried', () => {
    const unknown = asked.filter(({ key }) => !OF_LOCATION.has(key) && !OF_MERCHANT.has(key));
    expect(unknown.map(keyOf)).toEqual([]);
    const tried = asked.filter(({ key }) => OF_LOCATION.has(key)).map(keyOf);
    expect(Object.keys(askings).toSorted()).toEqual(tried.toSorted());
  });

  test('what happened here is not known at a till there, whoever asks', async () => {
    const wrong: string[] = [];
    for (const { route, key } of asked.filter((one) => OF_LOCATION.has(one.key)))
      for (const role of ['device', 'barista', 'manager', 'owner'] as const) {
        if (!route.audience.includes(role)) continue;
        const asking = await askings[keyOf({ route, key })]!();
        const headers = role === 'device' ? await tillItself(there.barista) : await atTill(there[role]);
        const { status, refused } = await ask(route, headers, asking);
        if (!isRefusedThere({ status, refused }))
          wrong.push(`${keyOf({ route, key })}, ${role}: ${status} ${refused}`);
      }
    expect(wrong).toEqual([]);
  });

  test('and yet it is known here', async () => {
    const unknown: string[] = [];
    for (const { route, key } of asked.filter((one) => OF_LOCATION.has(one.key))) {
      const actor = route.audience.includes('barista') ? shop.ada : hereOnly;
      const asking = await askings[keyOf({ route, key })]!();
      const answer = await ask(route, await atTill(actor), asking);
      if (answer.status >= 300) unknown.push(`${keyOf({ route, key })}: ${answer.status} ${answer.refused}`);
    }
    expect(unknown).toEqual([]);
  });

  test('nor does another merchant know of it, with a card of its own in hand', async () => {
    const other = await aShop(db, { coolDownDays: 0 });
    const { cardCode } = await aCard(db, other);
    const people = {
      device: () => tillItself(other.ada),
      barista: () => atTill(other.ada),
      manager: () => atTill(other.manager),
      owner: () => atTill({ ...other.owner, place: other.ada.place }),
    };
    const wrong: string[] = [];
    for (const { route, key } of asked.filter((one) => OF_LOCATION.has(one.key)))
      for (const signIn of [
        ...route.audience.map((role) => people[role as keyof typeof people]),
        ...(route.needsTill ? [] : [() => atDesk(other.manager), () => atDesk(other.owner)]),
      ]) {
        const { id, body } = await askings[keyOf({ route, key })]!();
        const asking = {
          id: id ?? '',
          ...(body && { body: 'cardCode' in body ? { ...body, cardCode } : body }),
        };
        const { status, refused } = await ask(route, await signIn(), asking);
        if (status !== 404) wrong.push(`${keyOf({ route, key })}: ${status} ${refused}`);
      }
    expect(wrong).toEqual([]);
  });

  test('at the desk a manager looks after all locations, wherever they work', async () => {
    const done: string[] = [];
    for (const { route, key } of asked.filter((one) => OF_LOCATION.has(one.key) && !one.route.needsTill)) {
      const asking = await askings[keyOf({ route, key })]!();
      const answer = await ask(route, await atDesk(there.manager), asking);
      if (answer.status < 300) done.push(nameOf(route));
    }
    expect(done.toSorted()).toEqual([
      'POST /api/v1/gestures/{gestureId}/undo',
      'POST /api/v1/kept-taps/{tapId}/apply',
      'POST /api/v1/kept-taps/{tapId}/dismiss',
      'POST /api/v1/sales/{saleId}/refunds',
    ]);
  });

  test('who works here only is not on the list of a till there, and their PIN is good for nothing', async () => {
    const device = await tillItself(there.barista);
    const shown = await ask({ method: 'get', path: '/api/v1/devices/current' }, device);
    const listed = (shown.body as { staff: { staffId: string }[] }).staff.map(({ staffId }) => staffId);
    expect(listed).toContain(there.barista.staffId);
    expect(listed).not.toContain(hereOnly.staffId);
    const credentials = { staffId: hereOnly.staffId, pin: PIN };
    const signIn = { method: 'post', path: '/api/v1/staff-sessions' } as const;
    expect(await ask(signIn, device, { body: credentials })).toMatchObject({ refused: 'staff-unknown' });
    expect((await ask(signIn, await tillItself(shop.ada), { body: credentials })).status).toBe(201);
    const { cardCode } = await aCard(db, shop);
    const give = { method: 'post', path: '/api/v1/gestures' } as const;
    const granting = { body: { ...gesture, cardCode, grant: credentials } };
    expect(await ask(give, await atTill(there.barista), granting)).toMatchObject({
      refused: 'staff-unknown',
    });
  });

  test('a till speaks for nobody who was signed in at one elsewhere', async () => {
    const signedIn = await ask(
      { method: 'post', path: '/api/v1/staff-sessions' },
      await tillItself(shop.ada),
      { body: { staffId: hereOnly.staffId, pin: PIN } },
    );
    const { sessionId } = signedIn.body as { sessionId: string };
    const body = { lines: [{ itemId: shop.flatWhite.itemId }] };
    const sell = { method: 'post', path: '/api/v1/sales' } as const;
    const speak = async (actor: TillActor) =>
      ask(sell, { ...(await tillItself(actor)), 'Staff-Session': sessionId }, { body });
    expect(await speak(there.barista)).toMatchObject({ status: 409, refused: 'session-over' });
    expect((await speak(shop.ada)).status).toBe(201);
  });

  test('a till lists what it could not record, and not what one elsewhere could not', async () => {
    const tapId = await aKeptTap();
    const list = async (actor: TillActor) => {
      const answer = await ask({ method: 'get', path: '/api/v1/kept-taps' }, await atTill(actor));
      return (answer.body as { items: { tapId: string }[] }).items.map((tap) => tap.tapId);
    };
    expect(await list(there.manager)).toEqual([]);
    expect(await list(hereOnly)).toContain(tapId);
  });

  test('a customer’s card is good at every location', async () => {
    const { cardCode } = await aCard(db, shop);
    const body = { cardCode, lines: [{ itemId: shop.flatWhite.itemId }] };
    const stamped = await ask({ method: 'post', path: '/api/v1/stamps' }, await atTill(there.barista), {
      body,
    });
    expect(stamped.status).toBe(201);
  });
});

/** As if it were not there; of a draw, which its customer’s phone may show, that it is good for nothing. */
function isRefusedThere({ status, refused }: Answer): boolean {
  return (status === 404 && refused!.endsWith('-unknown')) || refused === 'draw-not-good';
}
