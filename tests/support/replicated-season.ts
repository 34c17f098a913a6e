// A season of the made-up shop, lived through the real operations: every card is scanned, every coffee sold, every kind
// word written down, every refund paid. Beside it an account is kept of what happened, from which the pure functions say
// what the report must say, without a look at the tables.
import type { Database } from '../../db/database.ts';
import { buildColumns, decideEligibility, freezeCovariates } from '../../src/evidence/covariates.ts';
import type { Covariates } from '../../src/evidence/covariates.ts';
import { computeDraw } from '../../src/evidence/draw.ts';
import { computeOutcome } from '../../src/evidence/outcome.ts';
import { weighSeason } from '../../src/evidence/weigh-season.ts';
import type { SeasonEvidence } from '../../src/evidence/weigh-season.ts';
import type { EvidenceView } from '../../src/operations/evidence-view.ts';
import type { SeasonView } from '../../src/operations/list-seasons.ts';
import { reportEvidence } from '../../src/operations/report-evidence.ts';
import { scanCard } from '../../src/operations/scan-card.ts';
import { seasonHmac } from '../../src/operations/season-key.ts';
import { startSeason } from '../../src/operations/start-season.ts';
import { stopSeason } from '../../src/operations/stop-season.ts';
import { verifyDraws } from '../../src/operations/verify-draws.ts';
import type { DrawCheck } from '../../src/operations/verify-draws.ts';
import { aCard } from './a-card.ts';
import type { TestCard } from './a-card.ts';
import { testSealer } from './a-season.ts';
import { aShop } from './a-shop.ts';
import type { Shop } from './a-shop.ts';
import { aTill } from './a-till.ts';
import { FixedClock } from './fixed-clock.ts';
import { rowsOf } from './shop-settings.ts';
import { meetPeople } from './simulated-shop.ts';
import type { SimulatedPerson, World } from './simulated-shop.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const WEEK_MS = 7 * DAY_MS;
const OPENED_MS = Date.parse('2025-01-01T00:00:00Z');
const VISIT_MINUTES = 30;
const DAILY_CAP = 10_000;
const MILLION = 1_000_000;

export interface ReplicatedSeason {
  shop: Shop;
  /** As it ended, with its key. */
  season: SeasonView & { revealedKey: string };
  /** What the report of the real operation says, and what the pure functions make of the account. */
  view: EvidenceView;
  expected: SeasonEvidence;
  /** Draws as they are in the tables, and as the account has them; in the order of the day. */
  draws: AccountedDraw[];
  expectedDraws: AccountedDraw[];
  check: DrawCheck;
  ledgerFault: unknown;
  counts: { visits: number; gestures: number; givenOnDraws: number; refunds: number };
}

export interface AccountedDraw {
  customerId: string;
  businessDay: string;
  isDrawn: boolean;
  covariates: Covariates;
}

interface Account {
  person: SimulatedPerson;
  card: TestCard;
  customerId: string;
  sales: { saleId: string; occurredAt: Date; totalMinor: number; refunds: { at: Date; minor: number }[] }[];
  visits: Visit[];
  lastGestureAt: Date | null;
}

interface Visit {
  account: Account;
  scannedAt: Date;
  /** null when nothing was given. */
  costMinor: number | null;
  ineligibility: ReturnType<typeof decideEligibility>;
  covariates: Covariates;
}

interface Refunding {
  at: Date;
  minor: number;
  sale: Account['sales'][number];
}

