import { describe, expect, it } from 'vitest';
import { decideUndo } from '../../src/loyalty/undo.ts';
import type { UndoableGesture } from '../../src/loyalty/undo.ts';
import { later, NOON } from './builders.ts';

const gesture: UndoableGesture = {
  kind: 'double_stamp',
  staffId: 'ada',
  givenAt: NOON,
  businessDay: '2026-03-02',
  fundedBy: 'allowance',
  costMinor: 8,
  undoneAt: null,
  voucher: null,
};
const ada = { staffId: 'ada', role: 'barista' as const };
const manager = { staffId: 'mo', role: 'manager' as const };
const undo = (request: Partial<Parameters<typeof decideUndo>[0]> = {}) =>
  decideUndo({ gesture, by: ada, now: later(1_000), businessDay: '2026-03-02', ...request });

describe('undoing a gesture', () => {
  it('takes the stamp back and gives the allowance back', () => {
    expect(undo()).toEqual({
      entry: { kind: 'reversed', stamps: -1 },
      voucherIdToReverse: null,
      change: { usedCount: -1, leasedCount: 0, usedCostMinor: -8 },
    });
  });

  it('gives back only what the allowance paid', () => {
    for (const fundedBy of ['grant', 'lucky', 'bonus'] as const) {
      const change = { usedCount: 0, leasedCount: 0, usedCostMinor: 0 };
      expect(undo({ gesture: { ...gesture, fundedBy } })).toMatchObject({ change });
    }
  });

  it('is possible for 30 seconds for whoever gave it, also over the end of the day', () => {
    expect(undo({ now: later(30_000), businessDay: '2026-03-03' })).toMatchObject({
      change: { usedCount: -1 },
    });
    expect(undo({ now: later(30_001) })).toEqual({ refused: 'undo-too-late' });
  });

  it('is possible for a manager or owner all day, and not the next', () => {
    const hoursLater = { now: later(6 * 3_600_000) };
    for (const role of ['manager', 'owner'] as const) {
      const by = { staffId: 'mo', role };
      expect(undo({ ...hoursLater, by })).toMatchObject({ change: { usedCount: -1 } });
      expect(undo({ ...hoursLater, by, businessDay: '2026-03-03' })).toEqual({ refused: 'undo-too-late' });
      expect(undo({ by, businessDay: '2026-03-03' })).toEqual({ refused: 'undo-too-late' });
    }
  });

  it('is not for a colleague', () => {
    expect(undo({ by: { staffId: 'bo', role: 'barista' } })).toEqual({ refused: 'not-yours' });
  });

  it('happens once', () => {
    expect(undo({ gesture: { ...gesture, undoneAt: NOON } })).toEqual({ refused: 'already-undone' });
  });

  it('takes back a voucher unless it was spent', () => {
    const withVoucher = (status: 'open' | 'redeemed') =>
      undo({ by: manager, gesture: { ...gesture, kind: 'voucher', voucher: { rewardId: 'v1', status } } });
    expect(withVoucher('open')).toMatchObject({ entry: null, voucherIdToReverse: 'v1' });
    expect(withVoucher('redeemed')).toEqual({ refused: 'reward-already-redeemed' });
  });
});
