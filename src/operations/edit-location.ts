import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { endDevicesAt } from '../../db/queries/device-queries.ts';
import { findOpenLocation, insertLocation, updateLocation } from '../../db/queries/location-queries.ts';
import type { LocationChange } from '../../db/queries/location-queries.ts';
import { listOpenSeasons } from '../../db/queries/season-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { answerOnce } from './answer-once.ts';
import type { Answered, Attempt, RepeatRefusal } from './answer-once.ts';
import { appendAudit } from './append-audit.ts';
import { businessDayOf } from './business-day-of.ts';
import { isSameJson } from './canonical-json.ts';
import { makeJoinCode } from './join-code.ts';
import { presentLocation } from './list-locations.ts';
import type { LocationView } from './list-locations.ts';
import type { Sealer } from './seal.ts';
import { endSeason } from './stop-season.ts';

type LocationUnknown = { refused: 'location-unknown' };

/** Opens a location. */
export const addLocation =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    { attempt, ...request }: { attempt: Attempt; name: string; timeZone: string; cutOffMinutes: number },
  ): Promise<Answered<LocationView> | RepeatRefusal> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const locationId = uuid();
    const row = {
      merchantId,
      locationId,
      ...request,
      dayFloor: null,
      dayFloorAt: null,
      joinCode: makeJoinCode(),
      createdAt: now,
      endedAt: null,
    };
    return db.transact((tx) =>
      answerOnce(tx, { merchantId, attempt, now }, async () => {
        await insertLocation(tx, row);
        await appendAudit(tx, {
          merchantId,
          at: now,
          staffId,
          action: 'location.added',
          subjectId: locationId,
          details: request,
        });
        return presentLocation(row);
      }),
    );
  };

/**
 * Edits a location. When its zone or cut-off change, its days never go back before the business day it is there now:
 * otherwise the edit would open a day again, with a new allowance.
 */
export const editLocation =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    request: {
      locationId: string;
      change: {
        name?: string | undefined;
        timeZone?: string | undefined;
        cutOffMinutes?: number | undefined;
      };
    },
  ): Promise<LocationView | LocationUnknown> => {
    const { merchantId, staffId } = actor;
    const { locationId } = request;
    const now = clock.now();
    return db.transact(async (tx) => {
      const location = await findOpenLocation(tx, { merchantId, locationId });
      if (!location) return { refused: 'location-unknown' };
      const edited = {
        name: request.change.name ?? location.name,
        timeZone: request.change.timeZone ?? location.timeZone,
        cutOffMinutes: request.change.cutOffMinutes ?? location.cutOffMinutes,
      };
      if (isSameJson({ ...location, ...edited }, location)) return presentLocation(location);
      const movesDays =
        edited.timeZone !== location.timeZone || edited.cutOffMinutes !== location.cutOffMinutes;
      const change: LocationChange = movesDays
        ? { ...edited, dayFloor: businessDayOf(location, now), dayFloorAt: now }
        : edited;
      await updateLocation(tx, { merchantId, locationId, change });
      const { name, timeZone, cutOffMinutes } = location;
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'location.edited',
        subjectId: locationId,
        details: { from: { name, timeZone, cutOffMinutes }, to: edited },
      });
      return presentLocation({ ...location, ...change });
    });
  };

/**
 * Closes a location for good, and ends its tills and the seasons that draw there alone: nobody can be drawn any more, so
 * their keys are out. What happened there stays.
 */
export const endLocation =
  (db: Database, clock: Clock, sealer: Sealer) =>
  (actor: Actor, { locationId }: { locationId: string }): Promise<LocationUnknown | undefined> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const location = await findOpenLocation(tx, { merchantId, locationId });
      if (!location) return { refused: 'location-unknown' };
      await updateLocation(tx, { merchantId, locationId, change: { endedAt: now } });
      await endDevicesAt(tx, { merchantId, locationId, endedAt: now });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'location.ended',
        subjectId: locationId,
        details: { name: location.name },
      });
      for (const season of await listOpenSeasons(tx, { merchantId }))
        if (season.locationId === locationId) await endSeason(tx, { season, staffId, now, sealer });
      return undefined;
    });
  };
