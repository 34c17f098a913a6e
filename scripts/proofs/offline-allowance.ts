import { join } from 'node:path';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { withDatabase } from '../../db/open.ts';
import { computeBusinessWeek } from '../../src/loyalty/business-day.ts';
import type { TillActor } from '../../src/operations/actor.ts';
import { businessDayOf } from '../../src/operations/business-day-of.ts';
import { endDevice } from '../../src/operations/edit-device.ts';
import { giveGesture } from '../../src/operations/give-gesture.ts';
import { leaseGestures } from '../../src/operations/lease-gestures.ts';
import { returnLease } from '../../src/operations/return-lease.ts';
import { undoGesture } from '../../src/operations/undo-gesture.ts';
import { aCard } from '../../tests/support/a-card.ts';
import { aShop } from '../../tests/support/a-shop.ts';
import type { Shop } from '../../tests/support/a-shop.ts';
import { anotherTill } from '../../tests/support/a-till.ts';
import { FixedClock } from '../../tests/support/fixed-clock.ts';
import { rowsOf, setAllowances } from '../../tests/support/shop-settings.ts';
import type { Proof } from './proof.ts';

const STAFF_LIMIT = 2;
const LOCATION_LIMIT = 3;
const SHORT_RUNS = 300;
const LONG_RUNS = 10_000;
const DAY_MS = 86_400_000;
/** So long may a tap be on its way and count on the day it was made. */
const SLOW_TAP_MS = 60_000;

/** A tap on a till's disk, sent under one key until the till has heard the answer. */
interface Tap {
  operationId: string;
  tappedAt: Date;
  send(attempt: { operationId: string; requestHash: string; tappedAgoMs: number }): Promise<object>;
  hear(answer: object): void;
}

interface Till {
  actor: TillActor;
  queue: Tap[];
  /** What it took along; forgotten when it dies before it could write it down. */
  lease: { leaseId: string; left: number } | null;
  gestureIds: string[];
}

/** How the network treats what a till sends. */
type Weather = 'clear' | 'answers lost' | 'everything twice' | 'cut after one';

/** Three tills, two people, one shop; what they do, and what happens to them. */
class OfflineShop {
  readonly #db: Database;
  readonly #shop: Shop;
  readonly #clock = new FixedClock('2026-03-02T22:00:00Z');
  readonly #cardCodes: string[];
  readonly #tills: Till[];
  readonly #outcomes: Map<string, number>;

  private constructor(
    db: Database,
    parts: { shop: Shop; cardCodes: string[]; tills: Till[]; outcomes: Map<string, number> },
  ) {
    this.#db = db;
    this.#shop = parts.shop;
    this.#cardCodes = parts.cardCodes;
    this.#tills = parts.tills;
    this.#outcomes = parts.outcomes;
  }

  static async open(db: Database, outcomes: Map<string, number>): Promise<OfflineShop> {
    const shop = await aShop(db, { coolDownDays: 0 });
    await setAllowances(
      db,
      shop,
      { scope: 'staff', period: 'day', gesturesLimit: STAFF_LIMIT },
      { scope: 'location', period: 'week', gesturesLimit: LOCATION_LIMIT },
    );
    const window = await anotherTill(db, shop);
    const people = [shop.ada, { ...shop.ada, place: window }, shop.ben];
    const tills = people.map((actor): Till => ({ actor, queue: [], lease: null, gestureIds: [] }));
    const cardCodes = [(await aCard(db, shop)).cardId, (await aCard(db, shop)).cardId];
    return new OfflineShop(db, { shop, cardCodes, tills, outcomes });
  }

