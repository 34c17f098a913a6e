import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { createSqliteFile } from '../support/databases.ts';
import { replicateSeason } from '../support/replicated-season.ts';
import type { ReplicatedSeason } from '../support/replicated-season.ts';
import { aTenthMore } from '../support/simulated-shop.ts';

/** Small, so that it takes seconds; kind, so that there is something to count. */
const aSmallShop = {
  ...aTenthMore,
  customers: 40,
  daysBefore: 45,
  seasonDays: 90,
  chance: 0.4,
  kindness: { glad: 0.25, other: 0.03 },
};

describe('a season of the made-up shop, lived through the real operations', () => {
  let lived: ReplicatedSeason;
  beforeAll(async () => {
    const file = await createSqliteFile();
    const db = await openDatabase(file.url);
    lived = await replicateSeason(db, aSmallShop, 11);
    await db.close();
    await file.drop();
  }, 120_000);

  it('was lively: people came, were drawn for, were given something with and without a draw, got money back', () => {
    const { visits, gestures, givenOnDraws, refunds } = lived.counts;
    expect(visits).toBeGreaterThan(300);
    expect(givenOnDraws).toBeGreaterThan(30);
    expect(gestures).toBeGreaterThan(givenOnDraws + 5);
    expect(refunds).toBeGreaterThan(3);
    expect(lived.ledgerFault).toBeNull();
  });

  it('draws at exactly the visits that are eligible, as the key says, by what was known before them', () => {
    expect(lived.draws).toEqual(lived.expectedDraws);
    expect(lived.check).toEqual({
      drawCount: lived.draws.length,
      redrawnCount: lived.draws.length,
      fault: null,
    });
  });

  it('is reported to the digit as the pure functions weigh what happened', () => {
    const { view, expected, season } = lived;
    expect(view.seasonId).toBe(season.seasonId);
    expect(view.verdict).toBe(expected.verdict);
    const { spend, visits } = expected;
    expect(view.offer).toEqual(spend!.offer);
    expect(view.gesture).toEqual({ ...spend!.gesture, ...endsOf(spend!) });
    expect(view.visits).toEqual({ ...visits!.gesture, ...endsOf(visits!) });
    expect(view.acceptance).toEqual(spend!.acceptance);
    expect(view.rule.multiplier).toBe(spend!.multiplier);
    expect(view.lights).toEqual(expected.lights);
    expect(view.meanUndrawnMinor).toBe(expected.meanUndrawnMinor);
    expect(view.cost.breakEvenMinor).toBe(expected.breakEvenMinor);
    expect(view.stillNeeded).toEqual(expected.stillNeeded);
    expect(view.randomisationP).toBe(expected.randomisationP);
    expect(view.draws).toMatchObject({
      made: lived.draws.length,
      matured: spend!.visits,
      treated: expected.treatedDraws,
      treatedCustomers: expected.treatedCustomers,
    });
  });
});

const endsOf = ({ set }: { set: { isBounded: true; low: number; high: number } | { isBounded: false } }) =>
  set.isBounded ? { low: set.low, high: set.high } : { low: null, high: null };
