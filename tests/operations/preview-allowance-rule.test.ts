import { expect, test } from 'vitest';
import { previewAllowanceRule } from '../../src/operations/preview-allowance-rule.ts';
import { addAllowanceRule } from '../../src/operations/edit-allowance-rule.ts';
import { addCustomers, addRows, gestureRow } from '../support/a-busy-shop.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const RULE = {
  scope: 'staff',
  subjectId: null,
  period: 'day',
  gesturesLimit: 1,
  costLimitMinor: null,
} as const;

forEachDatabase('an allowance tried on the last weeks', (database) => {
  // A Friday: thirty days begin on Thursday 12 February, whose week begins on Monday the 9th.
  const clock = new FixedClock('2026-03-13T12:00:00Z');

  test('says what it would have refused, on which days and of whom, and changes nothing', async () => {
    const { db } = database;
    const shop = await aShop(db);
    await addCustomers(db, shop, ['ida']);
    const at = (day: string, hour = 12): Date => new Date(`${day}T${String(hour).padStart(2, '0')}:00:00Z`);
    const row = (gestureId: string, givenAt: Date, changes: object = {}) =>
      gestureRow(shop, { gestureId, customerId: 'ida', givenAt, ...changes });
    const { staffId } = shop.ben;
    await addRows(db, {
      gestures: [
        row('too-early', at('2026-02-08')),
        row('too-early-2', at('2026-02-08')),
        row('a1', at('2026-02-09')),
        row('a2', at('2026-02-09', 13)),
        // At two in the morning it is still the day before.
        row('a3', at('2026-03-10', 22)),
        row('a4', new Date('2026-03-11T02:00:00Z')),
        row('b1', at('2026-03-11'), { staffId }),
        row('granted', at('2026-03-11'), { staffId, fundedBy: 'grant' }),
        row('lucky', at('2026-03-11'), { staffId, fundedBy: 'lucky' }),
        row('undone', at('2026-03-11'), { staffId, undoneAt: at('2026-03-11') }),
        row('past', at('2026-03-11'), { staffId, isPast: true, fundedBy: 'grant' }),
      ],
    });
    const preview = await previewAllowanceRule(db, clock)(shop.owner, RULE);
    expect(preview).toEqual({
      from: '2026-02-09',
      to: '2026-03-13',
      gestures: 5,
      wouldRefuse: 2,
      refusedOn: [
        { businessDay: '2026-02-09', gestures: 1 },
        { businessDay: '2026-03-10', gestures: 1 },
      ],
      refusedOf: [{ staffId: shop.ada.staffId, staffName: 'Ada', gestures: 2 }],
      mostUsed: {
        subjectId: shop.ada.staffId,
        name: 'Ada',
        periodStart: '2026-02-09',
        gestures: 2,
        costMinor: 160,
      },
      subjects: 4,
      // The flat white is the dearest thing that may be given.
      costPerMonthMinor: Math.ceil(80 * 4 * (365.2425 / 12)),
    });
    expect(await previewAllowanceRule(db, clock)(shop.owner, RULE)).toEqual(preview);
  });

  test('ends with the business day that is on: before the cut-off, with yesterday', async () => {
    const shop = await aShop(database.db);
    const beforeCutOff = new FixedClock('2026-03-13T02:00:00Z');
    const preview = await previewAllowanceRule(database.db, beforeCutOff)(shop.owner, RULE);
    expect(preview).toMatchObject({ from: '2026-02-09', to: '2026-03-12' });
  });

  test('leaves out who has an allowance of their own', async () => {
    const { db } = database;
    const shop = await aShop(db);
    await addCustomers(db, shop, ['ida']);
    const givenAt = new Date('2026-03-11T12:00:00Z');
    await addRows(db, {
      gestures: ['g1', 'g2'].map((gestureId) => gestureRow(shop, { gestureId, customerId: 'ida', givenAt })),
    });
    const own = { ...RULE, subjectId: shop.ada.staffId };
    await addAllowanceRule(db, clock)(shop.owner, { ...own, gesturesLimit: 5 });
    expect(await previewAllowanceRule(db, clock)(shop.owner, RULE)).toMatchObject({
      gestures: 0,
      mostUsed: null,
      subjects: 3,
    });
    expect(await previewAllowanceRule(db, clock)(shop.owner, own)).toMatchObject({
      gestures: 2,
      wouldRefuse: 1,
      subjects: 1,
    });
    const shared = { ...RULE, scope: 'location', subjectId: shop.locationId } as const;
    expect(await previewAllowanceRule(db, clock)(shop.owner, shared)).toMatchObject({
      wouldRefuse: 1,
      mostUsed: { name: 'High Street' },
    });
  });

  test('another shop’s people and places are not known', async () => {
    const { db } = database;
    const [shop, other] = [await aShop(db), await aShop(db)];
    const ask = previewAllowanceRule(db, clock);
    expect(await ask(shop.owner, { ...RULE, subjectId: other.ada.staffId })).toEqual({
      refused: 'staff-unknown',
    });
    expect(await ask(shop.owner, { ...RULE, scope: 'location', subjectId: other.locationId })).toEqual({
      refused: 'location-unknown',
    });
  });
});