  /** Takes a gesture along, if the answer arrives. */
  async takeLease(which: number, isAnswerLost: boolean): Promise<void> {
    const till = this.#till(which);
    if (till.lease) return;
    const attempt = { operationId: uuid(), requestHash: 'lease' };
    const outcome = await leaseGestures(this.#db, this.#clock)(till.actor, { attempt, count: 1 });
    const answer = this.#note('lease', outcome);
    if (!isAnswerLost && 'leaseId' in answer) till.lease = { leaseId: String(answer.leaseId), left: 1 };
  }

  /** Gives from what was taken along, without asking anybody. */
  giveFromLease(which: number): void {
    const till = this.#till(which);
    if (!till.lease || till.lease.left === 0) return;
    till.lease.left -= 1;
    this.#tapGesture(till, till.lease.leaseId);
  }

  giveWithoutLease(which: number): void {
    this.#tapGesture(this.#till(which), undefined);
  }

  undo(which: number): void {
    const till = this.#till(which);
    const { actor } = till;
    const gestureId = till.gestureIds.at(-1);
    if (!gestureId) return;
    this.#tap(till, 'undo', (attempt) => undoGesture(this.#db, this.#clock)(actor, { attempt, gestureId }));
  }

  giveLeaseBack(which: number, what = 'give back'): void {
    const till = this.#till(which);
    if (!till.lease) return;
    const { leaseId } = till.lease;
    till.lease = null;
    this.#tap(till, what, (attempt) =>
      returnLease(this.#db, this.#clock)(till.actor.place, { attempt, leaseId }),
    );
  }

  /** Ended at the desk and connected anew: another till, with what was tapped at the first and what that took along. */
  async connectAnew(which: number): Promise<void> {
    const till = this.#till(which);
    const { deviceId } = till.actor.place;
    await endDevice(this.#db, this.#clock)(this.#shop.owner, { deviceId });
    till.actor = { ...till.actor, place: await anotherTill(this.#db, this.#shop) };
    this.giveLeaseBack(which, 'give back anew');
  }

  /** The network is back, more or less. */
  async send(which: number, weather: Weather): Promise<void> {
    const till = this.#till(which);
    for (const tap of till.queue.slice()) {
      const { operationId } = tap;
      const tappedAgoMs = this.#clock.now().getTime() - tap.tappedAt.getTime();
      const send = () => tap.send({ operationId, requestHash: 'the same', tappedAgoMs });
      const [answer] = await Promise.all(weather === 'everything twice' ? [send(), send()] : [send()]);
      if (weather === 'answers lost') continue; // recorded, and the till does not know
      till.queue.splice(till.queue.indexOf(tap), 1);
      tap.hear(answer!);
      if (weather === 'cut after one') return;
    }
  }

  /** The till dies: what was on its disk is there again, what it had in mind is not. */
  die(which: number): void {
    this.#till(which).lease = null;
  }

  /** Somebody has taken the page apart and sends what they like. */
  async forge(which: number, { daysAgo, withLease }: { daysAgo: number; withLease: boolean }): Promise<void> {
    const till = this.#till(which);
    const { deviceId } = till.actor.place;
    const leases = (await rowsOf(this.#db, this.#shop, 'leases')).filter(
      (lease) => lease.deviceId === deviceId,
    );
    const outcome = await giveGesture(this.#db, this.#clock)(till.actor, {
      attempt: { operationId: uuid(), requestHash: 'forged', tappedAgoMs: Math.round(daysAgo * DAY_MS) },
      cardCode: this.#cardCodes[0]!,
      kind: 'double_stamp',
      reason: 'regular',
      leaseId: withLease ? leases.at(-1)?.leaseId : undefined,
    });
    this.#note('forged', outcome);
  }

  wait(hours: number): void {
    this.#clock.advance({ seconds: Math.round(hours * 3_600) });
  }

  /** Counted from what was given and what is out, and not from the counters: the first limit that is passed. */
  async findExcess(): Promise<string | null> {
    const given = (await rowsOf(this.#db, this.#shop, 'gestures')).filter(
      ({ fundedBy, undoneAt }) => fundedBy === 'allowance' && !undoneAt,
    );
    const open = (await rowsOf(this.#db, this.#shop, 'leases')).filter(({ returnedAt }) => !returnedAt);
    const late = given.find(({ leaseId, givenAt, recordedAt, businessDay }) => {
      const isLive = recordedAt.getTime() - givenAt.getTime() <= SLOW_TAP_MS;
      return !leaseId && !isLive && businessDay !== businessDayOf(this.#shop.ada.place, recordedAt);
    });
    if (late) return `what was left of ${late.businessDay} was given on a day after it`;
    const taken = new Map<string, number>();
    const take = (row: { staffId: string; locationId: string; businessDay: string }, count: number) => {
      const week = computeBusinessWeek({ businessDay: row.businessDay, weekStartsOn: 1 });
      for (const key of [`staff ${row.staffId} ${row.businessDay}`, `location ${row.locationId} ${week}`])
        taken.set(key, (taken.get(key) ?? 0) + count);
    };
    for (const gesture of given) take(gesture, 1);
    for (const lease of open) take(lease, lease.count - lease.usedCount);
    for (const [key, count] of taken) {
      const limit = key.startsWith('staff') ? STAFF_LIMIT : LOCATION_LIMIT;
      if (count > limit) return `${key}: ${count} of ${limit}`;
    }
    const doubled = given.length !== new Set(given.map(({ gestureId }) => gestureId)).size;
    return doubled ? 'a gesture is there twice' : null;
  }

  #till(which: number): Till {
    return this.#tills[which % this.#tills.length]!;
  }

  #tapGesture(till: Till, leaseId: string | undefined): void {
    const { actor } = till;
    const cardCode = this.#cardCodes[till.queue.length % this.#cardCodes.length]!;
    this.#tap(till, leaseId ? 'give from lease' : 'give', (attempt) =>
      giveGesture(this.#db, this.#clock)(actor, {
        attempt,
        cardCode,
        kind: 'double_stamp',
        reason: 'regular',
        leaseId,
      }),
    );
  }

  #tap(till: Till, what: string, send: Tap['send']): void {
    till.queue.push({
      operationId: uuid(),
      tappedAt: this.#clock.now(),
      send,
      hear: (outcome) => {
        const answer = this.#note(what, outcome) as { gesture?: { gestureId: string } };
        if (answer.gesture) till.gestureIds.push(answer.gesture.gestureId);
      },
    });
  }

  #note(what: string, outcome: object): object {
    const answer = ('answer' in outcome ? outcome.answer : outcome) as object;
    const how = 'refused' in answer ? String(answer.refused) : 'done';
    this.#outcomes.set(`${what}: ${how}`, (this.#outcomes.get(`${what}: ${how}`) ?? 0) + 1);
    return answer;
  }
}

type Step = (shop: OfflineShop) => Promise<void> | void;

const which = fc.nat(2);
const weather = fc.constantFrom<Weather>(
  'clear',
  'clear',
  'answers lost',
  'everything twice',
  'cut after one',
);
/** A step that comes as often as its weight says, with what it is given. */
const often = <Given>(
  weight: number,
  given: fc.Arbitrary<Given>,
  happen: (shop: OfflineShop, given: Given) => Promise<void> | void,
) => ({
  weight,
  arbitrary: given.map(
    (one): Step =>
      (shop) =>
        happen(shop, one),
  ),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  // Given, heard of, and taken back at once, while the way back may be bad.
  often(2, fc.tuple(which, weather), async (shop, [till, how]) => {
    shop.giveWithoutLease(till);
    await shop.send(till, 'clear');
    shop.undo(till);
    await shop.send(till, how);
  }),
  often(4, fc.tuple(which, fc.nat(4)), (shop, [till, luck]) => shop.takeLease(till, luck === 0)),
  // Taken along for whoever has none, and given at once.
  often(4, which, async (shop, till) => {
    await shop.takeLease(till, false);
    shop.giveFromLease(till);
  }),
  often(2, which, (shop, till) => shop.giveWithoutLease(till)),
  often(2, which, (shop, till) => shop.undo(till)),
  often(1, which, (shop, till) => shop.giveLeaseBack(till)),
  // Given back, and spent all the same by a page that somebody has taken apart.
  often(2, which, async (shop, till) => {
    await shop.takeLease(till, false);
    shop.giveLeaseBack(till);
    await shop.send(till, 'clear');
    await shop.forge(till, { daysAgo: 0, withLease: true });
  }),
  often(6, fc.tuple(which, weather), (shop, [till, how]) => shop.send(till, how)),
  often(1, which, (shop, till) => shop.die(till)),
  often(1, which, (shop, till) => shop.connectAnew(till)),
  often(
    2,
    fc.tuple(which, fc.constantFrom(0, 0.3, 1, 2, 7, 8), fc.boolean()),
    (shop, [till, daysAgo, withLease]) => shop.forge(till, { daysAgo, withLease }),
  ),
  often(3, fc.constantFrom(0.003, 1, 7, 24, 60), (shop, hours) => shop.wait(hours)),
);

interface OfflineOutcome {
  runs: number;
  /** How often what came out, over all runs. */
  outcomes: Map<string, number>;
  /** The first run in which more was given and out than may be; null when there was none. */
  violation: string | null;
}

/**
 * Gestures given and leases open never exceed an allowance, after every step of whatever happens to three tills; with a
 * `seed`, what happens is the same each time.
 */
export async function tryOffline(db: Database, runs: number, seed?: number): Promise<OfflineOutcome> {
  const outcomes = new Map<string, number>();
  const details = await fc.check(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 22 }), async (steps) => {
      const shop = await OfflineShop.open(db, outcomes);
      for (const happen of steps) {
        await happen(shop);
        const excess = await shop.findExcess();
        if (excess) throw new Error(excess);
      }
    }),
    { numRuns: runs, ...(seed !== undefined && { seed }) },
  );
  const violation = details.failed ? fc.defaultReportMessage(details)! : null;
  return { runs: details.numRuns, outcomes, violation };
}

export const offlineProof: Proof = {
  name: 'offline',
  promise: 'the allowance is exact offline too: gestures and open leases never exceed it',
  async run({ isLong, makeFolder }) {
    const found = await withDatabase(join(makeFolder(), 'doublestamp.db'), (db) =>
      tryOffline(db, isLong ? LONG_RUNS : SHORT_RUNS),
    );
    const given = found.outcomes.get('give from lease: done') ?? 0;
    return {
      figure: `${found.runs} runs of up to 22 steps with crashes, repeats, lost answers and forged times (${given} gestures from leases): ${found.violation ?? '0 violations'}`,
      holds: found.violation === null,
    };
  },
};