/** Lives through a season of a shop of its own, and reports on it a moment after it was stopped. */
export async function replicateSeason(db: Database, world: World, seed: number): Promise<ReplicatedSeason> {
  const clock = new FixedClock(new Date(OPENED_MS).toISOString());
  const shop = await aShop(db, { coolDownDays: 0, gesturesLimit: null, now: clock.now() });
  const till = aTill(db, clock, shop, { sealer: testSealer });
  const scan = scanCard(db, clock, testSealer);
  const start = startSeason(db, clock, testSealer);
  const accounts = new Map<SimulatedPerson, Account>();
  const refunding: Refunding[] = [];
  const counts = { visits: 0, gestures: 0, givenOnDraws: 0, refunds: 0 };
  let season: SeasonView | null = null;

  const people = meetPeople(world, seed);
  for (let day = 0; day < world.daysBefore + world.seasonDays; day++) {
    clock.set(new Date(OPENED_MS + day * DAY_MS + 6 * 60 * MINUTE_MS));
    if (day === world.daysBefore)
      season = yes(
        await start(shop.owner, {
          kind: 'lucky',
          chanceMillionths: world.chance * MILLION,
          dailyCap: DAILY_CAP,
        }),
      );
    const coming = people
      .filter(({ firstDay, endDay }) => firstDay <= day && day < endDay)
      .flatMap((person) => {
        const visit = person.comesOn(day);
        return visit ? [{ person, ...visit }] : [];
      })
      .sort((a, b) => a.at.getTime() - b.at.getTime());
    for (const visit of coming) {
      await payBack(visit.at);
      await serve({ ...visit, day });
    }
  }
  clock.set(new Date(OPENED_MS + (world.daysBefore + world.seasonDays) * DAY_MS));
  await payBack(clock.now());
  const ended = yes(await stopSeason(db, clock, testSealer)(shop.owner, season!));
  clock.advance({ minutes: 1 });
  const { merchantId } = shop;
  const view = yes(await reportEvidence(db, clock, testSealer)({ merchantId }, {}));
  const visits = [...accounts.values()]
    .flatMap((account) => account.visits)
    .sort((a, b) => a.scannedAt.getTime() - b.scannedAt.getTime());
  const rows = (await rowsOf(db, shop, 'draws')).toSorted((a, b) => a.sequence - b.sequence);
  const eligible = visits.filter(({ ineligibility }) => ineligibility === null);
  const revealedKey = ended.revealedKey!;
  const hmac = seasonHmac(revealedKey);
  const expectedDraws = eligible.map(({ account: { customerId }, scannedAt, covariates }) => {
    const businessDay = scannedAt.toISOString().slice(0, 10);
    const unit = { locationId: shop.locationId, customerId, businessDay };
    const { isDrawn } = computeDraw({ ...unit, chanceMillionths: world.chance * MILLION }, hmac);
    return { customerId, businessDay, isDrawn, covariates };
  });
  return {
    shop,
    season: { ...season!, ...ended, revealedKey },
    view,
    expected: weighAccount({ eligible, expectedDraws, view, season: season!, asOf: clock.now() }),
    draws: rows.map(({ customerId, businessDay, isDrawn, covariates }) => ({
      customerId,
      businessDay,
      isDrawn,
      covariates,
    })),
    expectedDraws,
    check: await verifyDraws(db, null)({ merchantId }),
    ledgerFault: await till.fault(),
    counts,
  };

  /** A visit as it goes at the till: scan, sale, perhaps something kind, perhaps money back one day. */
  async function serve({
    person,
    day,
    at,
    paidMinor,
    refundMinor,
  }: { person: SimulatedPerson; day: number } & NonNullable<ReturnType<SimulatedPerson['comesOn']>>) {
    clock.set(new Date(Math.max(clock.now().getTime(), at.getTime())));
    const account = accounts.get(person) ?? (await meet(person));
    const scannedAt = clock.now();
    const scanned = yes(await scan(shop.ada, account.card));
    const visit = freeze(account, { scannedAt, stamps: scanned.card.stamps, isSeasonOn: season !== null });
    account.visits.push(visit);
    counts.visits++;
    clock.advance({ seconds: 2 });
    const quantity = Math.max(1, Math.round(paidMinor / shop.flatWhite.priceMinor));
    const { sale } = answerOf(await till.sell(account.card, quantity));
    const sold: Account['sales'][number] = {
      saleId: sale.saleId,
      occurredAt: clock.now(),
      totalMinor: quantity * shop.flatWhite.priceMinor,
      refunds: [],
    };
    account.sales.push(sold);
    if (person.isGivenTo({ day, at: scannedAt, isOffered: scanned.draw !== null })) {
      const drawId = scanned.draw?.drawId;
      const given = answerOf(await till.give(account.card, { saleId: sale.saleId, drawId }));
      visit.costMinor = given.gesture.costMinor;
      account.lastGestureAt = clock.now();
      counts.gestures++;
      if (drawId) counts.givenOnDraws++;
    }
    if (refundMinor > 0) {
      const minor = Math.round((sold.totalMinor * refundMinor) / paidMinor);
      refunding.push({ at: new Date(scannedAt.getTime() + 2 * DAY_MS), minor, sale: sold });
    }
  }

  async function meet(person: SimulatedPerson): Promise<Account> {
    const card = await aCard(db, shop, { now: clock.now() });
    const [row] = (await rowsOf(db, shop, 'cards')).filter(({ cardId }) => cardId === card.cardId);
    const { customerId } = row!;
    const account: Account = { person, card, customerId, sales: [], visits: [], lastGestureAt: null };
    accounts.set(person, account);
    return account;
  }

  async function payBack(until: Date): Promise<void> {
    while (refunding[0] && refunding[0].at <= until) {
      const { at, minor, sale } = refunding.shift()!;
      clock.set(new Date(Math.max(clock.now().getTime(), at.getTime())));
      answerOf(await till.refund(sale.saleId, { amountMinor: minor }));
      sale.refunds.push({ at: clock.now(), minor });
      counts.refunds++;
    }
  }
}

