import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { aCustomer } from '../support/a-customer.ts';
import type { Customer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { useDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';
import { rowsOf } from '../support/shop-settings.ts';

const STRANGERS = '203.0.113.7';
const OURS = '198.51.100.4';
const CAFE = '2001:db8::';

const clock = new FixedClock('2026-03-02T09:00:00Z');
const mailFolder = mkdtempSync(join(tmpdir(), 'doublestamp-mail-'));
const database = useDatabase();
const server = useTestServer(database, { clock, mailFolder, trustedProxies: 1 });
let db: Database;
let shop: Shop;
let findPath: string;

beforeAll(async () => {
  ({ db } = database);
  shop = await aShop(db, { now: clock.now() });
  findPath = `/find/${(await rowsOf(db, shop, 'locations'))[0]!.joinCode}`;
});

afterAll(() => rmSync(mailFolder, { recursive: true, force: true }));

/** A form, sent from a network behind the proxy. */
const post = (path: string, from: string, fields: object) =>
  request(server.url).post(path).set('X-Forwarded-For', from).type('form').send(fields);
const find = (email: string, from: string) => post(findPath, from, { email });

function mailsTo(address: string): string[] {
  const names = existsSync(mailFolder) ? readdirSync(mailFolder).toSorted() : [];
  const mails = names.map((name) => readFileSync(join(mailFolder, name), 'utf8'));
  return mails.filter((mail) => mail.includes(`To: ${address}`));
}

/** Once so many have come; mail is sent after the answer. */
async function countMailsTo(address: string, atLeast: number): Promise<number> {
  await expect.poll(() => mailsTo(address).length).toBeGreaterThanOrEqual(atLeast);
  return mailsTo(address).length;
}

async function keepSafe(card: Customer, email: string, from: string): Promise<void> {
  await post(`/c/${card.secret}/me/email`, from, { email });
  expect(await countMailsTo(email, 1)).toBe(1);
  const [, code] = /^ {4}(\d{6})\r?$/m.exec(mailsTo(email).at(-1)!)!;
  const proved = await post(`/c/${card.secret}/me/code`, from, { code });
  expect(proved.headers['location']).toContain('said=safe');
}

test('a stranger who asks for all the mail there is leaves some to the customer who lost their phone', async () => {
  const sam = await aCustomer({ db, clock, shop }, 'Sam');
  await keepSafe(sam, 'sam@example.com', OURS);
  for (let n = 0; n < 8; n++) await find('sam@example.com', STRANGERS);
  await find('sam@example.com', OURS);
  expect(await countMailsTo('sam@example.com', 5)).toBe(5);
  // Five in an hour, whoever asks: then it is enough, and the next one to somebody else comes all the same.
  await find('sam@example.com', CAFE + 1);
  const ada = await aCustomer({ db, clock, shop }, 'Ada');
  await keepSafe(ada, 'ada@example.com', OURS);
  expect(mailsTo('sam@example.com').length).toBe(5);
});

test('whoever asked for too many codes is not told that another is on its way, whether or not their address is known', async () => {
  const kim = await aCustomer({ db, clock, shop }, 'Kim');
  await keepSafe(kim, 'kim@example.com', OURS);
  for (const email of ['kim@example.com', 'nobody@example.com']) {
    for (let n = 0; n < 3; n++) expect((await find(email, STRANGERS)).status).toBe(303);
    const { text } = await find(email, STRANGERS);
    expect(text).toContain('That was a lot of codes.');
    expect(text).toContain(`value="${email}"`);
  }
});

test('all of one IPv6 network counts as one stranger', async () => {
  const sam = await aCustomer({ db, clock, shop });
  for (let n = 1; n <= 4; n++) await post(`/c/${sam.secret}/me/email`, CAFE + n, { email: 'x@example.com' });
  expect(await countMailsTo('x@example.com', 3)).toBe(3);
  const refused = await post(`/c/${sam.secret}/me/email`, CAFE + 5, { email: 'x@example.com' });
  expect(refused.headers['location']).toContain('said=too-many');
});

test.each([
  ['192.0.2.7', (port: number) => `192.0.2.7:${port}`],
  ['an IPv6 network', (port: number) => `[2001:db8:7:7::${port}]:${port}`],
])('behind a proxy that says the port as well, %s is one stranger all the same', async (network, from) => {
  const sam = await aCustomer({ db, clock, shop });
  const email = `${network.replaceAll(' ', '-')}@example.com`;
  const ask = (port: number) => post(`/c/${sam.secret}/me/email`, from(port), { email });
  const said = [];
  for (let port = 5001; port <= 5004; port++) said.push((await ask(port)).headers['location']);
  expect(said.map((location) => location?.split('=').at(-1))).toEqual([
    ...Array(3).fill('code-sent'),
    'too-many',
  ]);
});

test('a script that changes a card again and again is stopped, and other cards go on', async () => {
  const sam = await aCustomer({ db, clock, shop });
  const ada = await aCustomer({ db, clock, shop });
  const change = ({ secret }: Customer, name: string) => post(`/c/${secret}/me`, OURS, { name });
  const statuses = [];
  for (let n = 0; n < 62; n++) statuses.push((await change(sam, `Sam ${n}`)).status);
  expect(statuses).toEqual([...Array(60).fill(303), 429, 429]);
  expect((await change(ada, 'Ada')).status).toBe(303);
});
