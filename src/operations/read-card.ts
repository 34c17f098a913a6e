import type { Database } from '../../db/database.ts';
import { listOpenRewards } from '../../db/queries/reward-queries.ts';
import type { Clock } from '../clock.ts';
import { hasExpired } from '../loyalty/reward.ts';
import { computeWhyNow } from '../loyalty/why-now.ts';
import type { WhyNow } from '../loyalty/why-now.ts';
import { presentCard } from './card-view.ts';
import type { CardView } from './card-view.ts';
import { findCard } from './find-card.ts';
import { readLastGesture } from './read-last-gesture.ts';
import type { LastGesture } from './read-last-gesture.ts';

export interface CardAtTill {
  card: CardView;
  lastGesture: LastGesture | null;
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
      const view = presentCard({ card, balance, heldStamps, version: card, openRewards });
      return {
        card: view,
        lastGesture: await readLastGesture(queries, { merchantId, customerId, now }),
        preferences: card.preferences,
        isOwn: staffId !== undefined && card.customerStaffId === staffId,
        whyNow: computeWhyNow({ ...view, now }),
      };
    });
  };
