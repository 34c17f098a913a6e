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
