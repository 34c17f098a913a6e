import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { computeBusinessWeek } from '../../src/loyalty/business-day.ts';
import type { TillActor } from '../../src/operations/actor.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { createSqliteFile } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf, setAllowances } from '../support/shop-settings.ts';

const RUNS = 300;
const TIMEOUT_MS = 180_000;

interface Rule {
  scope: 'staff' | 'location';
  period: 'day' | 'week';
  gesturesLimit: number | null;
  costLimitMinor: number | null;
}

/** A shop with two locations and three tills, at which things happen through the real operations. */
class Morning {
  readonly #db: Database;
  readonly #shop: Shop;
  readonly #clock: FixedClock;
  readonly #people: readonly TillActor[];
  readonly #cards: readonly TestCard[];
  readonly #rules: readonly Rule[];
  readonly #till: ReturnType<typeof aTill>;
  readonly #gestureIds: string[] = [];
  readonly #leaseIds: string[] = [];
  readonly #saleIds: string[] = [];
  readonly outcomes = new Map<string, number>();

  private constructor(parts: {
    db: Database;
    shop: Shop;
    clock: FixedClock;
    people: readonly TillActor[];
    cards: readonly TestCard[];
    rules: readonly Rule[];
  }) {
    this.#db = parts.db;
    this.#shop = parts.shop;
    this.#clock = parts.clock;
    this.#people = parts.people;
    this.#cards = parts.cards;
    this.#rules = parts.rules;
    this.#till = aTill(parts.db, parts.clock, parts.shop);
  }

  static async begin(db: Database, rules: readonly Rule[]): Promise<Morning> {
    const shop = await aShop(db, { coolDownDays: 0, stampsRequired: 3 });
    await setAllowances(db, shop, ...rules);
    const window = await anotherTill(db, shop);
    const elsewhere = await anotherTill(db, shop, { isElsewhere: true });
    const { ada, ben, manager } = shop;
    const people = [ada, { ...ada, place: window }, ben, { ...ada, place: elsewhere }, manager];
    const cards = [await aCard(db, shop), await aCard(db, shop, { stamps: 2 })];
    const clock = new FixedClock('2026-03-02T22:00:00Z');
    return new Morning({ db, shop, clock, people, cards, rules });
  }

  async give(who: number, { isFree = false, isGranted = false, lease = -1 } = {}) {
    const { merchantId, manager, flatWhite } = this.#shop;
    const leaseId = lease < 0 ? undefined : pick(this.#leaseIds, lease);
    const given = await this.#till.give(pick(this.#cards, who)!, {
      by: pick(this.#people, who)!,
      leaseId,
      granter: isGranted ? { merchantId, staffId: manager.staffId, role: 'manager' } : null,
      ...(isFree && { kind: 'free_item', itemId: flatWhite.itemId }),
    });
    const answer = this.#note('give', given);
    if ('gesture' in answer) this.#gestureIds.push(answer.gesture.gestureId);
  }

