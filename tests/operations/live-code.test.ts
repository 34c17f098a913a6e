import { expect, it } from 'vitest';
import { MAX_GUESSES } from '../../src/operations/guess-limit.ts';
import { splitScannedCode } from '../../src/operations/live-code.ts';
import { aCard } from '../support/a-card.ts';
import type { TestCard } from '../support/a-card.ts';
import { aShop } from '../support/a-shop.ts';
import { aTill } from '../support/a-till.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { liveCodeOf } from '../support/live-code-of.ts';
import { rowsOf } from '../support/shop-settings.ts';

forEachDatabase('a live code', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const till = aTill(db, clock, shop);
    /** What the phone of this card's customer shows now. */
    const codeOf = (card: TestCard) => liveCodeOf(card, clock.now());
    const spend = (card: TestCard, liveCode?: string, scannedAgoMs?: number) =>
      till.redeem(card, {
        override: false,
        ...(liveCode && { liveCode }),
        ...(scannedAgoMs && { scannedAgoMs }),
      });
    return { db, clock, shop, till, codeOf, spend };
  };

  it('that the customer’s phone shows spends their reward, and the reward remembers it', async () => {
    const { db, shop, codeOf, spend, till } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    expect(granted(await spend(card, codeOf(card))).card.openRewards).toEqual([]);
    expect(await rowsOf(db, shop, 'rewards')).toMatchObject([{ status: 'redeemed', proof: 'live_code' }]);
    expect(await rowsOf(db, shop, 'auditLog')).toEqual([]);
    expect(await till.fault()).toBeNull();
  });

  it('is asked for, and nothing is spent without it', async () => {
    const { db, shop, spend } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    expect(refusalOf(await spend(card))).toBe('live-code-needed');
    expect(await rowsOf(db, shop, 'rewards')).toMatchObject([{ status: 'open', proof: null }]);
  });

  it('works once: the next reward takes the next code', async () => {
    const { db, clock, shop, codeOf, spend } = await open();
    const card = await aCard(db, shop, { stamps: 20 });
    const code = codeOf(card);
    granted(await spend(card, code));
    expect(refusalOf(await spend(card, code))).toBe('live-code-used');
    clock.advance({ seconds: 30 });
    granted(await spend(card, codeOf(card)));
  });

  it('of a moment before one that was used is worth nothing either', async () => {
    const { db, clock, shop, codeOf, spend } = await open();
    const card = await aCard(db, shop, { stamps: 20 });
    const earlier = codeOf(card);
    clock.advance({ seconds: 30 });
    granted(await spend(card, codeOf(card)));
    expect(refusalOf(await spend(card, earlier, 30_000))).toBe('live-code-used');
  });

  it('spends one reward when two tills try with it at the same moment', async () => {
    const { db, shop, codeOf, spend } = await open();
    const card = await aCard(db, shop, { stamps: 20 });
    const code = codeOf(card);
    const answers = await Promise.all([spend(card, code), spend(card, code)]);
    expect(answers.filter((one) => 'answer' in one && !('refused' in one.answer))).toHaveLength(1);
    expect((await rowsOf(db, shop, 'rewards')).filter(({ status }) => status === 'open')).toHaveLength(1);
  });

  it('belongs to the moment of the scan: a long order does not make it wrong', async () => {
    const { db, clock, shop, codeOf, spend } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    const code = codeOf(card);
    clock.advance({ minutes: 9 });
    expect(refusalOf(await spend(card, code))).toBe('live-code-wrong');
    granted(await spend(card, code, 9 * 60_000));
  });

  it('of another card is wrong, and after a few wrong ones there is a wait', async () => {
    const { db, clock, shop, codeOf, spend } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    const wrong = codeOf(await aCard(db, shop));
    for (let tries = 0; tries < MAX_GUESSES; tries++)
      expect(refusalOf(await spend(card, wrong))).toBe('live-code-wrong');
    expect(refusalOf(await spend(card, codeOf(card)))).toBe('locked');
    clock.advance({ seconds: 31 });
    granted(await spend(card, codeOf(card)));
    expect(await rowsOf(db, shop, 'attempts')).toEqual([]);
  });

  it('can be done without when the barista vouches for the customer, which is written down', async () => {
    const { db, shop, till } = await open();
    const card = await aCard(db, shop, { stamps: 10 });
    const { reward } = granted(await till.redeem(card, { override: true }));
    expect(await rowsOf(db, shop, 'rewards')).toMatchObject([{ proof: 'override' }]);
    expect(await rowsOf(db, shop, 'auditLog')).toMatchObject([
      { action: 'reward.overridden', staffId: shop.ada.staffId, subjectId: reward.rewardId },
    ]);
  });

  it('comes behind the code of the card, which is found with it and without it', async () => {
    const { db, shop, till, codeOf } = await open();
    const card = await aCard(db, shop);
    const scanned = `${card.cardCode}:${codeOf(card)}`;
    expect(scanned).toMatch(/^[A-Z0-9:]+$/);
    expect(splitScannedCode(scanned.toLowerCase())).toEqual({
      cardCode: card.cardCode.toLowerCase(),
      liveCode: codeOf(card),
    });
    for (const cardCode of [card.cardCode, scanned, scanned.toLowerCase()])
      expect(granted(await till.look({ cardCode })).card.cardId).toBe(card.cardId);
  });
});
