import request from 'supertest';
import { v7 as uuid } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import { editOwnCard } from '../../src/operations/edit-own-card.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aCustomer } from '../support/a-customer.ts';
import type { Customer } from '../support/a-customer.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';

type Method = 'get' | 'post' | 'patch' | 'delete';

forEachDatabase('customers at the desk', (database) => {
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  const server = useTestServer(database, { clock });
  let shop: Shop;
  let zoe: Customer;
  let customerId: string;
  beforeAll(async () => {
    shop = await aShop(database.db, { coolDownDays: 0 });
    zoe = await aCustomer({ db: database.db, clock, shop }, 'Zoë Brontë');
    for (let visits = 0; visits < 3; visits++) {
      clock.advance({ days: 1 });
      await zoe.buyCoffee();
    }
    await zoe.isGivenDoubleStamp();
    const found = await asManager('get', '/customers?find=bronte');
    ({ customerId } = (found.body.items as { customerId: string }[])[0]!);
  });

  async function ask(cookie: string, method: Method, path: string, body?: object): Promise<request.Response> {
    const asked = request(server.url)[method](`/api/v1${path}`).set('Cookie', cookie);
    if (/\/(vouchers|undo)$/.test(path)) void asked.set('Idempotency-Key', uuid());
    return body ? asked.send(body) : asked;
  }
  const asManager = async (method: Method, path: string, body?: object) =>
    ask(await server.signInAtDesk(shop.manager), method, path, body);
  const audited = async () => {
    const log = await ask(await server.signInAtDesk(shop.owner), 'get', '/audit?limit=1');
    return (log.body.items as { action: string; staffName: string; subjectName: string | null }[])[0]!;
  };

  test('a customer is shown with card, sums and a history page by page', async () => {
    const shown = await asManager('get', `/customers/${customerId}`);
    expect(shown.body).toMatchObject({
      name: 'Zoë Brontë',
      cards: [{ cardId: zoe.cardId, stamps: 4, stampsRequired: 10, hasLink: true, blockedAt: null }],
      sales: { count: 3, totalMinor: 1050, refundedMinor: 0 },
      gestures: { count: 1, costMinor: 8 },
    });
    const first = await asManager('get', `/customers/${customerId}/history?limit=3`);
    expect(first.body.items[0]).toMatchObject({
      kind: 'gesture',
      stamps: 1,
      staffName: 'Ada',
      locationName: 'High Street',
      gesture: { kind: 'double_stamp', reason: 'long_wait', isUndone: false },
    });
    expect(first.body.items[1]).toMatchObject({
      kind: 'earned',
      sale: { totalMinor: 350, itemNames: ['Flat white'] },
    });
    const rest = await asManager(
      'get',
      `/customers/${customerId}/history?limit=3&cursor=${first.body.nextCursor}`,
    );
    expect(rest.body.items.length).toBe(1);
    expect(rest.body.nextCursor).toBeNull();
  });

  test('name, phone and preferences are edited, and searched by what they are now', async () => {
    const edited = await asManager('patch', `/customers/${customerId}`, {
      name: 'Zoë Bell',
      phone: '+44 (0)20 7946 0958',
      preferences: 'Oat milk',
    });
    expect(edited.body).toEqual({
      customerId,
      name: 'Zoë Bell',
      phone: '+442079460958',
      phoneIsShared: false,
      preferences: 'Oat milk',
    });
    const found = async (find: string) =>
      (await asManager('get', `/customers?find=${find}`)).body.items.length as number;
    expect([await found('bronte'), await found('bell'), await found('0958')]).toEqual([0, 1, 1]);
    expect(await audited()).toMatchObject({
      action: 'customer.edited',
      staffName: 'Mo',
      subjectName: 'Zoë Bell',
      details: { changed: ['name', 'phone', 'preferences'] },
    });
    const bad = await asManager('patch', `/customers/${customerId}`, { phone: 'call me' });
    expect([bad.status, bad.body.errors[0].pointer]).toEqual([400, '/body/phone']);
  });

  test('one phone may be a family’s: at the desk as on the card, where nobody learns that it is known', async () => {
    const { db } = database;
    const ben = await aCustomer({ db, clock, shop }, 'Ben');
    const [atDesk] = (await asManager('get', '/customers?find=ben')).body.items as { customerId: string }[];
    const edit = (phone: string) => asManager('patch', `/customers/${atDesk!.customerId}`, { phone });
    expect((await edit('+44 20 7946 0000')).body.phoneIsShared).toBe(false);
    const shared = await edit('+44 20 7946 0958');
    expect(shared.body).toMatchObject({ phone: '+442079460958', phoneIsShared: true });
    // The customer's own page says the same of a number nobody has and of one that others have.
    const onCard = (phone: string) => editOwnCard(db, clock)({ secret: ben.secret, change: { phone } });
    const answer = await onCard('+44 20 7946 0001');
    expect(await onCard('+44 20 7946 0958')).toEqual(answer);
    const found = (await asManager('get', '/customers?find=0958')).body.items as { name: string }[];
    expect(found.map(({ name }) => name).sort()).toEqual(['Ben', 'Zoë Bell']);
  });

  test('a blocked card takes nothing until the block is lifted; nothing on it is lost', async () => {
    const blocked = await asManager('post', `/cards/${zoe.cardId}/block`);
    expect(blocked.body).toEqual({ cardId: zoe.cardId, blockedAt: clock.now().toISOString() });
    await expect(zoe.isGivenDoubleStamp()).rejects.toThrow('card-blocked');
    expect((await asManager('post', `/cards/${zoe.cardId}/unblock`)).body.blockedAt).toBeNull();
    expect((await audited()).action).toBe('card.unblocked');
    expect((await asManager('get', `/customers/${customerId}`)).body.cards[0].stamps).toBe(4);
  });

  test('a manager sends a voucher; it is on the card, and comes out of the allowance', async () => {
    const send = () =>
      asManager('post', `/cards/${zoe.cardId}/vouchers`, {
        itemId: shop.flatWhite.itemId,
        reason: 'our_mistake',
        note: 'We are sorry about the tea',
      });
    const sent = await send();
    expect(sent.status).toBe(201);
    expect(sent.body.gesture).toMatchObject({ kind: 'voucher', itemName: 'Flat white', costMinor: 80 });
    const shown = await asManager('get', `/customers/${customerId}`);
    expect(shown.body.cards[0].openRewards).toMatchObject([{ kind: 'voucher', name: 'Flat white' }]);
    const answers = [await send(), await send(), await send()];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 409]);
    expect(answers[2]!.body.refused).toBe('allowance-spent');
  });

  test('a voucher sent today is taken back at the desk, and may be given to somebody else; not tomorrow', async () => {
    type Given = { gestureId: string; mayUndo: boolean; isUndone: boolean };
    const given = async () =>
      (
        (await asManager('get', `/customers/${customerId}/history`)).body.items as {
          kind: string;
          gesture: Given | null;
        }[]
      )
        .filter(({ kind }) => kind === 'gesture')
        .map(({ gesture }) => gesture!);
    const [last, before] = await given();
    expect([last!.mayUndo, last!.isUndone]).toEqual([true, false]);
    const undone = await asManager('post', `/gestures/${last!.gestureId}/undo`);
    expect([undone.status, undone.body.allowance.remaining]).toEqual([200, 1]);
    const again = await asManager('post', `/gestures/${last!.gestureId}/undo`);
    expect(again.body.refused).toBe('already-undone');
    expect((await given())[0]).toMatchObject({ mayUndo: false, isUndone: true });
    const shown = await asManager('get', `/customers/${customerId}`);
    expect(shown.body.cards[0].openRewards).toHaveLength(2);

    clock.advance({ days: 1 });
    expect((await given())[1]).toMatchObject({ mayUndo: false, isUndone: false });
    const late = await asManager('post', `/gestures/${before!.gestureId}/undo`);
    expect(late.body.refused).toBe('undo-too-late');
  });

  test('a new link opens the card, and the old one opens nothing', async () => {
    const made = await asManager('post', `/cards/${zoe.cardId}/link`);
    const link = new URL((made.body as { link: string }).link);
    expect((await request(server.url).get(link.pathname)).status).toBe(200);
    expect((await request(server.url).get(`/c/${zoe.secret}`)).status).toBe(404);
    expect((await audited()).action).toBe('card.link-renewed');
  });

  test('forgetting takes a fresh sign-in, and leaves the sums', async () => {
    const cookie = await server.signInAtDesk(shop.manager);
    clock.advance({ minutes: 6 });
    expect((await ask(cookie, 'delete', `/customers/${customerId}`)).body.refused).toBe(
      'fresh-sign-in-needed',
    );
    expect((await asManager('delete', `/customers/${customerId}`)).status).toBe(204);
    const shown = (await asManager('get', `/customers/${customerId}`)).body;
    expect(shown).toMatchObject({ name: null, phone: null, preferences: null, sales: { totalMinor: 1050 } });
    expect(JSON.stringify(shown)).not.toContain('Zoë');
    expect((await asManager('get', '/customers?find=bell')).body.items).toEqual([]);
    const refusals = await Promise.all([
      asManager('patch', `/customers/${customerId}`, { name: 'Zoë' }),
      asManager('post', `/cards/${zoe.cardId}/unblock`),
      asManager('post', `/cards/${zoe.cardId}/link`),
    ]);
    expect(refusals.map(({ body }) => body.refused)).toEqual(Array(3).fill('customer-forgotten'));
  });
});
