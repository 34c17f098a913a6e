import { addDays } from '../loyalty/business-day.ts';
import { businessDayOf } from '../operations/business-day-of.ts';
import { computeCardCode, hashOf, makeShortCode } from '../operations/card-codes.ts';
import { makeJoinCode } from '../operations/join-code.ts';
import { newCard, newCustomer, newPerson } from '../operations/new-rows.ts';
import type { CardInBooks, Giver, Row, Till } from './books.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import {
  ALLOWANCE_RULES,
  COOL_DOWN_DAYS,
  CURRENCY,
  DAYS,
  LOCATIONS,
  MENU,
  PROGRAM,
  SHOP_NAME,
  STAFF,
  VISIT_MINUTES,
  WEEK_STARTS_ON,
} from './shop-plan.ts';

/** The rows a shop has before its first customer. */
export interface FoundedShop {
  merchant: Row<'merchants'>;
  locations: Row<'locations'>[];
  staff: (Row<'staff'> & Giver)[];
  devices: Row<'devices'>[];
  /** With which the devices were enrolled, in their order. */
  enrolments: Row<'enrolments'>[];
  program: Row<'programs'>;
  programVersion: Row<'programVersions'>;
  items: Row<'items'>[];
  allowances: Row<'allowances'>[];
  /** One in each of `LOCATIONS`. */
  tills: Till[];
  /** The business days of its year, the last of them today's. */
  days: string[];
  itemOf(name: string): Row<'items'>;
  makeCard(card: NewCard): CardInBooks;
}

interface NewCard {
  cardId: string;
  customerId: string;
  name: string | null;
  staffId: string | null;
  locationId: string;
  createdAt: Date;
}

export interface FoundingOptions {
  seed: number;
  now: Date;
  /** Of the sign-ins in `STAFF`. */
  hashes: { password: string; pins: readonly string[] };
  /** The secret in the link of a card. */
  secretOf: (card: { merchantId: string; cardId: string }) => string;
}

/** Before anybody opens. */
const MORNING_MS = 4 * 3_600_000;

/** Founds the made-up shop, a year before `now`. */
export function foundShop({ seed, now, hashes, secretOf }: FoundingOptions): FoundedShop {
  const today = businessDayOf({ ...LOCATIONS[0]!, dayFloor: null, dayFloorAt: null }, now);
  const days = Array.from({ length: DAYS }, (_, day) => addDays(today, day - DAYS + 1));
  const createdAt = new Date(Date.parse(`${days[0]}T00:00:00Z`) + MORNING_MS);
  // Apart from the year's own draws, so that another shop would still live the same year.
  const random = createRandom(~seed);
  const merchantId = random.id(createdAt);
  const places = makePlaces(random, { merchantId, createdAt });
  const rules = makeRules(random, { merchantId, createdAt });
  const staff = STAFF.map(({ name, role, email }, place) =>
    newPerson({
      merchantId,
      staffId: random.id(createdAt),
      name,
      role,
      email,
      passwordHash: email === null ? null : hashes.password,
      pinHash: hashes.pins[place]!,
      locationId: null,
      createdAt,
    }),
  );
  const enrolments = places.devices.map(({ locationId, name: deviceName }) => ({
    merchantId,
    enrolmentId: random.id(createdAt),
    codeHash: hashOf(makeShortCode()),
    locationId,
    deviceName,
    createdBy: staff[0]!.staffId,
    createdAt,
    expiresAt: createdAt,
    usedAt: createdAt,
  }));
  const { program, programVersion, items } = rules;
  const itemsByName = new Map(items.map((item) => [item.name, item]));
  const shortCodes = new Set<string>();
  return {
    merchant: {
      merchantId,
      name: SHOP_NAME,
      currency: CURRENCY,
      weekStartsOn: WEEK_STARTS_ON,
      visitMinutes: VISIT_MINUTES,
      coolDownDays: COOL_DOWN_DAYS,
      isMadeUp: true,
      logoPictureId: null,
      createdAt,
    },
    ...places,
    ...rules,
    staff,
    enrolments,
    days,
    itemOf: (name) => itemsByName.get(name)!,
    makeCard({ name, staffId, ...card }) {
      const { cardId, customerId, createdAt } = card;
      const secret = secretOf({ merchantId, cardId });
      return {
        card: newCard({
          merchantId,
          ...card,
          programId: program.programId,
          programVersion: programVersion.version,
          secretHash: hashOf(secret),
          codeHash: hashOf(computeCardCode(secret)),
          shortCode: makeFreeShortCode(shortCodes),
        }),
        customer: newCustomer({ merchantId, customerId, name, staffId, createdAt }),
        version: programVersion,
        current: programVersion,
        openRewards: [],
        gestures: [],
        visits: 0,
      };
    },
  };
}

function makePlaces(random: Random, { merchantId, createdAt }: { merchantId: string; createdAt: Date }) {
  const locations = LOCATIONS.map(({ name, timeZone, cutOffMinutes }) => ({
    merchantId,
    locationId: random.id(createdAt),
    name,
    timeZone,
    cutOffMinutes,
    dayFloor: null,
    dayFloorAt: null,
    joinCode: makeJoinCode(),
    createdAt,
    endedAt: null,
  }));
  const devices = locations.map(({ locationId }) => ({
    merchantId,
    deviceId: random.id(createdAt),
    locationId,
    name: 'Counter',
    tokenId: random.id(createdAt),
    enrolledAt: createdAt,
    lastSeenAt: null,
    waitingCount: null,
    endedAt: null,
  }));
  const tills = locations.map((location, place) => ({
    ...location,
    deviceId: devices[place]!.deviceId,
    weekStartsOn: WEEK_STARTS_ON,
  }));
  return { locations, devices, tills };
}

function makeRules(random: Random, { merchantId, createdAt }: { merchantId: string; createdAt: Date }) {
  const { name, ...rule } = PROGRAM;
  const programId = random.id(createdAt);
  return {
    program: { merchantId, programId, name, currentVersion: 1, createdAt, endedAt: null },
    programVersion: { merchantId, programId, version: 1, ...rule, pictureId: null, createdAt },
    items: MENU.map(({ liked: _, goesWith: __, ...item }) => ({
      merchantId,
      itemId: random.id(createdAt),
      ...item,
      createdAt,
      endedAt: null,
    })),
    allowances: ALLOWANCE_RULES.map((limits) => ({
      merchantId,
      allowanceId: random.id(createdAt),
      subjectId: '*',
      ...limits,
      createdAt,
    })),
  };
}

function makeFreeShortCode(taken: Set<string>): string {
  for (;;) {
    const shortCode = makeShortCode();
    if (taken.has(shortCode)) continue;
    taken.add(shortCode);
    return shortCode;
  }
}
