import { v7 as uuid } from 'uuid';
import type { Database, Tables } from '../../db/database.ts';
import type { Accrual } from '../../src/loyalty/program.ts';
import type { Role } from '../../src/loyalty/role.ts';
import type { Actor, TillActor } from '../../src/operations/actor.ts';

export interface Shop {
  merchantId: string;
  locationId: string;
  deviceId: string;
  programId: string;
  /** Opens at 04:00, Europe/London unless told otherwise. */
  flatWhite: Tables['items']['$inferSelect'];
  /** Costs money, earns no stamp, may not be given. */
  granola: Tables['items']['$inferSelect'];
  ada: TillActor;
  ben: TillActor;
  manager: TillActor;
  owner: Actor;
}

export interface ShopOptions {
  now?: Date;
  timeZone?: string;
  cutOffMinutes?: number;
  stampsRequired?: number;
  accrual?: Accrual;
  coolDownDays?: number;
  currency?: string;
  /** Gestures a barista may give a day; null for no rule at all. */
  gesturesLimit?: number | null;
}

/** A shop that works, written straight into the tables: one location, one till, two baristas, a manager, an owner. */
export async function aShop(db: Database, options: ShopOptions = {}): Promise<Shop> {
  const now = options.now ?? new Date('2026-03-02T09:00:00Z');
  const timeZone = options.timeZone ?? 'Europe/London';
  const cutOffMinutes = options.cutOffMinutes ?? 240;
  const merchantId = uuid();
  const locationId = uuid();
  const deviceId = uuid();
  const programId = uuid();
  const place = {
    merchantId,
    deviceId,
    locationId,
    timeZone,
    cutOffMinutes,
    dayFloor: null,
    dayFloorAt: null,
    weekStartsOn: 1,
  };
  const item = (name: string, priceMinor: number, costMinor: number, isCoffee: boolean) => ({
    merchantId,
    itemId: uuid(),
    name,
    priceMinor,
    costMinor,
    qualifies: isCoffee,
    mayBeGiven: isCoffee,
    createdAt: now,
    endedAt: null,
  });
  const person = (name: string, role: Role) => ({
    merchantId,
    staffId: uuid(),
    name,
    role,
    email: null,
    passwordHash: null,
    pinHash: null,
    locationId: null,
    createdAt: now,
    endedAt: null,
  });
  const flatWhite = item('Flat white', 350, 80, true);
  const granola = item('Granola', 520, 190, false);
  const ada = person('Ada', 'barista');
  const ben = person('Ben', 'barista');
  const manager = person('Mo', 'manager');
  const owner = person('Olive', 'owner');
  await db.transact(async (tx) => {
    await tx.query((d, t) =>
      d.insert(t.merchants).values({
        merchantId,
        name: 'The Kind Bean',
        currency: options.currency ?? 'GBP',
        weekStartsOn: 1,
        visitMinutes: 30,
        coolDownDays: options.coolDownDays ?? 7,
        isMadeUp: false,
        createdAt: now,
      }),
    );
    await tx.query((d, t) =>
      d.insert(t.locations).values({
        merchantId,
        locationId,
        name: 'High Street',
        timeZone,
        cutOffMinutes,
        dayFloor: null,
        dayFloorAt: null,
        joinCode: uuid(),
        createdAt: now,
        endedAt: null,
      }),
    );
    await tx.query((d, t) => d.insert(t.staff).values([ada, ben, manager, owner]));
    await tx.query((d, t) =>
      d.insert(t.devices).values({
        merchantId,
        deviceId,
        locationId,
        name: 'Counter',
        tokenId: uuid(),
        enrolledAt: now,
        endedAt: null,
      }),
    );
    await tx.query((d, t) =>
      d.insert(t.programs).values({
        merchantId,
        programId,
        name: 'Coffee card',
        currentVersion: 1,
        createdAt: now,
        endedAt: null,
      }),
    );
    await tx.query((d, t) =>
      d.insert(t.programVersions).values({
        merchantId,
        programId,
        version: 1,
        stampsRequired: options.stampsRequired ?? 10,
        rewardName: 'A coffee on the house',
        rewardCostMinor: 80,
        accrual: options.accrual ?? { per: 'item' },
        expiryDays: null,
        colour: '#7a4a2b',
        createdAt: now,
      }),
    );
    await tx.query((d, t) => d.insert(t.items).values([flatWhite, granola]));
    if (options.gesturesLimit !== null)
      await tx.query((d, t) =>
        d.insert(t.allowances).values({
          merchantId,
          allowanceId: uuid(),
          scope: 'staff',
          subjectId: '*',
          period: 'day',
          gesturesLimit: options.gesturesLimit ?? 3,
          costLimitMinor: null,
          createdAt: now,
        }),
      );
  });
  const actor = ({ staffId, role }: { staffId: string; role: Role }): Actor => ({
    merchantId,
    staffId,
    role,
  });
  return {
    merchantId,
    locationId,
    deviceId,
    programId,
    flatWhite,
    granola,
    ada: { ...actor(ada), place },
    ben: { ...actor(ben), place },
    manager: { ...actor(manager), place },
    owner: actor(owner),
  };
}
