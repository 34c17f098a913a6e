import { expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open.ts';
import { aShop } from '../support/a-shop.ts';
import { aCard } from '../support/a-card.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { rowsOf, setAllowances } from '../support/shop-settings.ts';

const SERVERS = 3;
const LIMIT = 3;

forEachDatabase('several servers on one database', (database) => {
  const open = async () => {
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(database.db, { coolDownDays: 0, gesturesLimit: LIMIT });
    const servers: Database[] = [];
    onTestFinished(() => Promise.all(servers.map((db) => db.close())).then(() => undefined));
    for (let opened = 0; opened < SERVERS; opened++) servers.push(await openDatabase(database.url));
    const tills = servers.map((db) => aTill(db, clock, shop));
    return { clock, shop, tills };
  };

  it('give exactly three of three hundred taps', async () => {
    const { shop, tills } = await open();
    const card = await aCard(database.db, shop);
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, tap) => tills[tap % SERVERS]!.give(card)),
    );
    const refusals = outcomes.map(refusalOf);
    expect(refusals.filter((refused) => refused === null)).toHaveLength(LIMIT);
    expect(refusals.filter((refused) => refused === 'allowance-spent')).toHaveLength(300 - LIMIT);
    expect(await tills[0]!.fault()).toBeNull();
  });

  it('never give more than there is, while others undo, lease and give back', async () => {
    const { shop, tills } = await open();
    const { db } = database;
    await setAllowances(
      db,
      shop,
      { scope: 'staff', period: 'day', gesturesLimit: LIMIT },
      { scope: 'location', period: 'week', gesturesLimit: LIMIT + 1, costLimitMinor: 400 },
    );
    const places = [shop.ada, { ...shop.ada, place: await anotherTill(db, shop) }, shop.ben];
    const cards = [await aCard(db, shop), await aCard(db, shop), await aCard(db, shop)];

    /** Somebody who gives what they may, and changes their mind about every second gesture. */
    const work = async (worker: number) => {
      const till = tills[worker % SERVERS]!;
      const by = places[worker % places.length]!;
      for (let round = 0; round < 6; round++) {
        const given = await till.give(cards[(worker + round) % cards.length]!, { by });
        if ((worker + round) % 2 && refusalOf(given) === null)
          await till.undo(granted(given).gesture.gestureId, by);
        const leased = await till.lease(by);
        if (refusalOf(leased)) continue;
        const { leaseId } = granted(leased);
        if (round % 3) await till.give(cards[0]!, { by, leaseId });
        await till.giveBack(leaseId, by);
      }
    };
    await Promise.all(Array.from({ length: 9 }, (_, worker) => work(worker)));

    const gestures = (await rowsOf(db, shop, 'gestures')).filter(({ undoneAt }) => undoneAt === null);
    const byAda = gestures.filter(({ staffId }) => staffId === shop.ada.staffId);
    expect(byAda.length).toBeLessThanOrEqual(LIMIT);
    expect(gestures.length).toBeLessThanOrEqual(LIMIT + 1);
    expect(gestures.length).toBeGreaterThan(0);
    for (const counter of await rowsOf(db, shop, 'allowanceCounters')) {
      const counted = gestures.filter(({ staffId, locationId }) =>
        [staffId, locationId].includes(counter.subjectId),
      );
      expect(counter).toMatchObject({
        leasedCount: 0,
        usedCount: counted.length,
        usedCostMinor: counted.reduce((total, { costMinor }) => total + costMinor, 0),
      });
    }
    expect(await tills[0]!.fault()).toBeNull();
  });

  it('lose no stamp of a busy morning', async () => {
    const { shop, tills } = await open();
    const cards = [await aCard(database.db, shop), await aCard(database.db, shop)];
    const outcomes = await Promise.all(
      Array.from({ length: 90 }, (_, tap) => tills[tap % SERVERS]!.sell(cards[tap % 2]!)),
    );
    outcomes.forEach(granted);
    for (const card of cards) {
      const { stamps, openRewards } = granted(await tills[0]!.look(card)).card;
      expect([stamps, openRewards.length]).toEqual([5, 4]);
    }
    expect(await tills[0]!.fault()).toBeNull();
  });
});
