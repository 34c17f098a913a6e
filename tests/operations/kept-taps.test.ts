import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import { endDevice } from '../../src/operations/edit-device.ts';
import { editLocation } from '../../src/operations/edit-location.ts';
import { claimSale } from '../../src/operations/claim-sale.ts';
import { applyKeptTap, dismissKeptTap } from '../../src/operations/end-kept-tap.ts';
import { findTappingStaff } from '../../src/operations/find-caller.ts';
import { forgetCustomer } from '../../src/operations/forget-customer.ts';
import { forgetOldAnswers } from '../../src/operations/forget-old-answers.ts';
import { giveGesture } from '../../src/operations/give-gesture.ts';
import { keepTap } from '../../src/operations/keep-tap.ts';
import type { TapToKeep } from '../../src/operations/keep-tap.ts';
import { listKeptTaps } from '../../src/operations/list-kept-taps.ts';
import { recordSale } from '../../src/operations/record-sale.ts';
import { signOut } from '../../src/operations/sign-out.ts';
import { startSession } from '../../src/operations/start-session.ts';
import { MAX_TAPPED_AGO_MS } from '../../src/operations/tapped-at.ts';
import { undoGesture } from '../../src/operations/undo-gesture.ts';
import { aShop } from '../support/a-shop.ts';
import type { ShopOptions } from '../support/a-shop.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { anotherTill, aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { blockCard, rowsOf, setProgram } from '../support/shop-settings.ts';

const HOUR_MS = 3_600_000;

