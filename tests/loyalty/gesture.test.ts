import { describe, expect, it } from 'vitest';
import { decideGesture } from '../../src/loyalty/gesture.ts';
import type { GestureItem, GestureRequest } from '../../src/loyalty/gesture.ts';
import { aGestureRequest, anAllowance, DAY_MS, later, NOON } from './builders.ts';

const cake: GestureItem = { itemId: 'cake', priceMinor: 420, costMinor: 110, mayBeGiven: true };
const spent = anAllowance({ gesturesLimit: 3 }, 3);
const manager = { staffId: 'mo', role: 'manager' as const, merchantId: 'm1' };
const free = { kind: 'free_item' as const, itemId: 'cake', item: cake };
const give = (request: Partial<GestureRequest> = {}) => decideGesture(aGestureRequest(request));

describe('a gesture', () => {
  it('that is a double stamp adds one stamp and is paid by the allowance', () => {
    expect(give()).toEqual({
      fundedBy: 'allowance',
      grantedBy: null,
      isPast: false,
      entry: { kind: 'gesture', stamps: 1 },
      opensVoucher: false,
      priceMinor: 0,
      costMinor: 8,
      change: { usedCount: 1, leasedCount: 0, usedCostMinor: 8 },
    });
  });

  it('that is an item keeps what the customer would have paid and what it cost', () => {
    expect(give(free)).toMatchObject({
      entry: null,
      priceMinor: 420,
      costMinor: 110,
      change: { usedCount: 1, usedCostMinor: 110 },
    });
  });

  it('that is a voucher is a manager’s or owner’s to give, and adds no stamp', () => {
    const voucher = { kind: 'voucher' as const };
    expect(give(voucher)).toEqual({ refused: 'manager-needed' });
    for (const role of ['manager', 'owner'] as const) {
      expect(give({ ...voucher, giver: { staffId: 'mo', role } })).toMatchObject({
        opensVoucher: true,
        entry: null,
      });
    }
  });

  it('is refused on a blocked card, and on one’s own', () => {
    expect(give({ card: { isBlocked: true } })).toEqual({ refused: 'card-blocked' });
    expect(give({ customer: { staffId: 'ada' } })).toEqual({ refused: 'own-card' });
    expect(give({ customer: { staffId: 'bo' } })).toMatchObject({ fundedBy: 'allowance' });
  });

  it('is refused for an item that is not on the menu or may not be given', () => {
    expect(give({ ...free, item: null })).toEqual({ refused: 'item-unknown' });
    expect(give({ ...free, itemId: null, item: null })).toEqual({ refused: 'item-unknown' });
    expect(give({ ...free, itemId: 'tea' })).toEqual({ refused: 'item-unknown' });
    expect(give({ ...free, item: { ...cake, mayBeGiven: false } })).toEqual({ refused: 'item-not-giveable' });
    const voucher = { ...free, kind: 'voucher' as const, giver: { staffId: 'mo', role: 'manager' as const } };
    expect(give(voucher)).toMatchObject({ opensVoucher: true, costMinor: 110 });
    expect(give({ ...voucher, itemId: 'tea' })).toEqual({ refused: 'item-unknown' });
    expect(give({ ...voucher, item: { ...cake, mayBeGiven: false } })).toEqual({
      refused: 'item-not-giveable',
    });
  });

  it('that is a voucher for an item nobody knows is refused, and a double stamp has no item', () => {
    const unknown = { itemId: 'tea', item: null };
    const giver = { staffId: 'mo', role: 'manager' as const };
    expect(give({ kind: 'voucher', giver, ...unknown })).toEqual({ refused: 'item-unknown' });
    expect(give({ kind: 'voucher', giver, itemId: 'cake', item: cake })).toMatchObject({ costMinor: 110 });
    expect(give(unknown)).toMatchObject({ fundedBy: 'allowance' });
  });

  it('waits until the cool-down is over, to the moment', () => {
    const last = { lastGestureAt: NOON, coolDownDays: 7 };
    const refusal = { refused: 'cool-down', endsAt: later(7 * DAY_MS) };
    expect(give({ ...last, givenAt: later(7 * DAY_MS - 1) })).toEqual(refusal);
    expect(give({ ...last, givenAt: later(7 * DAY_MS) })).toMatchObject({ fundedBy: 'allowance' });
    expect(give({ ...last, coolDownDays: 0 })).toMatchObject({ fundedBy: 'allowance' });
    // Tapped offline, before one that has arrived already.
    expect(give({ ...last, coolDownDays: 0, givenAt: later(-1) })).toMatchObject({ fundedBy: 'allowance' });
    expect(give({ ...last, drawn: 'lucky' })).toMatchObject(refusal);
  });

  it('is refused when the allowance is spent, and says whose and until when', () => {
    expect(give({ allowance: anAllowance({}, 2) })).toMatchObject({ fundedBy: 'allowance' });
    const refusal = { refused: 'allowance-spent', spent: 'gestures', remaining: 0 };
    expect(give({ allowance: spent })).toEqual({
      ...refusal,
      scope: 'staff',
      period: 'day',
      resetsAt: new Date('2026-03-03T04:00:00Z'),
    });
    expect(give({ allowance: anAllowance({ scope: 'location', period: 'week' }, 3) })).toEqual({
      ...refusal,
      scope: 'location',
      period: 'week',
      resetsAt: new Date('2026-03-09T04:00:00Z'),
    });
    expect(give({ ...free, allowance: anAllowance({ costLimitMinor: 109 }) })).toMatchObject({
      spent: 'cost',
    });
    expect(give({ ...free, allowance: anAllowance({ costLimitMinor: 110 }) })).toMatchObject({
      fundedBy: 'allowance',
    });
  });

  it('can be granted by a manager or owner of this business once the allowance is spent', () => {
    const granted = { fundedBy: 'grant', grantedBy: 'mo', change: { usedCount: 0, usedCostMinor: 0 } };
    expect(give({ allowance: spent, grant: manager })).toMatchObject(granted);
    expect(give({ allowance: spent, grant: { ...manager, role: 'owner' } })).toMatchObject(granted);
    const notAllowed = { refused: 'grant-not-allowed' };
    expect(give({ allowance: spent, grant: { ...manager, role: 'barista' } })).toEqual(notAllowed);
    expect(give({ allowance: spent, grant: { ...manager, merchantId: 'm2' } })).toEqual(notAllowed);
  });

  it('does not use a grant while there is allowance, and a grant lifts nothing else', () => {
    expect(give({ grant: manager })).toMatchObject({ fundedBy: 'allowance', grantedBy: null });
    const grant = manager;
    expect(give({ grant, lastGestureAt: NOON })).toMatchObject({ refused: 'cool-down' });
    expect(give({ grant, customer: { staffId: 'ada' } })).toEqual({ refused: 'own-card' });
    expect(give({ grant, kind: 'voucher' })).toEqual({ refused: 'manager-needed' });
    expect(give({ grant, card: { isBlocked: true } })).toEqual({ refused: 'card-blocked' });
  });

  it.each(['lucky', 'bonus'] as const)(
    'that the house treats to (%s) does not touch the allowance',
    (drawn) => {
      expect(give({ allowance: spent, drawn })).toMatchObject({ fundedBy: drawn, change: { usedCount: 0 } });
    },
  );

  it('of the past is written down by an owner alone, outside the allowance and the cool-down', () => {
    const past = { isPast: true, allowance: spent, lastGestureAt: NOON };
    for (const role of ['barista', 'manager'] as const) {
      expect(give({ ...past, giver: { staffId: 'x', role } })).toEqual({ refused: 'owner-needed' });
    }
    expect(give({ ...past, giver: { staffId: 'olu', role: 'owner' } })).toMatchObject({
      isPast: true,
      fundedBy: 'grant',
      grantedBy: 'olu',
      change: { usedCount: 0 },
    });
  });

  it('given offline is paid from its lease, whatever was spent meanwhile', () => {
    const { shop } = aGestureRequest();
    const lease = { ...shop, staffId: 'ada', count: 1, usedCount: 0, costEachMinor: 150, returnedAt: null };
    expect(give({ ...free, allowance: spent, lease })).toMatchObject({
      fundedBy: 'allowance',
      change: { usedCount: 1, leasedCount: -1, usedCostMinor: -40 },
    });
    expect(give({ allowance: spent, lease: { ...lease, usedCount: 1 } })).toEqual({
      refused: 'lease-not-good',
      because: 'used-up',
    });
  });
});
