import { describe, expect, test } from 'vitest';
import { resolveTap, withLater } from '../../../pos-adapter/till/queue/tap.ts';
import type { Tap } from '../../../pos-adapter/till/queue/tap.ts';

const aTap = (made: Partial<Tap>): Tap => ({
  tapId: 't2',
  operation: 'sale',
  method: 'POST',
  path: '/api/v1/sales',
  body: { cardCode: null },
  sessionId: 's',
  label: '',
  tappedAt: { page: 'p', monotonicMs: 0, serverMs: 0, isServerTimeKnown: true },
  wasSent: false,
  needs: null,
  ...made,
});

const needsSale = { tapId: 't1', id: 'saleId' } as const;
const undo = aTap({
  operation: 'undo_sale',
  method: 'DELETE',
  path: '/api/v1/sales/{saleId}',
  needs: needsSale,
});
const gesture = aTap({ operation: 'gesture', body: { kind: 'voucher' }, needs: needsSale });
const claim = aTap({ operation: 'claim', body: { cardCode: 'ida' }, needs: needsSale });

describe('a tap that waits for the answer of an earlier one', () => {
  test('has the id where it belongs, in its address or its body', () => {
    const ids = { saleId: 'x' };
    expect(resolveTap(undo, 't1', ids)).toEqual({ ...undo, path: '/api/v1/sales/x', needs: null });
    const body = { kind: 'voucher', saleId: 'x' };
    expect(resolveTap(gesture, 't1', ids)).toEqual({ ...gesture, body, needs: null });
  });

  test('waits on while it is another that is answered', () => {
    expect(resolveTap(undo, 't0', { saleId: 'x' })).toBe(undo);
    expect(resolveTap(gesture, 't0', null)).toBe(gesture);
    expect(resolveTap(aTap({}), 't0', null)).toEqual(aTap({}));
  });

  test.each([
    ['it was refused', null],
    ['the answer held another id', { gestureId: 'x' }],
  ])('without it (%s) nothing is left to undo or to claim, and a gesture stands by itself', (_, ids) => {
    expect(resolveTap(undo, 't1', ids)).toBeNull();
    expect(resolveTap(claim, 't1', ids)).toBeNull();
    expect(resolveTap(gesture, 't1', ids)).toEqual({ ...gesture, needs: null });
  });
});

test('a sale that is refused has the card it was put on since, and none is left of one taken back', () => {
  const sale = aTap({ tapId: 't1' });
  expect(withLater(sale, [])).toBe(sale);
  expect(withLater(sale, [claim])).toEqual({ ...sale, body: { cardCode: 'ida' } });
  expect(withLater(sale, [undo])).toBeNull();
  expect(withLater(sale, [claim, undo])).toBeNull();
});
