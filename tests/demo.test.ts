import { beforeAll, describe, expect, test } from 'vitest';
import type { Tables } from '../db/database.ts';
import { findMerchant } from '../db/queries/merchant-queries.ts';
import type { Books } from '../src/demo/books.ts';
import { findShowcase } from '../src/demo/find-showcase.ts';
import { foundShop } from '../src/demo/found-shop.ts';
import type { FoundedShop } from '../src/demo/found-shop.ts';
import { liveAYear } from '../src/demo/live-a-year.ts';
import { LuckySeason } from '../src/demo/lucky-season.ts';
import { ALLOWANCE_RULES, LOCATIONS, STAFF } from '../src/demo/shop-plan.ts';
import { writeShop } from '../src/demo/write-shop.ts';
import { computeBusinessWeek } from '../src/loyalty/business-day.ts';
import { readWallClock } from '../src/loyalty/wall-clock.ts';
import { chainEntries, CHAIN_START } from '../src/operations/append-entries.ts';
import { findCustomers, readWish } from '../src/operations/find-customers.ts';
import { readAudit } from '../src/operations/read-audit.ts';
import { reportEvidence } from '../src/operations/report-evidence.ts';
import { totalGestures } from '../src/operations/total-gestures.ts';
import { verifyAuditChain } from '../src/operations/verify-audit-chain.ts';
import { verifyDraws } from '../src/operations/verify-draws.ts';
import { verifyLedger } from '../src/operations/verify-ledger.ts';
import { testSealer } from './support/a-season.ts';
import { forEachDatabase } from './support/databases.ts';
import { FixedClock } from './support/fixed-clock.ts';

/** A Friday in British Summer Time, mid-afternoon in London. */
const NOW = new Date('2026-06-12T14:20:00Z');
const A_SMALL_YEAR = 4_000;
const clock = new FixedClock(NOW);

interface Made {
  shop: FoundedShop;
  books: Books;
  season: LuckySeason;
}

function makeUp({ seed = 1, sales = A_SMALL_YEAR, now = NOW } = {}): Made {
  const hashes = { password: 'not a hash', pins: ['1', '2', '3', '4', '5', '6'] };
  const shop = foundShop({ seed, now, hashes, secretOf: ({ cardId }) => `secret of ${cardId}` });
  const season = new LuckySeason(shop, { seed, sealer: testSealer });
  return { shop, season, books: liveAYear(shop, { seed, sales, now, season }) };
}

/** The hashes of the ledger: two that are the same tell the same story, to the last stamp. */
function hashesOf({ shop, books }: Made): string[] {
  const { merchantId } = shop.merchant;
  return chainEntries({ merchantId, entries: books.entries, after: CHAIN_START }).map(({ hash }) => hash);
}

const takingsOf = ({ books }: Made) =>
  books.sales.map(({ occurredAt, totalMinor }) => [occurredAt.getTime(), totalMinor]);

test('the same seed makes up the same year, and another seed another', () => {
  const year = makeUp();
  const again = makeUp();
  expect(hashesOf(again)).toEqual(hashesOf(year));
  expect(takingsOf(again)).toEqual(takingsOf(year));
  expect(hashesOf(makeUp({ seed: 2 })).at(-1)).not.toBe(hashesOf(year).at(-1));
});

test('later the same day, the year is the same and the day has gone on', () => {
  const afternoon = makeUp();
  const morning = makeUp({ now: new Date('2026-06-12T08:00:00Z') });
  const before = hashesOf(morning);
  expect(hashesOf(afternoon).slice(0, before.length)).toEqual(before);
  expect(afternoon.books.sales.length).toBeGreaterThan(morning.books.sales.length);
  expect(afternoon.books.audit.slice(0, morning.books.audit.length)).toEqual(morning.books.audit);
});