/** What was known before a visit, and whether it is drawn for, by the account alone. */
function freeze(
  account: Account,
  { scannedAt, stamps, isSeasonOn }: { scannedAt: Date; stamps: number; isSeasonOn: boolean },
): Visit {
  const { sales, lastGestureAt } = account;
  const covariates = freezeCovariates({
    sales: sales.map((sale) => ({ occurredAt: sale.occurredAt, netMinor: netAt(sale, scannedAt) })),
    scannedAt,
    visitMinutes: VISIT_MINUTES,
    stamps,
  });
  const ineligibility = decideEligibility({
    covariates,
    hasEarlierVisit: sales.length > 0,
    isStaff: false,
    lastGestureAt,
    coolDownDays: 0,
    scannedAt,
    isSeasonOn,
    usedToday: 0,
    dailyCap: DAILY_CAP,
  });
  return { account, scannedAt, costMinor: null, ineligibility, covariates };
}

/** What the pure functions make of the account. */
function weighAccount({
  eligible,
  expectedDraws,
  view,
  season,
  asOf,
}: {
  eligible: readonly Visit[];
  expectedDraws: readonly AccountedDraw[];
  view: EvidenceView;
  season: SeasonView;
  asOf: Date;
}): SeasonEvidence {
  const rule = { saleCapMinor: season.saleCapMinor, visitMinutes: VISIT_MINUTES, asOf };
  const matured = eligible
    .map((visit, place) => ({
      ...visit,
      isDrawn: expectedDraws[place]!.isDrawn,
      outcome: computeOutcome(
        visit.scannedAt,
        visit.account.sales.map((sale) => ({ ...sale, netMinor: netAt(sale, asOf) })),
        rule,
      ),
    }))
    .filter(({ outcome }) => outcome.isMatured);
  const of = (value: (visit: (typeof matured)[number]) => number) => Float64Array.from(matured, value);
  const treats = matured.filter(({ isDrawn, costMinor }) => isDrawn && costMinor !== null);
  const light = view.lights.find(({ check }) => check === 'completeness')!;
  return weighSeason(
    {
      z: of(({ isDrawn }) => (isDrawn ? 1 : 0)),
      p: of(() => season.chanceMillionths / MILLION),
      d: of(({ costMinor }) => (costMinor === null ? 0 : 1)),
      spendMinor: of(({ outcome }) => outcome.spendMinor),
      saleCount: of(({ outcome }) => outcome.saleCount),
      placeboMinor: of(({ outcome }) => outcome.placeboMinor),
      x: buildColumns(matured.map(({ covariates }) => covariates)),
      cluster: matured.map(({ account }) => account.customerId),
      week: of(({ scannedAt }) => Math.floor((scannedAt.getTime() - season.startedAt.getTime()) / WEEK_MS)),
    },
    {
      plannedDraws: season.plannedDraws,
      chance: season.chanceMillionths / MILLION,
      gestureCostMinor: treats.reduce((sum, { costMinor }) => sum + costMinor!, 0) / treats.length,
      marginMillionths: season.marginMillionths,
      smallestEffectMinor: season.smallestEffectMinor,
      drawsMade: eligible.length,
      drawsPerWeek: 0, // it has ended
      audit: { checkedCount: eligible.length, mismatchedCount: 0 },
      // Which of its visits the check looks at is its own affair.
      completeness: { eligibleScans: light.figures['eligibleScans']!, undrawnScans: 0 },
      seed: Number.parseInt(season.keyHash.slice(0, 8), 16),
    },
  );
}

const netAt = (
  { totalMinor, refunds }: Pick<Account['sales'][number], 'totalMinor' | 'refunds'>,
  asOf: Date,
): number => totalMinor - refunds.reduce((sum, { at, minor }) => (at <= asOf ? sum + minor : sum), 0);

function yes<Outcome extends object>(outcome: Outcome): Exclude<Outcome, { refused: string }> {
  if ('refused' in outcome) throw new Error(String(outcome.refused));
  return outcome as Exclude<Outcome, { refused: string }>;
}

/** What a till was answered when the answer was yes. */
function answerOf<Answer extends object>(
  outcome: { answer: Answer } | { refused: string },
): Exclude<Answer, { refused: string }> {
  return yes(yes(outcome).answer);
}
