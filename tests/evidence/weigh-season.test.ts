import { describe, expect, test } from 'vitest';
import type { LightColour } from '../../src/evidence/refusals.ts';
import { weighSeason } from '../../src/evidence/weigh-season.ts';
import type { MaturedDraws, SeasonEvidence, SeasonPlan } from '../../src/evidence/weigh-season.ts';
import { createSeededRandom } from '../../src/evidence/seeded-random.ts';
import { anEvenWorld, columnsOf, simulateShop } from '../support/simulated-shop.ts';

const plan: SeasonPlan = {
  plannedDraws: 3_000,
  chance: 0.1,
  gestureCostMinor: 90,
  marginMillionths: 600_000,
  smallestEffectMinor: null,
  drawsMade: 3_200,
  drawsPerWeek: 120,
  audit: { checkedCount: 3_200, mismatchedCount: 0 },
  completeness: { eligibleScans: 3_200, undrawnScans: 0 },
  seed: 1,
};

/** A season in which a gesture brings in a given sum, exactly. */
function aSeason({ effectMinor = 0, visits = 3_000, acceptance = 0.8 } = {}): MaturedDraws {
  const next = createSeededRandom(4);
  const column = (value: (visit: number) => number) =>
    Float64Array.from({ length: visits }, (_, visit) => value(visit));
  const habit = column((visit) => 500 + (visit % 300));
  const z = column(() => (next() < 0.1 ? 1 : 0));
  const d = column((visit) => (next() < acceptance ? z[visit]! : 0));
  return {
    z,
    d,
    p: 0.1,
    spendMinor: column((visit) => habit[visit]! + 400 * next() + effectMinor * d[visit]!),
    saleCount: column((visit) => Math.floor(3 * next()) + d[visit]!),
    placeboMinor: column((visit) => habit[visit]! + 400 * next()),
    x: [column(() => 1), habit],
    cluster: Array.from({ length: visits }, (_, visit) => visit % 300),
    week: column((visit) => Math.floor((visit * 26) / visits)),
  };
}

const lightsOf = ({ lights }: SeasonEvidence): Record<string, LightColour> =>
  Object.fromEntries(lights.map(({ check, light }) => [check, light]));

const allGreen = {
  'sample-ratio': 'ok',
  'draw-audit': 'ok',
  completeness: 'ok',
  balance: 'ok',
  size: 'ok',
  'first-stage': 'ok',
  dominance: 'ok',
  drift: 'ok',
};

