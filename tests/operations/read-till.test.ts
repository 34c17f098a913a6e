import { expect, test } from 'vitest';
import { editPreferences } from '../../src/operations/edit-preferences.ts';
import { readTill } from '../../src/operations/read-till.ts';
import { aCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { anotherTill, aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf } from '../support/shop-settings.ts';

forEachDatabase('what a till is told', (database) => {
  test('the menu comes with the busiest first, as it sold at this location in the last 30 days', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-01-02T09:00:00Z');
    const shop = await aShop(db, { now: clock.now() });
    const till = aTill(db, clock, shop);
    const menu = async (place = shop.ada.place) =>
      (await readTill(db, clock)(place)).items.map(({ name }) => name);
    const { itemId } = shop.granola;
    expect(await menu()).toEqual(['Flat white', 'Granola']);
    granted(await till.sell(null, 5, { itemId }));
    expect(await menu()).toEqual(['Granola', 'Flat white']);
    const elsewhere = await anotherTill(db, shop, { isElsewhere: true });
    expect(await menu(elsewhere)).toEqual(['Flat white', 'Granola']);
    clock.advance({ days: 20 });
    granted(await till.sell(null, 2));
    expect(await menu()).toEqual(['Granola', 'Flat white']);
    clock.advance({ days: 11 });
    expect(await menu()).toEqual(['Flat white', 'Granola']);
  });

  test('what sells is counted anew after ten minutes', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-01-02T09:00:00Z');
    const shop = await aShop(db, { now: clock.now() });
    const till = aTill(db, clock, shop);
    const read = readTill(db, clock);
    const first = async () => (await read(shop.ada.place)).items[0]!.name;
    expect(await first()).toBe('Flat white');
    granted(await till.sell(null, 5, { itemId: shop.granola.itemId }));
    clock.advance({ minutes: 9 });
    expect(await first()).toBe('Flat white');
    clock.advance({ minutes: 1 });
    expect(await first()).toBe('Granola');
  });

  test('how a customer likes it travels with the card, and a barista’s own card says that it is theirs', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, { now: clock.now() });
    const till = aTill(db, clock, shop);
    const mine = await aCard(db, shop, { customerName: 'Ada', staffId: shop.ada.staffId });
    const edit = editPreferences(db, clock);
    granted(await edit(shop.ben, { cardCode: mine.cardCode, preferences: '  Oat milk, no lid ' }));
    expect(granted(await till.look(mine))).toMatchObject({
      preferences: 'Oat milk, no lid',
      isOwn: true,
      whyNow: { kind: 'first-visit' },
    });
    expect(granted(await till.look(mine, shop.ben))).toMatchObject({ isOwn: false });
    // Saved again as it was, it is no line in the audit log.
    granted(await edit(shop.ben, { cardCode: mine.cardCode, preferences: 'Oat milk, no lid' }));
    // What was changed meanwhile, at another till, is not written over by whoever has not seen it.
    const stale = { cardCode: mine.cardCode, preferences: 'Oat milk, hot', shown: 'Oat milk' };
    expect(await edit(shop.ben, stale)).toEqual({
      refused: 'preferences-changed',
      preferences: 'Oat milk, no lid',
    });
    expect(granted(await till.look(mine))).toMatchObject({ preferences: 'Oat milk, no lid' });
    // Twice the same, as when an answer was lost, is no change.
    granted(await edit(shop.ben, { ...stale, preferences: 'Oat milk, no lid' }));
    granted(await edit(shop.ben, { cardCode: mine.cardCode, preferences: null, shown: 'Oat milk, no lid' }));
    expect(granted(await till.look(mine))).toMatchObject({ preferences: null });
    const audit = await rowsOf(db, shop, 'auditLog');
    expect(audit.map(({ action }) => action)).toEqual(Array(2).fill('customer.preferences-edited'));
    expect(JSON.stringify(audit)).not.toContain('Oat');
    const other = await aShop(db);
    expect(refusalOf(await edit(other.ada, { cardCode: mine.cardId, preferences: 'x' }))).toBe(
      'card-unknown',
    );
  });
});
