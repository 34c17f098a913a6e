import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import type { Clock } from '../../src/clock.ts';
import type { Granter } from '../../src/loyalty/gesture.ts';
import type { Refund } from '../../src/loyalty/refund.ts';
import type { Actor, Place, TillActor } from '../../src/operations/actor.ts';
import { claimSale } from '../../src/operations/claim-sale.ts';
import { giveGesture } from '../../src/operations/give-gesture.ts';
import type { GiveRequest } from '../../src/operations/give-gesture.ts';
import { leaseGestures } from '../../src/operations/lease-gestures.ts';
import { readAllowance } from '../../src/operations/read-allowance.ts';
import { readCard } from '../../src/operations/read-card.ts';
import { recordSale } from '../../src/operations/record-sale.ts';
import { redeemReward } from '../../src/operations/redeem-reward.ts';
import { refundSale } from '../../src/operations/refund-sale.ts';
import { returnLease } from '../../src/operations/return-lease.ts';
import type { Sealer } from '../../src/operations/seal.ts';
import { undoGesture } from '../../src/operations/undo-gesture.ts';
import { verifyLedger } from '../../src/operations/verify-ledger.ts';
import type { Shop } from './a-shop.ts';
import { attempt } from './a-card.ts';
import { testSecrets } from './server.ts';

interface Card {
  cardCode: string;
}

/** What baristas do at the till of a shop, in few words; by Ada unless somebody else is named. */
export function aTill(
  db: Database,
  clock: Clock,
  shop: Shop,
  { sealer = null }: { sealer?: Sealer | null } = {},
) {
  const { ada, flatWhite, merchantId } = shop;
  return {
    sell: (card: Card | null, quantity = 1, { by = ada, itemId = flatWhite.itemId } = {}) =>
      recordSale(db, clock)(by, {
        attempt: attempt(),
        cardCode: card?.cardCode,
        lines: [{ itemId, quantity }],
      }),
    claim: (card: Card, saleId: string, by = ada) =>
      claimSale(db, clock)(by, { attempt: attempt(), cardCode: card.cardCode, saleId }),
    give: (
      card: Card,
      {
        by = ada,
        granter = null,
        ...request
      }: Partial<GiveRequest> & { by?: TillActor; granter?: Granter | null } = {},
    ) =>
      giveGesture(db, clock, sealer)(
        by,
        {
          attempt: attempt(),
          cardCode: card.cardCode,
          kind: 'double_stamp',
          reason: 'long_day',
          ...request,
        },
        granter,
      ),
    undo: (gestureId: string, by = ada) => undoGesture(db, clock)(by, { attempt: attempt(), gestureId }),
    redeem: (
      card: Card,
      {
        by = ada,
        // Most tests are not about proving whose card it is.
        override = true,
        ...request
      }: {
        by?: TillActor;
        rewardId?: string;
        saleId?: string;
        liveCode?: string;
        scannedAgoMs?: number;
        override?: boolean;
      } = {},
    ) =>
      redeemReward(
        db,
        clock,
        testSecrets.cardKey,
      )(by, {
        attempt: attempt(),
        cardCode: card.cardCode,
        ...request,
        ...(override && { override }),
      }),
    refund: (saleId: string, refund: Refund, by: Actor & { place?: Place } = ada) =>
      refundSale(db, clock)(by, { attempt: attempt(), saleId, refund }),
    lease: (by = ada, count = 1) => leaseGestures(db, clock)(by, { attempt: attempt(), count }),
    giveBack: (leaseId: string, by = ada) =>
      returnLease(db, clock)(by.place, { attempt: attempt(), leaseId }),
    allowance: (by = ada) => readAllowance(db, clock)(by),
    look: (card: Card, by = ada) =>
      readCard(db, clock)({ merchantId, staffId: by.staffId, cardCode: card.cardCode }),
    /** The first thing wrong with the shop's ledger, cards and rewards; null when all is right. */
    fault: async () => (await verifyLedger(db)({ merchantId })).fault,
  };
}

/** Another till of the shop, beside the first or at a location of its own, as the place Ada would stand at. */
export async function anotherTill(
  db: Database,
  { merchantId, ada: { place } }: Shop,
  { isElsewhere = false, timeZone = place.timeZone } = {},
): Promise<Place> {
  const deviceId = uuid();
  const locationId = isElsewhere ? uuid() : place.locationId;
  const createdAt = new Date('2026-03-02T09:00:00Z');
  await db.transact(async (tx) => {
    if (isElsewhere)
      await tx.query((d, { locations }) =>
        d.insert(locations).values({
          merchantId,
          locationId,
          name: 'Station Road',
          timeZone,
          cutOffMinutes: place.cutOffMinutes,
          dayFloor: null,
          joinCode: uuid(),
          createdAt,
          endedAt: null,
        }),
      );
    await tx.query((d, { devices }) =>
      d.insert(devices).values({
        merchantId,
        deviceId,
        locationId,
        name: 'Window',
        tokenId: uuid(),
        enrolledAt: createdAt,
        endedAt: null,
      }),
    );
  });
  return { ...place, deviceId, locationId, timeZone };
}