  async undo(which: number, who: number) {
    const gestureId = pick(this.#gestureIds, which);
    if (gestureId) this.#note('undo', await this.#till.undo(gestureId, pick(this.#people, who)));
  }

  async lease(who: number) {
    const answer = this.#note('lease', await this.#till.lease(pick(this.#people, who)));
    if ('leaseId' in answer) this.#leaseIds.push(answer.leaseId);
  }

  async giveBack(which: number, who: number) {
    const leaseId = pick(this.#leaseIds, which);
    if (leaseId) this.#note('give back', await this.#till.giveBack(leaseId, pick(this.#people, who)));
  }

  async sell(which: number, quantity: number) {
    const answer = this.#note('sell', await this.#till.sell(pick(this.#cards, which)!, quantity));
    if ('sale' in answer) this.#saleIds.push(answer.sale.saleId);
  }

  async redeem(which: number, sale: number) {
    const saleId = sale < 0 ? undefined : pick(this.#saleIds, sale);
    const spend = saleId ? { saleId } : {};
    this.#note('redeem', await this.#till.redeem(pick(this.#cards, which)!, spend));
  }

  async refund(which: number, amountMinor: number | null) {
    const saleId = pick(this.#saleIds, which);
    const refund = amountMinor === null ? ({ wholeSale: true } as const) : { amountMinor };
    if (saleId) this.#note('refund', await this.#till.refund(saleId, refund));
  }

  wait(span: { seconds?: number; hours?: number }) {
    this.#clock.advance(span);
  }

  /** Ten seconds before the business day ends, at four in the morning. */
  waitForCutOff() {
    const day = new Date(this.#clock.now().getTime() + 20 * 3_600_000).toISOString().slice(0, 10);
    this.#clock.set(`${day}T03:59:50Z`);
  }

  /** What is not as promised, worked out from what was really given and leased, without trusting a counter. */
  async broken(): Promise<string[]> {
    const gestures = (await rowsOf(this.#db, this.#shop, 'gestures')).filter(
      (gesture) => gesture.fundedBy === 'allowance' && !gesture.undoneAt,
    );
    const leases = (await rowsOf(this.#db, this.#shop, 'leases')).filter((lease) => !lease.returnedAt);
    const broken: string[] = [];
    for (const counter of await rowsOf(this.#db, this.#shop, 'allowanceCounters')) {
      const isIn = (row: { staffId: string; locationId: string; businessDay: string }) =>
        (counter.scope === 'staff' ? row.staffId : row.locationId) === counter.subjectId &&
        (counter.period === 'day' ? row.businessDay : weekOf(row.businessDay)) === counter.periodStart;
      const given = gestures.filter(isIn);
      const held = leases.filter(isIn);
      const heldCount = sum(held.map((lease) => lease.count - lease.usedCount));
      const costMinor =
        sum(given.map((gesture) => gesture.costMinor)) +
        sum(held.map((lease) => (lease.count - lease.usedCount) * lease.costEachMinor));
      const name = `${counter.scope} ${counter.period} ${counter.periodStart}`;
      if (counter.usedCount !== given.length) broken.push(`${name}: used is not what was given`);
      if (counter.leasedCount !== heldCount) broken.push(`${name}: leased is not what tills hold`);
      if (counter.usedCostMinor !== costMinor) broken.push(`${name}: the cost is not what was given`);
      for (const rule of this.#rules) {
        if (rule.scope !== counter.scope || rule.period !== counter.period) continue;
        if (given.length + heldCount > (rule.gesturesLimit ?? Infinity)) broken.push(`${name}: too many`);
        if (costMinor > (rule.costLimitMinor ?? Infinity)) broken.push(`${name}: too much`);
      }
    }
    const fault = await this.#till.fault();
    if (fault) broken.push(JSON.stringify(fault));
    return broken;
  }

  #note<Answer extends object>(
    what: string,
    outcome: { answer: Answer } | { refused: string },
  ): Answer | object {
    const answer = 'answer' in outcome ? outcome.answer : outcome;
    const how = 'refused' in answer ? String(answer.refused) : 'done';
    this.outcomes.set(`${what}: ${how}`, (this.outcomes.get(`${what}: ${how}`) ?? 0) + 1);
    return answer;
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const weekOf = (businessDay: string) => computeBusinessWeek({ businessDay, weekStartsOn: 1 });
/** The newest first, so that small numbers, which fast-check prefers, name what has just happened. */
const pick = <Row>(rows: readonly Row[], place: number): Row | undefined =>
  rows[rows.length - 1 - (place % Math.max(rows.length, 1))];

type Step = (morning: Morning) => Promise<void> | void;

const n = fc.nat(9);
const rule: fc.Arbitrary<Rule> = fc.record({
  scope: fc.constantFrom('staff' as const, 'location' as const),
  period: fc.constantFrom('day' as const, 'week' as const),
  gesturesLimit: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 6 }),
  costLimitMinor: fc.option(fc.constantFrom(80, 100, 250), { freq: 1 }),
});
const tap: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(n, fc.boolean()).map(
      ([who, isFree]): Step =>
        (it) =>
          it.give(who, { isFree }),
    ),
  },
  {
    weight: 1,
    arbitrary: n.map(
      (who): Step =>
        (it) =>
          it.give(who, { isGranted: true }),
    ),
  },
  {
    weight: 3,
    arbitrary: n.map(
      (who): Step =>
        (it) =>
          it.lease(who),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(n, n, fc.boolean()).map(
      ([who, lease, isFree]): Step =>
        (it) =>
          it.give(who, { lease, isFree }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(n, n).map(
      ([which, who]): Step =>
        (it) =>
          it.giveBack(which, who),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(n, n).map(
      ([which, who]): Step =>
        (it) =>
          it.undo(which, who),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(n, fc.integer({ min: 1, max: 7 })).map(
      ([which, quantity]): Step =>
        (it) =>
          it.sell(which, quantity),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(n, fc.integer({ min: -5, max: 4 })).map(
      ([which, sale]): Step =>
        (it) =>
          it.redeem(which, sale),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(n, fc.option(fc.constantFrom(0, 100, 350, 700))).map(
      ([which, amountMinor]): Step =>
        (it) =>
          it.refund(which, amountMinor),
    ),
  },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: tap },
  // Several tills at the same moment.
  {
    weight: 3,
    arbitrary: fc.array(tap, { minLength: 2, maxLength: 4 }).map(
      (taps): Step =>
        async (it) =>
          void (await Promise.all(taps.map(async (one) => one(it)))),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((it) => it.wait({ seconds: 20 })) },
  // Given on one business day and taken back on the next.
  {
    weight: 1,
    arbitrary: n.map((who): Step => async (it) => {
      it.waitForCutOff();
      await it.give(who);
      it.wait({ seconds: 20 });
      await it.undo(0, who);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(5, 24).map(
      (hours): Step =>
        (it) =>
          it.wait({ hours }),
    ),
  },
);

describe('whatever happens at the tills, in whatever order', () => {
  let db: Database;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const file = await createSqliteFile();
    ({ drop } = file);
    db = await openDatabase(file.url);
  });
  afterAll(async () => {
    await db?.close();
    await drop?.();
  });

  it(
    'no allowance is exceeded and no stamp is lost or made',
    async () => {
      const outcomes = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(
          fc.array(rule, { minLength: 1, maxLength: 3 }),
          fc.array(step, { minLength: 4, maxLength: 16 }),
          async (rules, steps) => {
            const oneOfEach = new Map(rules.map((one) => [`${one.scope} ${one.period}`, one]));
            const morning = await Morning.begin(db, [...oneOfEach.values()]);
            for (const happen of steps) {
              await happen(morning);
              expect(await morning.broken()).toEqual([]);
            }
            for (const [outcome, count] of morning.outcomes)
              outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
          },
        ),
        { numRuns: RUNS },
      );
      // Or else it would hold for a shop in which nothing happens, or nothing is refused.
      const happened = [
        'give: done',
        'give: allowance-spent',
        'give: lease-not-good',
        'give: lease-unknown',
        'lease: done',
        'lease: allowance-spent',
        'give back: done',
        'undo: done',
        'undo: undo-too-late',
        'sell: done',
        'redeem: done',
        'refund: done',
      ];
      for (const outcome of happened)
        expect([outcome, outcomes.get(outcome) ?? 0]).toEqual([
          outcome,
          expect.toSatisfy((count: number) => count > 5),
        ]);
    },
    TIMEOUT_MS,
  );
});