forEachDatabase('what was tapped while the till was offline', (database) => {
  const open = async (options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T20:00:00Z');
    const shop = await aShop(db, { coolDownDays: 0, ...options });
    const card = await aCard(db, shop);
    const ago = (tappedAgoMs: number) => ({ ...attempt(), tappedAgoMs });
    const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
    const sell = (tappedAgoMs: number, asked = ago(tappedAgoMs)) =>
      recordSale(db, clock)(shop.ada, { attempt: asked, cardCode: card.cardCode, lines });
    const give = (tappedAgoMs: number, leaseId?: string) =>
      giveGesture(db, clock)(shop.ada, {
        attempt: ago(tappedAgoMs),
        cardCode: card.cardCode,
        kind: 'double_stamp',
        reason: 'regular',
        leaseId,
      });
    const undo = (tappedAgoMs: number, gestureId: string) =>
      undoGesture(db, clock)(shop.ada, { attempt: ago(tappedAgoMs), gestureId });
    return { db, clock, shop, card, sell, give, undo, ago, till: aTill(db, clock, shop) };
  };

  it('counts at the moment and on the business day of the tap, and says when it arrived', async () => {
    const { db, clock, shop, sell, till } = await open();
    clock.set('2026-03-03T04:30:00Z');
    const { sale } = granted(await sell(HOUR_MS));
    expect(sale).toMatchObject({ occurredAt: new Date('2026-03-03T03:30:00Z'), businessDay: '2026-03-02' });
    expect(await rowsOf(db, shop, 'sales')).toMatchObject([{ recordedAt: new Date('2026-03-03T04:30:00Z') }]);
    expect(await rowsOf(db, shop, 'entries')).toMatchObject([
      { at: new Date('2026-03-03T03:30:00Z'), businessDay: '2026-03-02' },
    ]);
    expect(await till.fault()).toBeNull();
  });

  it('does not make the last visit older than it is', async () => {
    const { sell, till, card } = await open();
    granted(await sell(0));
    granted(await sell(5 * HOUR_MS));
    expect(granted(await till.look(card)).card.lastVisitAt).toEqual(new Date('2026-03-02T20:00:00Z'));
  });

  it('and fills a card earns a reward whose time runs from its arrival: nobody could spend it before', async () => {
    const { db, clock, shop, card, sell, give, ago, till } = await open();
    const { cardCode } = card;
    await setProgram(db, shop, { stampsRequired: 1, expiryDays: 2 });
    granted(await till.sell(card, 10));
    granted(await till.redeem(card));
    const { leaseId } = granted(await till.lease());
    clock.advance({ days: 5 });
    const daysAgo = 5 * 24 * HOUR_MS;
    granted(await sell(daysAgo));
    granted(await give(daysAgo, leaseId));
    const { saleId } = granted(await till.sell(null)).sale;
    granted(await claimSale(db, clock)(shop.ada, { attempt: ago(daysAgo), cardCode, saleId }));
    const tap = {
      tapId: uuid(),
      operation: 'sale' as const,
      body: { cardCode, lines: [{ itemId: shop.flatWhite.itemId, quantity: 1 }] },
      refusal: 'session-over',
      tappedAgoSeconds: daysAgo / 1_000,
    };
    await keepTap(db, clock)(shop.ada.place, tap);
    granted(await applyKeptTap(db, clock)(shop.manager, tap));
    const expiresAt = new Date('2026-03-09T20:00:00Z');
    expect(granted(await till.look(card)).card.openRewards).toMatchObject(Array(4).fill({ expiresAt }));
    const rewards = await rowsOf(db, shop, 'rewards');
    expect(new Set(rewards.map(({ earnedAt }) => earnedAt.toISOString()))).toEqual(
      new Set(['2026-03-02T20:00:00.000Z']),
    );
    expect(await till.fault()).toBeNull();
  });

  it('is believed for a week and not a moment longer; what was recorded before is answered whenever', async () => {
    const { sell, ago } = await open();
    granted(await sell(MAX_TAPPED_AGO_MS));
    expect(await sell(MAX_TAPPED_AGO_MS + 1)).toEqual({ refused: 'tap-too-old' });
    const asked = ago(1_000);
    granted(await sell(0, asked));
    expect(await sell(0, { ...asked, tappedAgoMs: MAX_TAPPED_AGO_MS + 1 })).toMatchObject({ isReplay: true });
  });

  it('from a lease is good on whatever day it arrives, when it was tapped on the day of the lease', async () => {
    const { db, clock, shop, give, till } = await open({ gesturesLimit: 1 });
    const { leaseId } = granted(await till.lease());
    clock.set('2026-03-04T10:00:00Z');
    const { gesture } = granted(await give(37 * HOUR_MS, leaseId));
    expect(gesture).toMatchObject({ businessDay: '2026-03-02', givenAt: new Date('2026-03-02T21:00:00Z') });
    const counters = await rowsOf(db, shop, 'allowanceCounters');
    expect(counters).toHaveLength(4);
    expect(counters.every(({ usedCount, leasedCount }) => usedCount === 1 && leasedCount === 0)).toBe(true);
    expect((await till.allowance()).remaining).toBe(1);
  });

  it.each([0, 300])(
    'is not moved to another day by an edit of the cut-off meanwhile, to %s',
    async (cutOffMinutes) => {
      const { db, clock, shop, give, sell, till } = await open();
      const { leaseId } = granted(await till.lease());
      clock.set('2026-03-03T12:00:00Z');
      const { locationId } = shop;
      await editLocation(db, clock)(shop.owner, { locationId, change: { cutOffMinutes } });
      const dayFloorAt = clock.now();
      Object.assign(shop.ada.place, { cutOffMinutes, dayFloor: '2026-03-03', dayFloorAt });
      expect(await rowsOf(db, shop, 'locations')).toMatchObject([{ dayFloor: '2026-03-03', dayFloorAt }]);
      expect(granted(await give(9 * HOUR_MS, leaseId)).gesture.businessDay).toBe('2026-03-02'); // at 3 in the morning
      expect(granted(await sell(15 * HOUR_MS)).sale.businessDay).toBe('2026-03-02');
      expect(granted(await give(15 * HOUR_MS)).gesture.businessDay).toBe('2026-03-03'); // spends no day that is gone
      expect(granted(await sell(0)).sale.businessDay).toBe('2026-03-03');
    },
  );

  it('without a lease cannot spend what was left over on a day that is gone', async () => {
    const { db, clock, shop, give } = await open();
    clock.set('2026-03-03T10:00:00Z');
    expect(refusalOf(await give(10 * HOUR_MS))).toBe('tap-day-over');
    granted(await give(5 * HOUR_MS));
    expect(await rowsOf(db, shop, 'gestures')).toHaveLength(1);
  });

  it('without a lease, a moment before the cut-off and slow to arrive, counts on the day it was made', async () => {
    const { clock, give } = await open();
    clock.set('2026-03-03T04:00:30Z');
    expect(granted(await give(60_000)).gesture.businessDay).toBe('2026-03-02');
    expect(refusalOf(await give(60_001))).toBe('tap-day-over');
  });

  it('said to be of the day before a lease was handed out cannot spend it', async () => {
    const { clock, give, till } = await open();
    clock.set('2026-03-03T10:00:00Z');
    const { leaseId } = granted(await till.lease());
    expect(await give(20 * HOUR_MS, leaseId)).toMatchObject({
      answer: { refused: 'lease-not-good', because: 'day-over' },
    });
  });

  it('from a lease given back meanwhile is refused', async () => {
    const { give, till } = await open();
    const { leaseId } = granted(await till.lease());
    granted(await till.giveBack(leaseId));
    expect(await give(HOUR_MS, leaseId)).toMatchObject({
      answer: { refused: 'lease-not-good', because: 'returned' },
    });
  });

  it('can be undone within thirty seconds of the tap, however late both arrive', async () => {
    const { give, undo, till } = await open();
    const first = granted(await give(2 * HOUR_MS)).gesture;
    const second = granted(await give(2 * HOUR_MS)).gesture;
    granted(await undo(2 * HOUR_MS - 30_000, first.gestureId));
    expect(refusalOf(await undo(2 * HOUR_MS - 30_001, second.gestureId))).toBe('undo-too-late');
    expect(await till.fault()).toBeNull();
  });

  it('was done by whoever was signed in at that till at that moment, also when they have left since', async () => {
    const { db, clock, shop } = await open();
    const { merchantId, staffId, place } = shop.ada;
    const sessionId = uuid();
    await db.transact((tx) =>
      startSession(tx, {
        merchantId,
        sessionId,
        staffId,
        deviceId: place.deviceId,
        signedInAt: clock.now(),
        expiresAt: new Date('2026-03-03T08:00:00Z'),
      }),
    );
    clock.advance({ hours: 1 });
    await signOut(db, clock)(shop.ada, { sessionId });
    const find = (tappedAt: string, where = place) =>
      findTappingStaff(db)({ place: where, sessionId, tappedAt: new Date(tappedAt) });
    expect(await find('2026-03-02T20:30:00Z')).toMatchObject({ actor: { staffId }, staffName: 'Ada' });
    const nobody = { refused: 'session-over' };
    expect(await find('2026-03-02T21:00:00Z')).toEqual(nobody);
    // In the moment of the sign-in, by clocks that differ a little.
    expect(await find('2026-03-02T19:59:55Z')).toMatchObject({ staffName: 'Ada' });
    expect(await find('2026-03-02T19:59:54.999Z')).toEqual(nobody);
    expect(await find('2026-03-02T20:30:00Z', await anotherTill(db, shop))).toEqual(nobody);
  });

  it('on a tablet that was ended and connected anew was done by whoever was signed in, at the till it was then', async () => {
    const { db, clock, shop, give, till } = await open({ gesturesLimit: 1 });
    const { merchantId, staffId, place } = shop.ada;
    const sessionId = uuid();
    const signedInAt = clock.now();
    const expiresAt = new Date('2026-03-03T08:00:00Z');
    await db.transact((tx) =>
      startSession(tx, { merchantId, sessionId, staffId, deviceId: place.deviceId, signedInAt, expiresAt }),
    );
    const { leaseId } = granted(await till.lease());
    clock.advance({ hours: 1 });
    await endDevice(db, clock)(shop.owner, { deviceId: place.deviceId });
    const anew = await anotherTill(db, shop, { isElsewhere: true });
    const find = (tappedAt: string, asked = { place: anew, sessionId }) =>
      findTappingStaff(db)({ ...asked, tappedAt: new Date(tappedAt) });
    const found = await find('2026-03-02T20:30:00Z');
    expect(found).toEqual({
      actor: { merchantId, staffId, role: 'barista' },
      place,
      sessionId,
      staffName: 'Ada',
      signedInAt,
    });
    // What it had taken along was good at that till, and so it is now.
    granted(await give(HOUR_MS / 2, leaseId));
    expect(await find('2026-03-02T21:00:00Z')).toEqual({ refused: 'till-ended' });
    expect(await find('2026-03-03T08:00:00Z')).toEqual({ refused: 'session-over' });
    const stranger = { place: { ...anew, merchantId: uuid() }, sessionId };
    expect(await find('2026-03-02T20:30:00Z', stranger)).toEqual({ refused: 'session-over' });

    const tap: TapToKeep = {
      tapId: uuid(),
      sessionId,
      operation: 'sale',
      body: { lines: [{ itemId: shop.flatWhite.itemId, quantity: 1 }] },
      refusal: 'till-ended',
      tappedAgoSeconds: 0,
    };
    await keepTap(db, clock)(anew, tap);
    expect((await listKeptTaps(db)(shop.manager, {})).items).toMatchObject([
      { staffName: 'Ada', locationId: place.locationId, deviceName: 'Counter', refusal: 'till-ended' },
    ]);
    expect(granted(await applyKeptTap(db, clock)(shop.manager, tap)).sale).toMatchObject({ totalMinor: 350 });
  });

  it('and could not be recorded is kept once, without names or codes, until a manager has seen to it', async () => {
    const { db, clock, shop, card } = await open();
    const tap: TapToKeep = {
      tapId: uuid(),
      operation: 'sale',
      body: { cardCode: card.cardCode, lines: [{ itemId: shop.flatWhite.itemId, quantity: 2 }] },
      refusal: 'session-over',
      tappedAgoSeconds: 9 * 86_400,
    };
    await keepTap(db, clock)(shop.ada.place, tap);
    await keepTap(db, clock)(shop.ada.place, tap);
    const unknown = { ...tap, tapId: uuid(), body: { cardCode: 'GST1:ABCDEFGHIJKLMNOPQRSTUVWXYZ' } };
    await keepTap(db, clock)(shop.ada.place, unknown);
    const list = async () => (await listKeptTaps(db)(shop.manager, {})).items;
    expect(await list()).toMatchObject([
      { tapId: tap.tapId, body: { cardCode: card.cardId }, tappedAt: new Date('2026-02-21T20:00:00Z') },
      { tapId: unknown.tapId },
    ]);
    expect((await list())[1]!.body).toEqual({});
    const elsewhere = { ...shop.manager, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect((await listKeptTaps(db)(elsewhere, {})).items).toEqual([]);
    expect(await dismissKeptTap(db, clock)(elsewhere, tap)).toEqual({ refused: 'tap-unknown' });

    const { sale } = granted(await applyKeptTap(db, clock)(shop.manager, tap));
    expect(sale).toMatchObject({ occurredAt: new Date('2026-02-21T20:00:00Z'), stampsEarned: 2 });
    expect(await applyKeptTap(db, clock)(shop.manager, tap)).toEqual({ refused: 'tap-ended' });
    expect(await applyKeptTap(db, clock)(shop.manager, unknown)).toEqual({ refused: 'tap-not-applicable' });
    for (let times = 0; times < 2; times++) await dismissKeptTap(db, clock)(shop.manager, unknown);
    expect(await list()).toEqual([]);
    const audit = await rowsOf(db, shop, 'auditLog');
    expect(audit.filter(({ action }) => action === 'tap.dismissed')).toHaveLength(1);
    expect(await rowsOf(db, shop, 'sales')).toHaveLength(1);
  });

  it('and was sold on a card that is blocked, forgotten or nobody’s is recorded without it: the money was taken', async () => {
    const { db, clock, shop, card } = await open();
    const forgotten = await aCard(db, shop);
    const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
    const keep = async (cardCode: string) => {
      const tapId = uuid();
      const tap = { tapId, operation: 'sale' as const, refusal: 'session-over', tappedAgoSeconds: 60 };
      await keepTap(db, clock)(shop.ada.place, { ...tap, body: { cardCode, lines } });
      return tapId;
    };
    const tapIds = [await keep(card.cardCode), await keep(forgotten.cardCode), await keep('Jonathan')];
    await blockCard(db, shop, card.cardId);
    const cards = async () => (await listKeptTaps(db)(shop.manager, {})).items.map((tap) => tap.card);
    const { merchantId } = shop;
    const { customerId } = (await cards())[1]!;
    granted(await forgetCustomer(db, clock, () => undefined)({ merchantId, customerId, staffId: null }));
    expect((await cards()).map((shown) => shown?.isBlocked)).toEqual([true, true, undefined]);
    for (const tapId of tapIds) {
      const { sale, card: stamped } = granted(await applyKeptTap(db, clock)(shop.manager, { tapId }));
      expect(sale).toMatchObject({ totalMinor: 350, stampsEarned: 0 });
      expect(stamped).toBeNull();
    }
    expect((await rowsOf(db, shop, 'sales')).map(({ cardId }) => cardId)).toEqual([null, null, null]);
  });

  it('and was recorded, but its answer lost, is not kept to be recorded again; what the rules refused is', async () => {
    const { db, clock, shop, card, sell, ago } = await open();
    const asked = ago(HOUR_MS);
    granted(await sell(HOUR_MS, asked));
    const lines = [{ itemId: shop.flatWhite.itemId, quantity: 1 }];
    const tap = {
      operation: 'sale' as const,
      body: { cardCode: card.cardCode, lines },
      tappedAgoSeconds: 60,
    };
    const keep = (tapId: string, refusal: string) =>
      keepTap(db, clock)(shop.ada.place, { ...tap, tapId, refusal });
    // The tablet slept meanwhile: it says too little, and by then the session was over.
    await keep(asked.operationId, 'session-over');
    expect((await listKeptTaps(db)(shop.manager, {})).items).toEqual([]);
    // Nor days later, when what was answered is forgotten: that it was recorded is not.
    clock.advance({ days: 4 });
    await forgetOldAnswers(db, clock)();
    await keep(asked.operationId, 'session-over');
    expect((await listKeptTaps(db)(shop.manager, {})).items).toEqual([]);
    expect(await applyKeptTap(db, clock)(shop.manager, { tapId: asked.operationId })).toEqual({
      refused: 'tap-unknown',
    });

    await blockCard(db, shop, card.cardId);
    const again = ago(HOUR_MS);
    expect(refusalOf(await sell(HOUR_MS, again))).toBe('card-blocked');
    await keep(again.operationId, 'card-blocked');
    expect((await listKeptTaps(db)(shop.manager, {})).items).toMatchObject([{ tapId: again.operationId }]);
  });
});
