import { computeAllowance } from '../../src/loyalty/allowance.ts';
import type { AllowanceRule } from '../../src/loyalty/allowance.ts';
import type { GestureRequest } from '../../src/loyalty/gesture.ts';
import type { SaleLine } from '../../src/loyalty/program.ts';
import type { Reward } from '../../src/loyalty/reward.ts';

export const NOON = new Date('2026-03-02T12:00:00Z');
export const DAY_MS = 86_400_000;

export const later = (ms: number) => new Date(NOON.getTime() + ms);

export const aLine = (line: Partial<SaleLine> = {}): SaleLine => ({
  itemId: 'flat-white',
  name: 'Flat white',
  quantity: 1,
  totalMinor: 360,
  qualifies: true,
  paidBy: 'money',
  ...line,
});

export const aReward = (reward: Partial<Reward> = {}): Reward => ({
  rewardId: 'r1',
  kind: 'stamps',
  stamps: 10,
  status: 'open',
  earnedAt: NOON,
  expiresAt: null,
  ...reward,
});

export const aRule = (rule: Partial<AllowanceRule> = {}): AllowanceRule => ({
  scope: 'staff',
  subjectId: null,
  period: 'day',
  gesturesLimit: 3,
  costLimitMinor: null,
  ...rule,
});

export const ADA_TODAY = {
  staffId: 'ada',
  locationId: 'soho',
  businessDay: '2026-03-02',
  weekStart: '2026-03-02',
};

/** Ada's allowance under a rule, with so many used. */
export const anAllowance = (rule: Partial<AllowanceRule> = {}, usedCount = 0) => {
  const { scope, period } = aRule(rule);
  const subjectId = scope === 'staff' ? 'ada' : 'soho';
  const counter = { scope, subjectId, period, periodStart: '2026-03-02', usedCount, leasedCount: 0 };
  return computeAllowance({
    ...ADA_TODAY,
    rules: [aRule(rule)],
    counters: [{ ...counter, usedCostMinor: 0 }],
  });
};

/** A double stamp by Ada, a barista with three left today, to somebody who may have it. */
export const aGestureRequest = (request: Partial<GestureRequest> = {}): GestureRequest => ({
  merchantId: 'm1',
  kind: 'double_stamp',
  givenAt: NOON,
  isPast: false,
  giver: { staffId: 'ada', role: 'barista' },
  card: { isBlocked: false },
  customer: { staffId: null },
  itemId: null,
  item: null,
  stampCostMinor: 8,
  lastGestureAt: null,
  coolDownDays: 7,
  allowance: anAllowance(),
  shop: {
    locationId: 'soho',
    businessDay: '2026-03-02',
    weekStartsOn: 1,
    timeZone: 'Europe/London',
    cutOffMinutes: 240,
  },
  grant: null,
  drawn: null,
  lease: null,
  ...request,
});