describe('a whole year', () => {
  let made: Made;
  beforeAll(() => {
    made = makeUp({ sales: 40_000 });
  });

  test('is that of a shop of some size', () => {
    const { books } = made;
    expect(books.sales.length).toBeGreaterThan(37_000);
    expect(books.sales.length).toBeLessThan(43_000);
    expect(books.cards.length).toBeGreaterThan(1_350);
    expect(books.cards.length).toBeLessThan(1_600);
    expect(books.gestures.length).toBeGreaterThan(1_500);
    expect(books.gestures.length).toBeLessThan(2_000);
    expect(books.refunds.length).toBeGreaterThan(100);
    expect(books.gestures.filter(({ undoneAt }) => undoneAt).length).toBeGreaterThan(10);
    const statuses = new Set([...books.rewards.values()].map(({ kind, status }) => `${kind} ${status}`));
    for (const status of ['stamps open', 'stamps redeemed', 'stamps reversed', 'voucher redeemed'])
      expect(statuses).toContain(status);
    const spent = [...books.rewards.values()].filter(({ status }) => status === 'redeemed');
    expect(spent.filter(({ proof }) => proof !== 'live_code')).toEqual([]);
  });

  test('has every day up to today, today as far as it has come', () => {
    const { shop, books } = made;
    const salesByDay = Map.groupBy(books.sales, ({ businessDay }) => businessDay);
    expect(shop.days.at(-1)).toBe('2026-06-12');
    const shut = shop.days.filter((day) => !salesByDay.has(day)).map((day) => day.slice(5));
    expect(shut.toSorted()).toEqual(['01-01', '12-25', '12-26']);
    const today = salesByDay.get('2026-06-12')!.length;
    expect(today).toBeGreaterThan(30);
    expect(salesByDay.get('2026-06-11')!.length).toBeGreaterThan(today);
    expect(books.sales.filter(({ occurredAt }) => occurredAt > NOW)).toEqual([]);
    expect(books.entries.filter(({ at }) => at > NOW)).toEqual([]);
  });

  test('nobody buys anything when the shop is closed, also in the weeks the clocks change', () => {
    const { shop, books } = made;
    const faults = books.sales.filter(({ locationId, occurredAt }) => {
      const plan = LOCATIONS[shop.locations.findIndex((place) => place.locationId === locationId)]!;
      const wall = new Date(readWallClock({ timeZone: plan.timeZone, instantMs: occurredAt.getTime() }));
      const weekday = wall.getUTCDay();
      const hours = weekday >= 1 && weekday <= 5 ? plan.workdayHours : plan.weekendHours;
      const isOpen = plan.weekdays[weekday]! > 0 && hours.some(([hour]) => hour === wall.getUTCHours());
      return !isOpen;
    });
    expect(faults).toEqual([]);
  });

  test('regulars come most, and most customers come seldom', () => {
    const visits = made.books.cards.map((card) => card.visits).sort((a, b) => a - b);
    const median = visits[Math.floor(visits.length / 2)]!;
    const often = visits[Math.floor(visits.length * 0.95)]!;
    expect(median).toBeLessThan(12);
    expect(often).toBeGreaterThan(5 * median);
  });

  test('somebody who works here is a customer too, and never treated by themselves', () => {
    const { books } = made;
    const theirs = books.cards.filter(({ customer }) => customer.staffId !== null);
    expect(theirs).toHaveLength(1);
    expect(theirs[0]!.visits).toBeGreaterThan(20);
    const givers = theirs[0]!.gestures.map(({ staffId }) => staffId);
    expect(givers.length).toBeGreaterThan(0);
    expect(givers).not.toContain(theirs[0]!.customer.staffId);
  });

  test('a card that was lost is blocked, and nothing is put on it afterwards', () => {
    const blocked = made.books.cards.filter(({ card }) => card.blockedAt !== null);
    expect(blocked).toHaveLength(1);
    const { cardId, blockedAt, balance } = blocked[0]!.card;
    const entries = made.books.entries.filter((entry) => entry.cardId === cardId);
    expect(balance).toBeGreaterThan(0);
    expect(entries.every(({ at }) => at < blockedAt!)).toBe(true);
  });

  test('some of those who gave a name are known by a phone number that is nobody’s, or by how they like it', () => {
    const customers = made.books.cards.map(({ customer }) => customer);
    const phones = customers.flatMap(({ phone }) => phone ?? []);
    expect(phones.length).toBeGreaterThan(200);
    expect(phones.length).toBeLessThan(350);
    expect(new Set(phones).size).toBe(phones.length);
    // The mobile numbers that Ofcom keeps for drama.
    expect(phones.filter((phone) => !/^07700900\d{3}$/.test(phone))).toEqual([]);
    const asked = made.books.cards.filter(({ customer }) => customer.preferences !== null);
    expect(asked.length).toBeGreaterThan(150);
    expect(asked.length).toBeLessThan(350);
    expect(asked.every(({ visits }) => visits > 2)).toBe(true);
    expect(customers.filter(({ name, phone, preferences }) => !name && (phone ?? preferences))).toEqual([]);
  });

  test('everybody who works there has four weeks off, and nobody serves at two places on one day', () => {
    const { shop, books } = made;
    for (const [place, { holidays }] of STAFF.entries()) {
      const { staffId } = shop.staff[place]!;
      const served = books.sales.filter((sale) => sale.staffId === staffId);
      const places = Map.groupBy(served, ({ businessDay }) => businessDay);
      const isOff = (day: string) => holidays.some(([from, to]) => from <= day && day <= to);
      expect(shop.days.filter((day) => isOff(day.slice(5)))).toHaveLength(28);
      expect([...places.keys()].filter((day) => isOff(day.slice(5)))).toEqual([]);
      expect(places.size).toBeGreaterThan(100);
      for (const sales of places.values())
        expect(new Set(sales.map(({ locationId }) => locationId)).size).toBe(1);
    }
  });

  test('nobody gives more than their allowance on any day, nor a shop in any week', () => {
    const { gestures } = made.books;
    const counted = gestures.filter(({ fundedBy, undoneAt }) => fundedBy === 'allowance' && !undoneAt);
    const [perStaff, perLocation] = ALLOWANCE_RULES as [
      (typeof ALLOWANCE_RULES)[number],
      (typeof ALLOWANCE_RULES)[number],
    ];
    const days = Map.groupBy(counted, ({ staffId, businessDay }) => `${staffId} ${businessDay}`);
    const most = Math.max(...[...days.values()].map(({ length }) => length));
    expect(most).toBe(perStaff.gesturesLimit);
    const weeks = Map.groupBy(
      counted,
      ({ locationId, businessDay }) =>
        `${locationId} ${computeBusinessWeek({ businessDay, weekStartsOn: 1 })}`,
    );
    for (const given of weeks.values()) {
      expect(given.length).toBeLessThanOrEqual(perLocation.gesturesLimit);
      const costMinor = given.reduce((total, gesture) => total + gesture.costMinor, 0);
      expect(costMinor).toBeLessThanOrEqual(perLocation.costLimitMinor!);
    }
    expect(gestures.some(({ fundedBy }) => fundedBy === 'grant')).toBe(true);
  });

  test('the counters of allowances agree with the gestures', () => {
    const counted = made.books.gestures.filter(
      ({ fundedBy, undoneAt }) => fundedBy === 'allowance' && !undoneAt,
    );
    const expected = new Map<string, { usedCount: number; usedCostMinor: number }>();
    for (const { staffId, locationId, businessDay, costMinor } of counted) {
      const weekStart = computeBusinessWeek({ businessDay, weekStartsOn: 1 });
      for (const name of [
        `staff ${staffId} day ${businessDay}`,
        `staff ${staffId} week ${weekStart}`,
        `location ${locationId} day ${businessDay}`,
        `location ${locationId} week ${weekStart}`,
      ]) {
        const { usedCount, usedCostMinor } = expected.get(name) ?? { usedCount: 0, usedCostMinor: 0 };
        expected.set(name, { usedCount: usedCount + 1, usedCostMinor: usedCostMinor + costMinor });
      }
    }
    for (const {
      scope,
      subjectId,
      period,
      periodStart,
      usedCount,
      usedCostMinor,
    } of made.books.counters.values())
      expect({ usedCount, usedCostMinor }).toEqual(
        expected.get(`${scope} ${subjectId} ${period} ${periodStart}`) ?? { usedCount: 0, usedCostMinor: 0 },
      );
    expect(made.books.counters.size).toBeGreaterThanOrEqual(expected.size);
  });

  test('a lucky moment brings what the shop says it brings: some of those who are treated come once more', () => {
    const { books, season } = made;
    const treats = books.gestures.filter(({ fundedBy }) => fundedBy === 'lucky');
    expect(treats.length).toBeGreaterThan(300);
    // Nobody else comes for a cake without a drink.
    const extra = books.sales.filter(
      ({ lines }) => lines.length === 1 && lines[0]!.name === 'Carrot cake' && lines[0]!.quantity === 1,
    );
    const broughtMinor = extra.reduce((total, { totalMinor }) => total + totalMinor, 0) / treats.length;
    expect(broughtMinor / season.trueEffectMinor).toBeGreaterThan(0.9);
    expect(broughtMinor / season.trueEffectMinor).toBeLessThan(1.1);
    // And fills no card sooner, neither with the treat nor with the cake: a reward would take from it.
    expect(extra.every(({ stampsEarned }) => stampsEarned === 0)).toBe(true);
    expect(new Set(treats.map(({ kind }) => kind))).toEqual(new Set(['free_item']));
  });

  test('a newcomer is somebody new, and a regular somebody well known', () => {
    const { sales, gestures } = made.books;
    const salesOf = Map.groupBy(sales, ({ customerId }) => customerId);
    const visitsBefore = (wanted: string) =>
      gestures
        .filter(({ reason }) => reason === wanted)
        .map(({ customerId, givenAt }) =>
          salesOf.get(customerId)!.filter(({ occurredAt }) => occurredAt <= givenAt),
        )
        .map(({ length }) => length);
    expect(Math.max(...visitsBefore('newcomer'))).toBe(3);
    expect(Math.min(...visitsBefore('regular'))).toBeGreaterThan(20);
  });
});

