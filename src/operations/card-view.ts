import type { CardRow } from '../../db/queries/card-queries.ts';
import type { RewardRow } from '../../db/queries/reward-queries.ts';
import type { RewardKind } from '../loyalty/card.ts';

/** A card as tills and pages show it. */
export interface CardView {
  cardId: string;
  shortCode: string;
  customerName: string | null;
  /** On the card now; below zero when a refund took back stamps of a reward already spent. */
  stamps: number;
  stampsRequired: number;
  openRewards: { rewardId: string; kind: RewardKind; name: string; expiresAt: Date | null }[];
  /** Before this operation. */
  lastVisitAt: Date | null;
  isBlocked: boolean;
}

/** A card with the totals that an operation leaves on it, in stamps. */
export function presentCard({
  card,
  balance,
  heldStamps,
  version,
  openRewards,
}: {
  card: CardRow;
  balance: number;
  heldStamps: number;
  version: Pick<CardRow, 'stampsRequired'>;
  openRewards: readonly RewardRow[];
}): CardView {
  return {
    cardId: card.cardId,
    shortCode: card.shortCode,
    customerName: card.customerName,
    stamps: balance - heldStamps,
    stampsRequired: version.stampsRequired,
    openRewards: openRewards.map(({ rewardId, kind, name, expiresAt }) => ({
      rewardId,
      kind,
      name,
      expiresAt,
    })),
    lastVisitAt: card.lastVisitAt,
    isBlocked: card.blockedAt !== null,
  };
}
