import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { insertSeason, listOpenSeasons } from '../../db/queries/season-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { presentSeason } from './list-seasons.ts';
import type { SeasonView } from './list-seasons.ts';
import { planSeason } from './plan-season.ts';
import type { SeasonRequest } from './plan-season.ts';
import type { Sealer } from './seal.ts';
import { makeSeasonKey } from './season-key.ts';

/**
 * Begins a season: from now on eligible visits draw. Its key is drawn and sealed, the key's hash is public from this
 * moment, and what the answer depends on (n*, where a sale is cut, which sales belong to a visit) is frozen. There is
 * one season of a kind at a location at a time.
 */
export const startSeason =
  (db: Database, clock: Clock, sealer: Sealer) =>
  async (
    actor: Actor,
    request: SeasonRequest,
  ): Promise<SeasonView | { refused: 'location-unknown' } | { refused: 'season-on'; seasonId: string }> => {
    const now = clock.now();
    const seasonId = uuid();
    const { merchantId, staffId } = actor;
    const plan = await planSeason(db, clock)(actor, request);
    if ('refused' in plan) return plan;
    const key = makeSeasonKey(sealer, { seasonId });
    const season: SeasonRow = {
      merchantId,
      seasonId,
      kind: plan.kind,
      locationId: plan.locationId,
      chanceMillionths: plan.chanceMillionths,
      dailyCap: plan.dailyCap,
      gestureKind: plan.gestureKind,
      ...key,
      revealedKey: null,
      plannedDraws: plan.plannedDraws,
      saleCapMinor: plan.saleCapMinor,
      visitMinutes: plan.visitMinutes,
      smallestEffectMinor: plan.smallestEffectMinor,
      marginMillionths: plan.marginMillionths,
      startedAt: now,
      startedBy: staffId,
      endedAt: null,
      endedBy: null,
    };
    return db.transact(async (tx) => {
      const open = await listOpenSeasons(tx, { merchantId });
      const inTheWay = open.find(
        ({ kind, locationId }) =>
          kind === season.kind &&
          (locationId === null || season.locationId === null || locationId === season.locationId),
      );
      if (inTheWay) return { refused: 'season-on', seasonId: inTheWay.seasonId };
      await insertSeason(tx, season);
      const view = presentSeason(season, { draws: 0, drawn: 0 });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'season.started',
        subjectId: seasonId,
        details: { ...view, startedAt: now.toISOString() },
      });
      return view;
    });
  };