forEachDatabase('a made-up shop', (database) => {
  let made: Made;
  beforeAll(async () => {
    made = makeUp();
    await writeShop(database.db)(made.shop, made.books, made.season);
  });

  test('says that it is made up', async () => {
    const { merchantId } = made.shop.merchant;
    const merchant = await database.db.read((queries) => findMerchant(queries, { merchantId }));
    expect(merchant).toMatchObject({ isMadeUp: true, name: 'Wren & Kettle (made up)' });
  });

  test('has a ledger and an audit log without a fault', async () => {
    const { merchantId } = made.shop.merchant;
    expect(await verifyLedger(database.db)({ merchantId })).toEqual({
      entryCount: made.books.entries.length,
      cardCount: made.books.cards.length,
      fault: null,
    });
    expect(await verifyAuditChain(database.db)({ merchantId })).toMatchObject({ brokenAt: null });
  });

  test('tells in its audit log how it was founded and what was done since, in the order it was done', async () => {
    const { merchant, staff } = made.shop;
    const { merchantId } = merchant;
    const { items } = await readAudit(database.db)({ merchantId }, { limit: 1_000 });
    const lines = items.toReversed();
    const times = lines.map(({ at }) => at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const phones = made.books.cards.filter(({ customer }) => customer.phone);
    const preferences = made.books.cards.filter(({ customer }) => customer.preferences);
    expect(Object.fromEntries(Map.groupBy(lines, ({ action }) => action))).toEqual({
      'merchant.set-up': [expect.objectContaining({ staffName: 'Ruth', at: merchant.createdAt })],
      'pin.changed': [expect.objectContaining({ subjectName: 'Ruth' })],
      'program.added': [expect.objectContaining({ subjectName: 'Coffee card' })],
      'location.added': [expect.objectContaining({ subjectName: 'Station Arcade' })],
      'staff.added': staff.slice(1).map(({ name }) => expect.objectContaining({ subjectName: name })),
      'item.added': made.shop.items.map(({ name }) => expect.objectContaining({ subjectName: name })),
      'allowance.added': [expect.objectContaining({ subjectId: made.shop.allowances[1]!.allowanceId })],
      'enrolment.started': made.shop.enrolments.map(({ enrolmentId }) =>
        expect.objectContaining({ subjectId: enrolmentId }),
      ),
      'device.enrolled': made.shop.devices.map(({ name }) => expect.objectContaining({ subjectName: name })),
      'season.started': [expect.objectContaining({ subjectId: made.season.row.seasonId })],
      'card.blocked': [expect.objectContaining({ staffName: 'Ruth' })],
      'customer.edited': phones.map(() => expect.objectContaining({ staffId: null })),
      'customer.preferences-edited': preferences.map(() =>
        expect.objectContaining({ staffName: expect.any(String) }),
      ),
    });
  });

  test('has a customer to be found at the till by the last four figures of a phone number', async () => {
    const [till] = made.shop.tills;
    const { merchantId } = made.shop.merchant;
    const { staffId, role } = made.shop.staff[2]!;
    const barista = { merchantId, staffId, role, place: { ...till!, merchantId } };
    const found = await findCustomers(database.db, clock)(barista, { wish: readWish('0123')! });
    expect(found).toMatchObject({ items: [{ phoneEnd: '0123', firstName: expect.any(String) }] });
  });

  test('has lucky moments that were drawn as they should be, and tells what they bring', async () => {
    const { merchantId } = made.shop.merchant;
    const { draws, row, trueEffectMinor } = made.season;
    expect(await verifyDraws(database.db, testSealer)({ merchantId })).toEqual({
      drawCount: draws.length,
      redrawnCount: draws.length,
      fault: null,
    });
    const { seasonId } = row;
    const report = await reportEvidence(database.db, clock, testSealer)({ merchantId }, { seasonId });
    expect(report).toMatchObject({ isMadeUp: true, trueEffectMinor, draws: { made: draws.length } });
  });

  test('has a report of gestures, and of what their customers spent afterwards', async () => {
    const { staffId } = made.shop.staff[0]!;
    const actor = { merchantId: made.shop.merchant.merchantId, staffId, role: 'owner' as const };
    const report = await totalGestures(database.db, clock)(actor, { windowDays: 30, model: 'last' });
    if ('refused' in report) throw new Error(report.refused);
    expect(report.head.isMadeUp).toBe(true);
    const standing = made.books.gestures.filter(({ undoneAt }) => !undoneAt);
    expect(report.totals.all.gestures).toBe(standing.length);
    expect(report.totals.complete.gesturesReturned).toBeGreaterThan(standing.length / 4);
    expect(report.totals.all.attributedSpendMinor).toBeGreaterThan(10_000);
  });

  test('has three cards worth a look', async () => {
    const { merchantId } = made.shop.merchant;
    const showcase = await findShowcase(database.db, clock)({ merchantId });
    const stateOf = (cardId: string | undefined) =>
      made.books.cards.find(({ card }) => card.cardId === cardId)?.card as Tables['cards']['$inferSelect'];
    const nearlyFull = stateOf(showcase.nearlyFull?.cardId);
    expect(nearlyFull.balance - nearlyFull.heldStamps).toBe(9);
    expect(stateOf(showcase.full?.cardId).openRewardCount).toBeGreaterThan(0);
    const last = made.books.gestures.filter(
      ({ cardId, undoneAt }) => cardId === showcase.treated?.cardId && !undoneAt,
    );
    expect(last.length).toBeGreaterThan(0);
    expect(made.shop.staff.map(({ name }) => name)).toContain(showcase.treated?.giverName);
  });
});
