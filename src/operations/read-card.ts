import type { Database } from '../../db/database.ts';
import { listOpenRewards } from '../../db/queries/reward-queries.ts';
import { findLastGesture } from '../../db/queries/gesture-queries.ts';
import { findMerchantRules } from '../../db/queries/allowance-queries.ts';
import type { Clock } from '../clock.ts';
import { hasExpired } from '../loyalty/reward.ts';
import { computeWhyNow } from '../loyalty/why-now.ts';
import type { WhyNow } from '../loyalty/why-now.ts';
import { presentCard } from './card-view.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';

export interface CardAtTill {
  card: CardView;
  /** The customer's last gesture, and until when the cool-down keeps the next one; null when there is none. */
  lastGesture: { givenAt: Date; coolDownEndsAt: Date | null } | null;
  /** How the customer likes it: "oat milk, no lid". */
  preferences: string | null;
  /** Whether the customer is whoever asks: nobody treats their own card. */
  isOwn: boolean;
  whyNow: WhyNow | null;
}

/** What a barista sees when a card is scanned; `staffId` is the barista. */
export const readCard =
  (db: Database, clock: Clock) =>
  ({
    merchantId,
    staffId,
    cardCode,
  }: {
    merchantId: string;
    staffId?: string | undefined;
    cardCode: string;
  }): Promise<CardAtTill | { refused: 'card-unknown' }> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const card = await findCard(queries, { merchantId, cardCode });
      if (!card) return { refused: 'card-unknown' };
      const { cardId, customerId, balance, heldStamps } = card;
      const rewards = card.openRewardCount > 0 ? await listOpenRewards(queries, { merchantId, cardId }) : [];
      const openRewards = rewards.filter((reward) => !hasExpired(reward, now));
      const [last] = await findLastGesture(queries, { merchantId, customerId });
      const [rules] = await findMerchantRules(queries, { merchantId });
      const view = presentCard({ card, balance, heldStamps, version: card, openRewards });
      return {
        card: view,
        lastGesture: last ? presentLast(last.givenAt, rules?.coolDownDays ?? 0, now) : null,
        preferences: card.preferences,
        isOwn: staffId !== undefined && card.customerStaffId === staffId,
        whyNow: computeWhyNow({ ...view, now }),
      };
    });
  };

function presentLast(givenAt: Date, coolDownDays: number, now: Date): CardAtTill['lastGesture'] {
  const endsAt = new Date(givenAt.getTime() + coolDownDays * 86_400_000);
  return { givenAt, coolDownEndsAt: endsAt > now ? endsAt : null };
}
