import { expect, it } from 'vitest';
import { undoGesture } from '../../src/operations/undo-gesture.ts';
import { aShop } from '../support/a-shop.ts';
import type { ShopOptions } from '../support/a-shop.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf, setAllowances, setProgram } from '../support/shop-settings.ts';

forEachDatabase('undoing a gesture', (database) => {
  const open = async (options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, options);
    return { db, clock, shop, till: aTill(db, clock, shop) };
  };

  it('is for whoever gave it, within thirty seconds and not a moment more', async () => {
    const { db, clock, shop, till } = await open({ coolDownDays: 0 });
    const card = await aCard(db, shop, { stamps: 4 });
    const first = granted(await till.give(card)).gesture;
    expect(first.undoableUntil).toEqual(new Date('2026-03-02T09:00:30Z'));
    clock.advance({ seconds: 30 });
    const undone = granted(await till.undo(first.gestureId));
    expect(undone).toMatchObject({
      gestureId: first.gestureId,
      card: { stamps: 4 },
      allowance: { remaining: 3 },
    });
    const second = granted(await till.give(card)).gesture;
    clock.set('2026-03-02T09:01:00.001Z');
    expect(refusalOf(await till.undo(second.gestureId))).toBe('undo-too-late');
    expect(granted(await till.look(card)).card.stamps).toBe(5);
    expect(await till.fault()).toBeNull();
  });

  it('leaves both rows: what was given, and that it was taken back', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop);
    const { gesture } = granted(await till.give(card));
    clock.advance({ seconds: 5 });
    granted(await till.undo(gesture.gestureId));
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([
      { undoneAt: new Date('2026-03-02T09:00:05Z'), undoneBy: shop.ada.staffId },
    ]);
    const entries = await rowsOf(db, shop, 'entries');
    expect(entries.map(({ kind, stamps }) => [kind, stamps])).toEqual([
      ['gesture', 1],
      ['reversed', -1],
    ]);
    expect(entries.every(({ gestureId }) => gestureId === gesture.gestureId)).toBe(true);
  });

  it('is not for a colleague, but for a manager until the cut-off', async () => {
    const { db, clock, shop, till } = await open({ coolDownDays: 0 });
    const card = await aCard(db, shop);
    const { gesture } = granted(await till.give(card));
    const late = granted(await till.give(card)).gesture;
    expect(refusalOf(await till.undo(gesture.gestureId, shop.ben))).toBe('not-yours');
    clock.set('2026-03-03T03:59:59Z');
    granted(await till.undo(gesture.gestureId, shop.manager));
    clock.set('2026-03-03T04:00:00Z');
    expect(refusalOf(await till.undo(late.gestureId, shop.manager))).toBe('undo-too-late');
  });

  it('is done once, even by two taps at the same moment', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 2 });
    const { gesture } = granted(await till.give(card));
    const outcomes = await Promise.all([1, 2, 3].map(() => till.undo(gesture.gestureId)));
    const answers = outcomes.map((outcome) => refusalOf(outcome) ?? 'done');
    expect(answers.toSorted()).toEqual(['already-undone', 'already-undone', 'done']);
    expect(granted(await till.look(card)).card.stamps).toBe(2);
    expect((await till.allowance()).remaining).toBe(3);
  });

  it('is not known at another location', async () => {
    const { db, shop, till } = await open();
    const { gesture } = granted(await till.give(await aCard(db, shop)));
    const elsewhere = { ...shop.manager, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect(refusalOf(await till.undo(gesture.gestureId, elsewhere))).toBe('gesture-unknown');
    expect(refusalOf(await till.undo('no-gesture'))).toBe('gesture-unknown');
  });

  it('gives the allowance back in the day it was taken from, not in the new one', async () => {
    const { db, clock, shop, till } = await open();
    const card = await aCard(db, shop);
    clock.set('2026-03-03T03:59:50Z');
    const { gesture } = granted(await till.give(card));
    clock.set('2026-03-03T04:00:10Z');
    const undone = granted(await till.undo(gesture.gestureId));
    expect(undone.allowance).toMatchObject({ used: 0, remaining: 3 });
    const days = (await rowsOf(db, shop, 'allowanceCounters')).filter(({ period }) => period === 'day');
    expect(days.map(({ periodStart, usedCount }) => [periodStart, usedCount])).toEqual([
      ['2026-03-02', 0],
      ['2026-03-02', 0],
    ]);
  });

  it('gives the money back as well as the gesture', async () => {
    const { db, shop, till } = await open();
    await setAllowances(db, shop, {
      scope: 'location',
      period: 'week',
      gesturesLimit: 5,
      costLimitMinor: 100,
    });
    const card = await aCard(db, shop);
    const coffee = { kind: 'free_item' as const, itemId: shop.flatWhite.itemId };
    const { gesture, allowance } = granted(await till.give(card, coffee));
    expect(allowance).toMatchObject({ remaining: 4, remainingCostMinor: 20 });
    const undone = granted(await till.undo(gesture.gestureId));
    expect(undone.allowance).toMatchObject({ remaining: 5, remainingCostMinor: 100 });
  });

  it('of a double stamp that filled the card takes its stamp and the open reward back', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    const { gesture, card: full } = granted(await till.give(card));
    expect(full).toMatchObject({ stamps: 0, openRewards: [{ kind: 'stamps' }] });
    expect(granted(await till.undo(gesture.gestureId)).card).toMatchObject({ stamps: 9, openRewards: [] });
    expect(await rowsOf(db, shop, 'rewards')).toMatchObject([{ status: 'reversed' }]);
    expect(refusalOf(await till.redeem(card))).toBe('card-not-full');
    expect(await till.fault()).toBeNull();
  });

  it.each([
    { of: 10, next: 8 },
    { of: 5, next: 10 },
  ])(
    'of a double stamp that filled a card of $of gives that card back, when the next is of $next',
    async (row) => {
      const { db, shop, till } = await open({ stampsRequired: row.of });
      const card = await aCard(db, shop, { stamps: row.of - 1 });
      await setProgram(db, shop, { stampsRequired: row.next });
      const { gesture, card: full } = granted(await till.give(card));
      expect(full).toMatchObject({ stamps: 0, stampsRequired: row.next, openRewards: [{}] });
      const asBefore = { stamps: row.of - 1, stampsRequired: row.of, openRewards: [] };
      expect(granted(await till.undo(gesture.gestureId)).card).toMatchObject(asBefore);
      expect(granted(await till.look(card)).card).toMatchObject(asBefore);
      expect(granted(await till.sell(card)).card).toMatchObject({ stamps: 0, stampsRequired: row.next });
      expect(await till.fault()).toBeNull();
    },
  );

  it('of a double stamp whose reward was drunk already leaves the card one below zero', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 9 });
    const { gesture } = granted(await till.give(card));
    granted(await till.redeem(card));
    expect(granted(await till.undo(gesture.gestureId)).card).toMatchObject({ stamps: -1, openRewards: [] });
    expect(granted(await till.sell(card, 11)).card).toMatchObject({ stamps: 0, openRewards: [{}] });
    expect(await till.fault()).toBeNull();
  });

  it('of a voucher takes it back, unless it was spent', async () => {
    const { db, shop, till } = await open({ coolDownDays: 0 });
    const card = await aCard(db, shop);
    const voucher = { kind: 'voucher' as const, by: shop.manager };
    const first = granted(await till.give(card, voucher)).gesture;
    expect(granted(await till.undo(first.gestureId, shop.manager)).card.openRewards).toEqual([]);
    const second = granted(await till.give(card, voucher)).gesture;
    granted(await till.redeem(card));
    expect(refusalOf(await till.undo(second.gestureId, shop.manager))).toBe('reward-already-redeemed');
    expect(await till.fault()).toBeNull();
  });

  it('is also for a manager at the desk, who is never offline: not a day later, whatever they say about when', async () => {
    const { db, clock, shop, till } = await open({ coolDownDays: 0 });
    const card = await aCard(db, shop);
    const first = granted(await till.give(card)).gesture;
    const second = granted(await till.give(card)).gesture;
    const { merchantId, staffId, role } = shop.manager;
    const undoAtDesk = (gestureId: string, tappedAgoMs = 0) =>
      undoGesture(db, clock)(
        { merchantId, staffId, role },
        { attempt: { ...attempt(), tappedAgoMs }, gestureId },
      );
    const undone = granted(await undoAtDesk(first.gestureId));
    expect(undone).toMatchObject({ gestureId: first.gestureId, card: { stamps: 1 } });
    expect((await rowsOf(db, shop, 'entries')).at(-1)).toMatchObject({
      kind: 'reversed',
      locationId: shop.locationId,
      deviceId: null,
      staffId,
    });
    clock.set('2026-03-03T09:00:00Z');
    expect(refusalOf(await undoAtDesk(second.gestureId, 24 * 3_600_000))).toBe('undo-too-late');
    expect(await till.fault()).toBeNull();
  });
});
