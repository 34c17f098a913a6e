import { v7 as uuid } from 'uuid';
import type { Queries } from '../../db/database.ts';
import { findProgramVersion, updateCardTotals } from '../../db/queries/card-queries.ts';
import type { CardRow } from '../../db/queries/card-queries.ts';
import {
  insertReward,
  listOpenRewards,
  listRewardsOfCard,
  updateReward,
} from '../../db/queries/reward-queries.ts';
import type { RewardRow } from '../../db/queries/reward-queries.ts';
import { computeSettlement } from '../loyalty/card.ts';
import type { CardEntry } from '../loyalty/card.ts';
import { computeExpiry } from '../loyalty/reward.ts';
import { appendEntries } from './append-entries.ts';
import type { NewEntry } from './append-entries.ts';
import type { CardView } from './card-view.ts';
import { presentCard } from './card-view.ts';
import { findVersionOfReward } from './find-version-of-reward.ts';
import { newStampReward, UNSPENT } from './new-rows.ts';

/** What entries of one operation have in common. */
export interface EntryContext {
  merchantId: string;
  locationId: string;
  staffId: string | null;
  deviceId: string | null;
  at: Date;
  businessDay: string;
  saleId?: string | null;
  gestureId?: string;
  refundId?: string;
}

interface Posting {
  card: CardRow;
  entries: readonly CardEntry[];
  context: EntryContext;
  /** Given where it may be later than `context.at`: the time of a reward runs from then. */
  recordedAt?: Date;
  /** The customer bought something now. */
  isVisit?: boolean;
  /** Rewards were opened, redeemed or reversed in this transaction, so the count on the card is out of date. */
  hasTouchedRewards?: boolean;
}

/**
 * Appends entries to a card's ledger, writes off rewards whose time is over, opens a reward for every full card (or
 * takes back one that is no longer covered), brings the card's totals up to date and tells whoever watches the card.
 */
export async function postToCard(tx: Queries, posting: Posting): Promise<CardView> {
  const { card, context } = posting;
  const { merchantId } = context;
  const { cardId } = card;
  const mayHaveRewards = card.openRewardCount > 0 || posting.hasTouchedRewards;
  const rewards = mayHaveRewards ? await listOpenRewards(tx, { merchantId, cardId }) : [];
  const expiry = computeExpiry({ rewards, now: context.at });
  for (const { rewardId } of expiry)
    await changeReward(tx, { merchantId, rewardId: rewardId!, status: 'expired' });
  const openRewards = rewards.filter(
    (reward) => !expiry.some(({ rewardId }) => rewardId === reward.rewardId),
  );
  const entries = [...expiry, ...posting.entries];
  await appendEntries(tx, { merchantId, entries: entries.map((entry) => toLedger(entry, cardId, context)) });
  const balance = entries.reduce((total, entry) => total + entry.stamps, card.balance);
  const settled = await settle(tx, { ...posting, balance, openRewards });
  const heldStamps = settled.openRewards.reduce((total, reward) => total + reward.stamps, 0);
  await updateCardTotals(tx, {
    merchantId,
    cardId,
    programVersion: settled.version.version,
    balance,
    heldStamps,
    openRewardCount: settled.openRewards.length,
    lastVisitAt: posting.isVisit ? laterOf(card.lastVisitAt, context.at) : card.lastVisitAt,
  });
  tx.announce({ merchantId, cardId });
  return presentCard({ card, balance, heldStamps, ...settled });
}

/** A sale of a till that was offline arrives after the visits that followed it. */
export function laterOf(lastVisitAt: Date | null, at: Date | null): Date | null {
  return lastVisitAt && (!at || lastVisitAt > at) ? lastVisitAt : at;
}

/** Opens, expires or reverses a reward: whatever it was spent on is forgotten. */
export async function changeReward(
  tx: Queries,
  change: { merchantId: string; rewardId: string; status: 'open' | 'expired' | 'reversed' },
): Promise<void> {
  await updateReward(tx, { ...UNSPENT, ...change });
}

/** An entry of a card as a row of the ledger, before it is numbered. */
export function toLedger(entry: CardEntry, cardId: string, context: EntryContext): NewEntry {
  return {
    cardId,
    kind: entry.kind,
    stamps: entry.stamps,
    saleId: context.saleId ?? null,
    gestureId: context.gestureId ?? null,
    rewardId: entry.rewardId ?? null,
    refundId: context.refundId ?? null,
    staffId: context.staffId,
    deviceId: context.deviceId,
    locationId: context.locationId,
    at: context.at,
    businessDay: context.businessDay,
  };
}

type Version = Pick<CardRow, 'version' | 'stampsRequired' | 'rewardName' | 'expiryDays'>;

/**
 * One reward at a time: after each full card the next one is collected under the program's current version. One that is
 * taken back is collected again under its own.
 */
async function settle(
  tx: Queries,
  {
    card,
    balance,
    openRewards,
    context,
    recordedAt,
  }: Posting & { balance: number; openRewards: RewardRow[] },
): Promise<{ version: Version; openRewards: RewardRow[] }> {
  const { merchantId } = context;
  let version: Version = card;
  let open = openRewards;
  for (;;) {
    const settlement = computeSettlement({
      balance,
      openRewards: open,
      stampsRequired: version.stampsRequired,
    });
    for (const rewardId of settlement.rewardIdsToReverse)
      await changeReward(tx, { merchantId, rewardId, status: 'reversed' });
    const collectedAgain = open.find(({ rewardId }) => rewardId === settlement.rewardIdsToReverse.at(-1));
    if (collectedAgain) {
      const rewards = await listRewardsOfCard(tx, { merchantId, cardId: card.cardId });
      version = await findVersionOfReward(tx, { card, rewards, reward: collectedAgain });
    }
    open = open.filter(({ rewardId }) => !settlement.rewardIdsToReverse.includes(rewardId));
    if (settlement.rewardsToIssue === 0) return { version, openRewards: open };
    const reward = newStampReward({
      merchantId,
      cardId: card.cardId,
      rewardId: uuid(),
      version,
      earnedAt: context.at,
      recordedAt,
    });
    await insertReward(tx, reward);
    open = [...open, reward];
    if (version.version !== card.currentVersion) {
      const { programId, currentVersion } = card;
      const [current] = await findProgramVersion(tx, { merchantId, programId, version: currentVersion });
      if (!current) throw new Error(`Program ${programId} has no version ${currentVersion}`);
      version = current;
    }
  }
}
