import { expect, it } from 'vitest';
import type { Actor } from '../../src/operations/actor.ts';
import { recordPastGesture } from '../../src/operations/record-past-gesture.ts';
import type { PastGestureRequest } from '../../src/operations/record-past-gesture.ts';
import { aShop } from '../support/a-shop.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';

forEachDatabase('a gesture of the past', (database) => {
  const open = async (gesturesLimit = 3) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { gesturesLimit });
    const card = await aCard(db, shop);
    const remember = (request: Partial<PastGestureRequest> = {}, by: Pick<Actor, 'role'> = shop.owner) =>
      recordPastGesture(db, clock)(
        { ...shop.owner, ...by },
        {
          attempt: attempt(),
          cardCode: card.cardId,
          locationId: shop.locationId,
          kind: 'double_stamp',
          reason: 'regular',
          givenAt: new Date('2026-02-20T02:30:00Z'),
          ...request,
        },
      );
    return { db, clock, shop, card, remember, till: aTill(db, clock, shop) };
  };

  it('is on its own day, marked as written down later, and its stamp is entered today', async () => {
    const { db, shop, remember, till } = await open();
    const { gesture, card } = granted(await remember({ staffId: shop.ada.staffId, note: 'from paper' }));
    expect(gesture).toMatchObject({ isPast: true, businessDay: '2026-02-19', fundedBy: 'grant' });
    expect(card.stamps).toBe(1);
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([
      { staffId: shop.ada.staffId, grantedBy: shop.owner.staffId, deviceId: null, isPast: true },
    ]);
    expect(await rowsOf(db, shop, 'entries')).toMatchObject([
      { at: new Date('2026-03-02T09:00:00Z'), businessDay: '2026-03-02', stamps: 1 },
    ]);
    expect(await till.fault()).toBeNull();
  });

  it('is outside the allowance and the cool-down', async () => {
    const { db, shop, remember } = await open(0);
    granted(await remember());
    granted(await remember({ givenAt: new Date('2026-02-20T02:31:00Z') }));
    expect(await rowsOf(db, shop, 'allowanceCounters')).toEqual([]);
  });

  it('is the owner’s to write down, and is not of the future', async () => {
    const { remember } = await open();
    expect(refusalOf(await remember({}, { role: 'barista' }))).toBe('owner-needed');
    expect(refusalOf(await remember({ givenAt: new Date('2026-03-02T09:00:00.001Z') }))).toBe(
      'not-in-the-past',
    );
    expect(refusalOf(await remember({ givenAt: new Date('2026-03-02T09:00:00Z') }))).toBeNull();
  });

  it('names what it does not know: the card, the location, the person, the item', async () => {
    const { db, shop, remember } = await open();
    const other = await aShop(db);
    const others = await aCard(db, other);
    expect(refusalOf(await remember({ cardCode: others.cardId }))).toBe('card-unknown');
    expect(refusalOf(await remember({ locationId: other.locationId }))).toBe('location-unknown');
    expect(refusalOf(await remember({ staffId: other.ada.staffId }))).toBe('staff-unknown');
    const { itemId } = other.flatWhite;
    expect(refusalOf(await remember({ kind: 'free_item', itemId }))).toBe('item-unknown');
    const { cardId: cardCode } = await aCard(db, shop, { staffId: shop.ada.staffId });
    expect(refusalOf(await remember({ cardCode, staffId: shop.ada.staffId }))).toBe('own-card');
  });

  it('can be undone at its location by a manager, on the day it was written down', async () => {
    const { clock, shop, remember, till } = await open();
    const { gesture } = granted(await remember());
    clock.advance({ hours: 3 });
    expect(granted(await till.undo(gesture.gestureId, shop.manager)).card.stamps).toBe(0);
    const next = granted(await remember()).gesture;
    clock.advance({ days: 1 });
    expect(refusalOf(await till.undo(next.gestureId, shop.manager))).toBe('undo-too-late');
  });

  it('can be undone by whoever gave it for half a minute after it was written down', async () => {
    const { clock, shop, remember, till } = await open();
    const { staffId } = shop.ada;
    const { gesture } = granted(await remember({ staffId }));
    clock.advance({ seconds: 30 });
    granted(await till.undo(gesture.gestureId));
    const next = granted(await remember({ staffId })).gesture;
    clock.advance({ seconds: 31 });
    expect(refusalOf(await till.undo(next.gestureId))).toBe('undo-too-late');
  });
});
