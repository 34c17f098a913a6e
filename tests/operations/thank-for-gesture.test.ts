import { expect, it } from 'vitest';
import { exportMyData } from '../../src/operations/export-my-data.ts';
import { joinCards } from '../../src/operations/join-cards.ts';
import { forgetCustomer } from '../../src/operations/forget-customer.ts';
import { listOwnThanks } from '../../src/operations/list-thanks.ts';
import { readCardPage } from '../../src/operations/read-card-page.ts';
import { readSummary } from '../../src/operations/read-summary.ts';
import { thankForGesture } from '../../src/operations/thank-for-gesture.ts';
import { aCustomer } from '../support/a-customer.ts';
import type { Customer } from '../support/a-customer.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { joiningCodeOf } from '../support/live-code-of.ts';
import { testSecrets } from '../support/server.ts';
import { rowsOf } from '../support/shop-settings.ts';

const { cardKey } = testSecrets;

forEachDatabase('a thank-you', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { now: clock.now(), coolDownDays: 0, gesturesLimit: null });
    const sam = await aCustomer({ db, clock, shop }, 'Sam Porter');
    const till = aTill(db, clock, shop);
    const thank = ({ secret }: Customer, { gestureId }: { gestureId: string }) =>
      thankForGesture(db, clock)({ secret, gestureId });
    const own = async (by = shop.ada) => (await listOwnThanks(db, clock)(by)).items;
    const wall = async () => (await readSummary(db, clock)(shop.owner)).thanks;
    const giftOf = async ({ secret }: Customer) =>
      granted(await readCardPage(db, clock, cardKey)({ secret })).gift;
    return { db, clock, shop, sam, till, thank, own, wall, giftOf };
  };

  it('reaches who gave it, and the wall, by first names', async () => {
    const { clock, shop, sam, thank, own, wall, giftOf } = await open();
    const gesture = await sam.isGivenDoubleStamp('long_wait');
    expect(await giftOf(sam)).toMatchObject({ isThanked: false, gestureId: gesture.gestureId });
    expect([await own(), await wall()]).toEqual([[], []]);
    clock.advance({ minutes: 5 });
    granted(await thank(sam, gesture));
    expect(await giftOf(sam)).toMatchObject({ isThanked: true });
    const said = {
      gestureId: gesture.gestureId,
      thankedAt: clock.now(),
      kind: 'double_stamp',
      itemName: null,
      reason: 'long_wait',
    };
    expect(await own()).toEqual([said]);
    expect(await wall()).toEqual([{ ...said, giverName: 'Ada', customerName: 'Sam' }]);
    // It is for whoever gave it.
    expect(await own({ ...shop.manager, place: shop.ada.place })).toEqual([]);
  });

  it('is said once, however often the button is pressed', async () => {
    const { clock, sam, thank, own } = await open();
    const gesture = await sam.isGivenDoubleStamp();
    const first = clock.now();
    granted(await thank(sam, gesture));
    clock.advance({ minutes: 1 });
    granted(await thank(sam, gesture));
    await Promise.all([thank(sam, gesture), thank(sam, gesture)]);
    expect(await own()).toMatchObject([{ thankedAt: first }]);
  });

  it('is not said for somebody else’s gesture, nor for one that was taken back, nor by a link nobody has', async () => {
    const { db, clock, shop, sam, till, thank, own } = await open();
    const other = await aCustomer({ db, clock, shop }, 'Kim');
    const theirs = await other.isGivenDoubleStamp();
    expect(refusalOf(await thank(sam, theirs))).toBe('gesture-unknown');
    const undone = await sam.isGivenDoubleStamp();
    granted(await till.undo(undone.gestureId));
    expect(refusalOf(await thank(sam, undone))).toBe('gesture-unknown');
    expect(refusalOf(await thank({ ...sam, secret: 'a'.repeat(26) }, theirs))).toBe('card-unknown');
    expect(await rowsOf(db, shop, 'thanks')).toEqual([]);
    expect(await own()).toEqual([]);
  });

  it('goes with its gesture when that is taken back after all', async () => {
    const { clock, shop, sam, till, thank, own, wall } = await open();
    const gesture = await sam.isGivenDoubleStamp();
    granted(await thank(sam, gesture));
    clock.advance({ minutes: 10 });
    const manager = { ...shop.manager, place: shop.ada.place };
    granted(await till.undo(gesture.gestureId, manager));
    expect([await own(), await wall()]).toEqual([[], []]);
  });

  it('is still there, and can still be said, after two cards were joined', async () => {
    const { db, clock, shop, sam, thank, own, giftOf } = await open();
    const old = await aCustomer({ db, clock, shop });
    const before = await old.isGivenDoubleStamp();
    granted(await thank(old, before));
    clock.advance({ minutes: 1 });
    const gesture = await sam.isGivenDoubleStamp();
    const { shortCode: otherCode } = (await rowsOf(db, shop, 'cards')).find(
      ({ cardId }) => cardId === old.cardId,
    )!;
    const joiningCode = joiningCodeOf(old, clock.now());
    granted(await joinCards(db, clock, cardKey)({ secret: sam.secret, otherCode, joiningCode }));
    clock.advance({ minutes: 1 });
    // By the link of either.
    granted(await thank({ ...old, secret: old.secret }, gesture));
    expect(await giftOf(sam)).toMatchObject({ isThanked: true });
    expect(await own()).toMatchObject([{ gestureId: gesture.gestureId }, { gestureId: before.gestureId }]);
  });

  it('is shown to who gave it for a week, and on the wall for four', async () => {
    const { clock, sam, thank, own, wall } = await open();
    granted(await thank(sam, await sam.isGivenDoubleStamp()));
    clock.advance({ days: 7 });
    expect([(await own()).length, (await wall()).length]).toEqual([1, 1]);
    clock.advance({ minutes: 1 });
    expect([(await own()).length, (await wall()).length]).toEqual([0, 1]);
    clock.advance({ days: 21 });
    expect(await wall()).toEqual([]);
  });

  it('is in what the customer takes along, and names nobody once they are forgotten', async () => {
    const { db, clock, shop, sam, thank, wall } = await open();
    const gesture = await sam.isGivenDoubleStamp();
    granted(await thank(sam, gesture));
    expect(await exportMyData(db, clock)(sam)).toMatchObject({
      history: [{ gift: { by: 'Ada', thankedAt: clock.now() } }],
    });
    const [{ customerId } = { customerId: '' }] = await rowsOf(db, shop, 'customers');
    granted(
      await forgetCustomer(
        db,
        clock,
        () => undefined,
      )({ merchantId: shop.merchantId, customerId, staffId: null }),
    );
    expect(await wall()).toMatchObject([{ giverName: 'Ada', customerName: null }]);
  });
});
