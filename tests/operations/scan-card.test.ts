import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Database } from '../../db/database.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import type { TillActor } from '../../src/operations/actor.ts';
import { editMerchant } from '../../src/operations/edit-merchant.ts';
import { exportMyData } from '../../src/operations/export-my-data.ts';
import { joinCustomers } from '../../src/operations/join-customers.ts';
import { scanCard } from '../../src/operations/scan-card.ts';
import { createSealer } from '../../src/operations/seal.ts';
import { stopSeason } from '../../src/operations/stop-season.ts';
import { openSeasonKey } from '../../src/operations/season-key.ts';
import { aCard, attempt } from '../support/a-card.ts';
import { ALWAYS, aSeason, NEVER, testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import type { Shop, ShopOptions } from '../support/a-shop.ts';
import { aTill, anotherTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { blockCard, rowsOf } from '../support/shop-settings.ts';

forEachDatabase('the draw of a scan', (database) => {
  const open = async (season: Partial<SeasonRow> | null = {}, options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db, options);
    const till = aTill(db, clock, shop, { sealer: testSealer });
    const scan = (card: { cardCode: string }, by: TillActor = shop.ada) =>
      scanCard(
        db,
        clock,
        testSealer,
      )(by, card).then((answer) => {
        if ('refused' in answer) throw new Error(answer.refused);
        return answer;
      });
    if (season) await aSeason(db, shop, { chanceMillionths: ALWAYS, ...season });
    /** Somebody who bought a coffee a week ago. */
    const aRegular = async (who: { staffId?: string } = {}) => {
      const card = await aCard(db, shop, who);
      const today = clock.now();
      clock.set(new Date(today.getTime() - 7 * 86_400_000));
      granted(await till.sell(card));
      clock.set(today);
      return card;
    };
    return { db, clock, shop, till, scan, aRegular };
  };
  const drawsOf = (db: Database, shop: Shop) => rowsOf(db, shop, 'draws');

  it('is made once a day, however often the card is scanned, and is offered until it is given', async () => {
    const { db, clock, shop, till, scan, aRegular } = await open();
    const card = await aRegular();
    const first = await scan(card);
    expect(first).toMatchObject({ card: { stamps: 1 }, draw: { kind: 'lucky', gestureKind: null } });
    clock.advance({ minutes: 2 });
    expect((await scan(card)).draw).toEqual(first.draw);
    expect(await drawsOf(db, shop)).toHaveLength(1);
    const given = granted(await till.give(card, { drawId: first.draw!.drawId }));
    expect(given).toMatchObject({ gesture: { fundedBy: 'lucky' }, allowance: { used: 0, remaining: 3 } });
    expect((await scan(card)).draw).toBeNull();
    expect(refusalOf(await till.give(card, { drawId: first.draw!.drawId }))).toBe('draw-not-good');
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([{ drawId: first.draw!.drawId }]);
    expect(await till.fault()).toBeNull();
  });

  it('is not made when the key was sealed under secrets that are lost; the till works, and the season can be stopped', async () => {
    const { db, clock, shop, aRegular } = await open();
    const card = await aRegular();
    const another = createSealer(randomBytes(32));
    const till = aTill(db, clock, shop, { sealer: another });
    expect(await scanCard(db, clock, another)(shop.ada, card)).toMatchObject({
      card: { stamps: 1 },
      draw: null,
    });
    granted(await till.sell(card));
    granted(await till.give(card));
    expect(await drawsOf(db, shop)).toEqual([]);
    const [season] = await rowsOf(db, shop, 'seasons');
    const stopped = await stopSeason(db, clock, another)(shop.owner, season!);
    expect(stopped).toMatchObject({ endedAt: clock.now(), revealedKey: null });
  });

  it('is the colleague’s to give who takes over in the middle: the gift is theirs, once, and takes from nobody', async () => {
    const { db, shop, till, scan, aRegular } = await open();
    const card = await aRegular();
    const { drawId } = (await scan(card)).draw!;
    const given = granted(await till.give(card, { drawId, by: shop.ben }));
    expect(given).toMatchObject({ gesture: { fundedBy: 'lucky' }, allowance: { used: 0, remaining: 3 } });
    expect(refusalOf(await till.give(card, { drawId, by: shop.ada }))).toBe('draw-not-good');
    expect(granted(await till.give(await aRegular(), { by: shop.ada })).allowance).toMatchObject({ used: 1 });
    // Ada was offered it and Ben gave it: the draw stays as it was written, and so does its chain.
    expect(await drawsOf(db, shop)).toMatchObject([{ drawId, staffId: shop.ada.staffId }]);
    expect(await rowsOf(db, shop, 'gestures')).toMatchObject([
      { drawId, staffId: shop.ben.staffId },
      { drawId: null, staffId: shop.ada.staffId },
    ]);
    expect(await till.fault()).toBeNull();
  });

  it('goes over with a card that is joined with another: offered on both, drawn once, given once', async () => {
    const { db, clock, shop, till, scan, aRegular } = await open({}, { coolDownDays: 0 });
    const [card, other] = [await aRegular(), await aRegular()];
    const { draw } = await scan(other);
    const { customerId } = (await rowsOf(db, shop, 'cards')).find((row) => row.cardId === card.cardId)!;
    const otherCustomerId = (await drawsOf(db, shop))[0]!.customerId;
    granted(await joinCustomers(db, clock)(shop.owner, { customerId, otherCustomerId }));
    for (const either of [card, other]) expect((await scan(either)).draw).toEqual(draw);
    const { drawId } = draw!;
    expect(granted(await till.give(other, { drawId }))).toMatchObject({ gesture: { fundedBy: 'lucky' } });
    expect(refusalOf(await till.give(card, { drawId }))).toBe('draw-not-good');
    for (const either of [card, other]) expect((await scan(either)).draw).toBeNull();
    expect(await drawsOf(db, shop)).toHaveLength(1);
  });

  it('that says no is written down with the same care, and nobody at the till can tell', async () => {
    const { db, shop, scan, aRegular } = await open({ chanceMillionths: NEVER });
    const card = await aRegular();
    expect((await scan(card)).draw).toBeNull();
    const [draw] = await drawsOf(db, shop);
    expect(draw).toMatchObject({
      isDrawn: false,
      chanceMillionths: NEVER,
      businessDay: '2026-03-02',
      staffId: shop.ada.staffId,
      covariates: { spend28Minor: 350, spend90Minor: 350, visits28: 1, visits90: 1, gapDays: 7, stamps: 1 },
    });
  });

  it('tells visits apart as was fixed when the season began, whatever the shop has set since', async () => {
    const { db, clock, shop, till, scan } = await open({ visitMinutes: 30 });
    const card = await aCard(db, shop);
    clock.advance({ days: -7 });
    granted(await till.sell(card));
    clock.advance({ minutes: 40 });
    granted(await till.sell(card));
    clock.advance({ days: 7 });
    await editMerchant(db, clock)(shop.owner, { visitMinutes: 60 });
    await scan(card);
    expect(await drawsOf(db, shop)).toMatchObject([{ covariates: { visits28: 2, visits90: 2 } }]);
  });

  it('is paid by the house, and not from what the till took along', async () => {
    const { till, scan, aRegular } = await open();
    const card = await aRegular();
    const { drawId } = (await scan(card)).draw!;
    const { leaseId } = granted(await till.lease());
    expect(granted(await till.give(card, { drawId, leaseId })).gesture.fundedBy).toBe('lucky');
    expect(granted(await till.giveBack(leaseId)).unusedCount).toBe(1);
  });

  it('is among what the customer takes along, also one from before they were found to be another', async () => {
    const { db, clock, shop, scan, aRegular } = await open();
    const [sam, other] = [await aRegular(), await aRegular()];
    await scan(sam);
    clock.advance({ minutes: 1 });
    await scan(other);
    const [customerId, otherCustomerId] = (await rowsOf(db, shop, 'customers')).map((row) => row.customerId);
    granted(
      await joinCustomers(db, clock)(shop.owner, {
        customerId: customerId!,
        otherCustomerId: otherCustomerId!,
      }),
    );
    const { draws } = granted(await exportMyData(db, clock)({ secret: sam.secret })) as { draws: object[] };
    const knownThen = { spend28Minor: 350, visits90: 1 };
    expect(draws).toMatchObject([
      {
        at: new Date('2026-03-02T09:01:00Z'),
        where: 'High Street',
        season: 'lucky',
        isDrawn: true,
        knownThen,
      },
      { at: new Date('2026-03-02T09:00:00Z'), isDrawn: true, knownThen },
    ]);
  });

  it('by two tills at the same moment is one draw, told alike to both', async () => {
    const { db, shop, scan, aRegular } = await open();
    const window = { ...shop.ben, place: await anotherTill(db, shop) };
    const cards = [];
    for (let count = 0; count < 10; count++) cards.push(await aRegular());
    for (const card of cards) {
      const answers = await Promise.all([scan(card), scan(card, window), scan(card), scan(card, window)]);
      expect(new Set(answers.map(({ draw }) => draw?.drawId)).size).toBe(1);
    }
    expect(await drawsOf(db, shop)).toHaveLength(10);
  });

  it('is never made past the daily cap, also by scans at the same moment', async () => {
    const { db, shop, scan, aRegular } = await open({ dailyCap: 3 });
    const cards = [];
    for (let count = 0; count < 8; count++) cards.push(await aRegular());
    const answers = await Promise.all(cards.map((card) => scan(card)));
    expect(answers.filter(({ draw }) => draw)).toHaveLength(3);
    // With the cap reached a visit is not eligible, so nothing is drawn at all.
    expect(await drawsOf(db, shop)).toHaveLength(3);
  });

  it('is not made for a newcomer, for staff, on a blocked card, after a gesture, or for who was here today already', async () => {
    const { db, clock, shop, till, scan, aRegular } = await open();
    const newcomer = await aCard(db, shop);
    const staff = await aRegular({ staffId: shop.ben.staffId });
    const blocked = await aRegular();
    await blockCard(db, shop, blocked.cardId);
    const treated = await aRegular();
    clock.advance({ days: -8 });
    granted(await till.give(treated));
    clock.advance({ days: 8 });
    const early = await aRegular();
    granted(await till.sell(early));
    clock.advance({ hours: 2 });
    const longAway = await aRegular();
    clock.advance({ days: 91 });
    for (const card of [longAway]) expect((await scan(card)).draw).toBeNull();
    clock.advance({ days: -91 });
    for (const card of [newcomer, staff, blocked, treated, early]) expect((await scan(card)).draw).toBeNull();
    expect(await drawsOf(db, shop)).toHaveLength(0);
  });

  it('is not made once the coffee was rung up, on a card that is blocked, or where another location draws', async () => {
    const { db, shop, till, scan, aRegular } = await open();
    const [served, blocked] = [await aRegular(), await aRegular()];
    granted(await till.sell(served));
    await blockCard(db, shop, blocked.cardId);
    for (const card of [served, blocked]) expect((await scan(card)).draw).toBeNull();
    expect(await drawsOf(db, shop)).toEqual([]);
    const other = await open(null);
    const { locationId } = await anotherTill(db, other.shop, { isElsewhere: true });
    await aSeason(db, other.shop, { chanceMillionths: ALWAYS, locationId });
    expect((await other.scan(await other.aRegular())).draw).toBeNull();
    expect(await drawsOf(db, other.shop)).toEqual([]);
  });

  it('knows what was paid back, and since when somebody comes, however long ago that was', async () => {
    const { db, clock, shop, till, scan } = await open();
    const card = await aCard(db, shop);
    clock.advance({ days: -300 });
    granted(await till.sell(card));
    clock.advance({ days: 295 });
    const { sale } = granted(await till.sell(card, 2));
    granted(await till.refund(sale.saleId, { amountMinor: 350 }));
    clock.advance({ days: 5 });
    await scan(card);
    const [draw] = await drawsOf(db, shop);
    expect(draw!.covariates).toMatchObject({ spend28Minor: 350, visits90: 1, tenureDays: 300, gapDays: 5 });
  });

  it('writes nothing at all while no season is on', async () => {
    const { db, shop, scan, aRegular } = await open(null);
    const card = await aRegular();
    const before = await rowsOf(db, shop, 'chainHeads');
    expect((await scan(card)).draw).toBeNull();
    expect(await drawsOf(db, shop)).toHaveLength(0);
    expect(await rowsOf(db, shop, 'chainHeads')).toEqual(before);
  });

  it('is over when the day is, at another place, and for another kind than it was planned for', async () => {
    const { db, clock, shop, till, scan, aRegular } = await open({ gestureKind: 'double_stamp' });
    const card = await aRegular();
    const { draw } = await scan(card);
    expect(draw).toMatchObject({ gestureKind: 'double_stamp' });
    const { drawId } = draw!;
    const item = { kind: 'free_item' as const, itemId: shop.flatWhite.itemId };
    expect(refusalOf(await till.give(card, { drawId, ...item }))).toBe('draw-not-good');
    const elsewhere = { ...shop.ada, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect((await scan(card, elsewhere)).draw).toBeNull();
    expect(refusalOf(await till.give(card, { drawId, by: elsewhere }))).toBe('draw-not-good');
    expect(refusalOf(await till.give(await aRegular(), { drawId }))).toBe('draw-unknown');
    clock.advance({ days: 1 });
    expect(refusalOf(await till.give(card, { drawId }))).toBe('draw-not-good');
  });

  it('of a suggestion is a hint: what is given on it comes from the allowance', async () => {
    const { till, scan, aRegular } = await open({ kind: 'suggestion' });
    const card = await aRegular();
    const { draw } = await scan(card);
    expect(draw).toMatchObject({ kind: 'suggestion' });
    expect(granted(await till.give(card, { drawId: draw!.drawId }))).toMatchObject({
      gesture: { fundedBy: 'allowance' },
      allowance: { used: 1 },
    });
  });

  it('offers nothing any more once the season is stopped, and its key is the one that was sealed', async () => {
    const { db, clock, shop, scan, aRegular } = await open();
    const card = await aRegular();
    await scan(card);
    const [season] = await rowsOf(db, shop, 'seasons');
    const key = openSeasonKey(testSealer, season!)!;
    const ended = await stopSeason(db, clock, testSealer)(shop.owner, { seasonId: season!.seasonId });
    expect(ended).toMatchObject({ revealedKey: key, keyHash: season!.keyHash });
    expect((await scan(card)).draw).toBeNull();
    expect((await scan(await aRegular())).draw).toBeNull();
    expect(await drawsOf(db, shop)).toHaveLength(1);
  });
});

forEachDatabase('a bonus draw', (database) => {
  const bonusOf = (refused: unknown) =>
    (refused as { answer: { bonus: { isGranted: boolean; drawId: string } } }).answer.bonus;
  const open = async (season: Partial<SeasonRow>, options: ShopOptions = {}) => {
    const { db } = database;
    const clock = new FixedClock('2026-02-23T09:00:00Z');
    const shop = await aShop(db, { gesturesLimit: 0, ...options });
    await aSeason(db, shop, { kind: 'bonus', ...season });
    const till = aTill(db, clock, shop, { sealer: testSealer });
    const card = await aCard(db, shop);
    granted(await till.sell(card));
    clock.advance({ days: 7 });
    return { db, clock, shop, till, card };
  };

  it('grants one more beyond the spent allowance, told with the refusal and paid by the house', async () => {
    const { db, shop, till, card } = await open({ chanceMillionths: ALWAYS });
    const refused = await till.give(card);
    expect(refused).toMatchObject({
      answer: {
        refused: 'allowance-spent',
        bonus: { isGranted: true, drawId: expect.any(String) as string },
      },
    });
    expect(await rowsOf(db, shop, 'gestures')).toHaveLength(0);
    const { drawId } = bonusOf(refused);
    const given = granted(await till.give(card, { drawId }));
    expect(given.gesture.fundedBy).toBe('bonus');
    expect(await rowsOf(db, shop, 'draws')).toHaveLength(1);
    expect(await till.fault()).toBeNull();
  });

  it('is made after the sale it comes with was rung up, and knows of the visits before', async () => {
    const { db, clock, shop, till, card } = await open({ chanceMillionths: ALWAYS });
    const { sale } = granted(await till.sell(card));
    clock.advance({ minutes: 1 });
    const { drawId } = bonusOf(await till.give(card, { saleId: sale.saleId }));
    expect(granted(await till.give(card, { drawId, saleId: sale.saleId })).gesture.fundedBy).toBe('bonus');
    const [draw] = await rowsOf(db, shop, 'draws');
    const { covariates } = draw!;
    expect(covariates).toMatchObject({ spend28Minor: 350, spend90Minor: 350, visits28: 1, visits90: 1 });
    expect(covariates.gapDays).toBeCloseTo(7, 2);
  });

  it('is not made for a newcomer, nor for who was here earlier that day', async () => {
    const { db, clock, shop, till, card } = await open({ chanceMillionths: ALWAYS, visitMinutes: 30 });
    const newcomer = await aCard(db, shop);
    for (const one of [newcomer, card]) granted(await till.sell(one));
    expect(bonusOf(await till.give(newcomer))).toBeUndefined();
    clock.advance({ minutes: 31 });
    granted(await till.sell(card));
    expect(bonusOf(await till.give(card))).toBeUndefined();
    expect(await rowsOf(db, shop, 'draws')).toEqual([]);
  });

  it('that was given is not promised again that day: a manager is asked', async () => {
    const { till, card } = await open({ chanceMillionths: ALWAYS }, { coolDownDays: 0 });
    const { drawId } = bonusOf(await till.give(card));
    const { gesture } = granted(await till.give(card, { drawId }));
    const again = await till.give(card);
    expect(refusalOf(again)).toBe('allowance-spent');
    expect(bonusOf(again)).toBeUndefined();
    granted(await till.undo(gesture.gestureId));
    expect(bonusOf(await till.give(card))).toEqual({ isGranted: true, drawId });
  });

  it('that says no says no again at the next tap of the day', async () => {
    const { db, shop, till, card } = await open({ chanceMillionths: NEVER });
    for (let tap = 0; tap < 3; tap++)
      expect(await till.give(card)).toMatchObject({
        answer: { refused: 'allowance-spent', bonus: { isGranted: false } },
      });
    expect(await rowsOf(db, shop, 'draws')).toHaveLength(1);
  });

  it('is not promised for another kind than it is for, nor at another place than where it was drawn', async () => {
    const { db, shop, till, card } = await open({ chanceMillionths: ALWAYS, gestureKind: 'free_item' });
    expect(bonusOf(await till.give(card))).toBeUndefined();
    expect(await rowsOf(db, shop, 'draws')).toEqual([]);
    const item = { kind: 'free_item' as const, itemId: shop.flatWhite.itemId };
    expect(bonusOf(await till.give(card, item))).toMatchObject({ isGranted: true });
    const elsewhere = { ...shop.ada, place: await anotherTill(db, shop, { isElsewhere: true }) };
    expect(bonusOf(await till.give(card, { ...item, by: elsewhere }))).toBeUndefined();
  });

  it('is not made for a tap that comes late: nobody stands there to be told', async () => {
    const { db, shop, till, card } = await open({ chanceMillionths: ALWAYS });
    const late = await till.give(card, { attempt: { ...attempt(), tappedAgoMs: 60_001 } });
    expect(refusalOf(late)).toBe('allowance-spent');
    expect(bonusOf(late)).toBeUndefined();
    expect(await rowsOf(db, shop, 'draws')).toEqual([]);
  });

  it('is not asked when a manager grants one more', async () => {
    const { db, shop, till, card } = await open({ chanceMillionths: ALWAYS });
    const granter = { merchantId: shop.merchantId, staffId: shop.manager.staffId, role: shop.manager.role };
    expect(granted(await till.give(card, { granter })).gesture.fundedBy).toBe('grant');
    expect(await rowsOf(db, shop, 'draws')).toHaveLength(0);
  });
});
