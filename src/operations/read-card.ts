import type { Database } from '../../db/database.ts';
import { listOpenRewards } from '../../db/queries/reward-queries.ts';
import { findLastGesture } from '../../db/queries/gesture-queries.ts';
import { findMerchantRules } from '../../db/queries/allowance-queries.ts';
import type { Clock } from '../clock.ts';
import { presentCard } from './card-view.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';

export interface CardAtTill {
  card: CardView;
  /** The customer's last gesture, and until when the cool-down keeps the next one; null when there is none. */
  lastGesture: { givenAt: Date; coolDownEndsAt: Date | null } | null;
}

/** What a barista sees when a card is scanned. */
export const readCard =
  (db: Database, clock: Clock) =>
  ({
    merchantId,
    cardCode,
  }: {
    merchantId: string;
    cardCode: string;
  }): Promise<CardAtTill | { refused: 'card-unknown' }> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const card = await findCard(queries, { merchantId, cardCode });
      if (!card) return { refused: 'card-unknown' };
      const { cardId, customerId, balance, heldStamps } = card;
      const rewards = card.openRewardCount > 0 ? await listOpenRewards(queries, { merchantId, cardId }) : [];
      const openRewards = rewards.filter(({ expiresAt }) => !expiresAt || expiresAt > now);
      const [last] = await findLastGesture(queries, { merchantId, customerId });
      const [rules] = await findMerchantRules(queries, { merchantId });
      return {
        card: presentCard({ card, balance, heldStamps, version: card, openRewards }),
        lastGesture: last ? presentLast(last.givenAt, rules?.coolDownDays ?? 0, now) : null,
      };
    });
  };

function presentLast(givenAt: Date, coolDownDays: number, now: Date): CardAtTill['lastGesture'] {
  const endsAt = new Date(givenAt.getTime() + coolDownDays * 86_400_000);
  return { givenAt, coolDownEndsAt: endsAt > now ? endsAt : null };
}