describe('a season, weighed', () => {
  test('gestures that bring in more than their cost are said to', () => {
    const evidence = weighSeason(aSeason({ effectMinor: 300 }), plan);
    expect(lightsOf(evidence)).toEqual(allGreen);
    expect(evidence).toMatchObject({
      verdict: 'more-than-they-cost',
      randomisationP: null,
      breakEvenMinor: expect.closeTo(150, 9),
      smallestEffectMinor: expect.closeTo(150, 9),
      stillNeeded: null,
    });
    expect(Math.abs(evidence.spend!.gesture!.effect - 300)).toBeLessThan(30);
    expect(evidence.treatedDraws).toBeGreaterThan(250);
    expect(evidence.treatedCustomers).toBeGreaterThan(150);
    expect(evidence.visits!.gesture!.effect).toBeGreaterThan(0.8);
  });

  test('gestures that do nothing cost more than they bring in', () => {
    const evidence = weighSeason(aSeason(), plan);
    expect(evidence.verdict).toBe('cost-more');
    expect(evidence.stillNeeded).toBeNull();
  });

  test('a shop whose guests are fickle is told how much is missing', () => {
    const shop = simulateShop({ ...anEvenWorld, customers: 150 }, 1);
    const { visits, placebo, ...columns } = columnsOf(shop.draws, anEvenWorld);
    const draws: MaturedDraws = {
      ...columns,
      spendMinor: columns.y,
      saleCount: visits,
      placeboMinor: placebo,
      week: Float64Array.from(shop.draws, ({ day }) => Math.floor((day - 95) / 7)),
    };
    const evidence = weighSeason(draws, plan);
    expect(lightsOf(evidence)).toEqual(allGreen);
    expect(evidence.verdict).toBe('not-enough-data');
    expect(evidence.stillNeeded!.treats).toBeGreaterThan(100);
    expect(evidence.stillNeeded!.weeks).toBeGreaterThan(10);
    const { smallestEffectMinor, meanUndrawnMinor, breakEvenMinor } = evidence;
    expect(smallestEffectMinor).toBeCloseTo(Math.max(breakEvenMinor, meanUndrawnMinor! / 10), 9);
  });

  test('the re-randomisation test is asked at 199 treated draws, and at 200 no more', () => {
    const season = aSeason({ effectMinor: 300, visits: 2_500 });
    let treated = 0;
    const upTo = (most: number): MaturedDraws => ({
      ...season,
      z: Array.from(season.z, (drawn) => (drawn === 1 && ++treated <= most ? 1 : 0)),
    });
    const at199 = weighSeason(upTo(199), plan);
    treated = 0;
    const at200 = weighSeason(upTo(200), plan);
    expect([at199.treatedDraws, at200.treatedDraws]).toEqual([199, 200]);
    expect([at199.randomisationP === null, at200.randomisationP === null]).toEqual([false, true]);
  });

  test('below 200 treated draws the re-randomisation test is asked too', () => {
    const evidence = weighSeason(aSeason({ effectMinor: 300, visits: 1_400 }), plan);
    expect(evidence.treatedDraws).toBeLessThan(200);
    expect(evidence.randomisationP).toBe(0.001);
    expect(evidence.verdict).toBe('more-than-they-cost');
  });

  test('below 100 there is no verdict, however clear it looks', () => {
    const evidence = weighSeason(aSeason({ effectMinor: 2_000, visits: 700 }), plan);
    expect(evidence.treatedDraws).toBeLessThan(100);
    expect(lightsOf(evidence)['size']).toBe('refuse');
    expect(evidence.verdict).toBe('not-enough-data');
  });

  test('one customer who decides the answer fails a check, but among a few treats that is too little data', () => {
    const moody = (visits: number): MaturedDraws => {
      const season = aSeason({ visits });
      return { ...season, spendMinor: [1_000_000, ...Array.from(season.spendMinor).slice(1)] };
    };
    const [many, few] = [3_000, 700].map((visits) => weighSeason(moody(visits), plan));
    expect([lightsOf(many!)['dominance'], lightsOf(few!)['dominance']]).toEqual(['refuse', 'refuse']);
    expect([many!.verdict, few!.verdict]).toEqual(['checks-failed', 'not-enough-data']);
  });

  test('and those missing to the hundred are told, however little doubt there seems to be', () => {
    const evidence = weighSeason(aSeason({ effectMinor: 2_000, visits: 700 }), { ...plan, drawsMade: 700 });
    const { treats, weeks } = evidence.stillNeeded!;
    expect(Math.abs(treats - (100 - evidence.treatedDraws))).toBeLessThanOrEqual(1);
    expect(weeks).toBeGreaterThan(4);
  });

  test('where enough have matured and the effect is close to the cost, nobody is told to wait', () => {
    const evidence = weighSeason(aSeason({ effectMinor: 150 }), { ...plan, drawsPerWeek: 0 });
    expect(evidence.verdict).toBe('bring-people-back');
    expect(evidence.stillNeeded).toEqual({ treats: 0, weeks: 0 });
  });

  test('where gestures bring people back for less than they cost, no more draws are asked for', () => {
    const evidence = weighSeason(aSeason({ effectMinor: 60 }), { ...plan, smallestEffectMinor: 20 });
    const { set } = evidence.spend!;
    expect(set.isBounded && set.low > 0 && set.high < evidence.breakEvenMinor).toBe(true);
    expect(evidence.verdict).toBe('bring-people-back');
    expect(evidence.stillNeeded).toBeNull();
  });

  test('offers that hardly change anything foretell nothing, rather than a million lucky moments', () => {
    const evidence = weighSeason(aSeason({ acceptance: 0.01 }), plan);
    expect(lightsOf(evidence)['first-stage']).toBe('refuse');
    expect(evidence.spend!.gesture).not.toBeNull();
    expect(evidence.stillNeeded).toBeNull();
  });

  test('when a check fails nothing is said, and the light says why', () => {
    const audit = { checkedCount: 3_200, mismatchedCount: 1 };
    const refused = weighSeason(aSeason({ effectMinor: 300 }), { ...plan, audit });
    expect(refused.verdict).toBe('checks-failed');
    expect(lightsOf(refused)).toEqual({ ...allGreen, 'draw-audit': 'refuse' });
    const holes = weighSeason(aSeason(), { ...plan, completeness: { eligibleScans: 100, undrawnScans: 3 } });
    expect(holes.verdict).toBe('checks-failed');
  });

  describe('one customer who decides, or people who differed before', () => {
    const decided = (season: MaturedDraws): MaturedDraws => ({
      ...season,
      spendMinor: Float64Array.from(season.spendMinor, (minor, visit) =>
        visit % 300 === 0 ? minor + 90_000 * (1 + (visit % 7)) : minor,
      ),
    });
    const steered = (season: MaturedDraws): MaturedDraws => ({
      ...season,
      placeboMinor: Float64Array.from(season.placeboMinor, (minor, visit) => minor + 500 * season.z[visit]!),
    });

    test('fail a check once there is enough to tell', () => {
      const dominated = weighSeason(decided(aSeason()), plan);
      expect(lightsOf(dominated)).toMatchObject({ size: 'ok', dominance: 'refuse', balance: 'ok' });
      expect(dominated.verdict).toBe('checks-failed');
      const unlike = weighSeason(steered(aSeason()), plan);
      expect(lightsOf(unlike)).toMatchObject({ size: 'ok', dominance: 'ok', balance: 'refuse' });
      expect(unlike.verdict).toBe('checks-failed');
    });

    test('are too little data as long as there are few, where a draw that was tampered with is a fault', () => {
      const few = aSeason({ visits: 700 });
      const dominated = weighSeason(decided(few), plan);
      expect(lightsOf(dominated)).toMatchObject({ size: 'refuse', dominance: 'refuse' });
      expect(dominated.verdict).toBe('not-enough-data');
      const unlike = weighSeason(steered(few), plan);
      expect(lightsOf(unlike)).toMatchObject({ size: 'refuse', balance: 'refuse' });
      expect(unlike.verdict).toBe('not-enough-data');
      const audit = { checkedCount: 700, mismatchedCount: 1 };
      expect(weighSeason(few, { ...plan, audit }).verdict).toBe('checks-failed');
    });
  });

  test('what is spent without an offer is told from the visits that were not drawn', () => {
    const season = aSeason({ effectMinor: 300 });
    const undrawn = [...(season.spendMinor as Float64Array)].filter((_, visit) => season.z[visit] === 0);
    const mean = undrawn.reduce((sum, minor) => sum + minor, 0) / undrawn.length;
    expect(weighSeason(season, plan).meanUndrawnMinor).toBeCloseTo(mean, 6);
  });

  test('offers that are taken from the middle of the season on are warned of', () => {
    const season = aSeason();
    const d = Float64Array.from(season.d, (_, visit) => (season.week[visit]! < 13 ? 0 : season.z[visit]!));
    const drift = weighSeason({ ...season, d }, plan).lights.find(({ check }) => check === 'drift');
    expect(drift).toMatchObject({ light: 'warn', figures: { lowest: 0, highest: 1 } });
  });

  test('when nobody takes the offers only their own effect is told', () => {
    const evidence = weighSeason(aSeason({ acceptance: 0 }), plan);
    expect(evidence.verdict).toBe('not-enough-data');
    expect(lightsOf(evidence)['first-stage']).toBe('refuse');
    expect(evidence.spend!.gesture).toBeNull();
    expect(Number.isFinite(evidence.spend!.offer.low)).toBe(true);
    expect(evidence.stillNeeded).toBeNull();
  });

  test('the first day of a season says nothing, and does not break', () => {
    const evidence = weighSeason(
      {
        z: [],
        d: [],
        p: 0.1,
        spendMinor: [],
        saleCount: [],
        placeboMinor: [],
        x: [[]],
        cluster: [],
        week: [],
      },
      { ...plan, drawsMade: 0, drawsPerWeek: 0, audit: { checkedCount: 0, mismatchedCount: 0 } },
    );
    expect(evidence).toMatchObject({
      verdict: 'not-enough-data',
      spend: null,
      visits: null,
      meanUndrawnMinor: null,
      smallestEffectMinor: null,
      stillNeeded: null,
    });
  });
});
