import type { Database } from '../../db/database.ts';
import {
  findCustomer,
  listCardsOfCustomers,
  listDrawsOfCustomers,
  listHistory,
  listJoinedCustomers,
  listOpenRewardsToShow,
  listSalesWithoutStamps,
} from '../../db/queries/customer-queries.ts';
import { listReferences } from '../../db/queries/forget-queries.ts';
import type { Clock } from '../clock.ts';
import type { SaleLine } from '../loyalty/program.ts';
import { hasExpired } from '../loyalty/reward.ts';
import { openCard } from './open-card.ts';
import { firstNameOf } from './read-till.ts';

/** Decades of coffee. */
const MAX_ENTRIES = 20_000;
const MAX_SALES = 20_000;
const MAX_DRAWS = 20_000;
const NEWEST = 2_147_483_647;

/** Everything the shop keeps about the customer of a card, to be taken along; instants ISO 8601, money minor units. */
export const exportMyData =
  (db: Database, clock: Clock) =>
  ({ secret }: { secret: string }): Promise<object | { refused: 'card-unknown' }> => {
    const now = clock.now();
    return db.read(async (queries) => {
      const opened = await openCard(queries, secret);
      if (!opened) return { refused: 'card-unknown' };
      const { merchantId, customerId, shopName, currency } = opened;
      const customer = await findCustomer(queries, { merchantId, customerId });
      const cards = await listCardsOfCustomers(queries, { merchantId, customerIds: [customerId] });
      const cardIds = cards.map(({ cardId }) => cardId);
      const rewards = await listOpenRewardsToShow(queries, { merchantId, cardIds });
      const history = await listHistory(queries, {
        merchantId,
        cardIds,
        beforeSequence: NEWEST,
        limit: MAX_ENTRIES,
      });
      const withoutStamps = await listSalesWithoutStamps(queries, {
        merchantId,
        customerId,
        limit: MAX_SALES,
      });
      // Spent a reward, or lost the stamp to it: that is in the history.
      const told = new Set(history.map(({ saleId }) => saleId));
      const references = await listReferences(queries, { merchantId, customerIds: [customerId] });
      // A draw is the customer's it was made for, whoever they turned out to be.
      const joined = await listJoinedCustomers(queries, { merchantId, customerId });
      const draws = await listDrawsOfCustomers(queries, {
        merchantId,
        customerIds: [customerId, ...joined.map((one) => one.customerId)],
        limit: MAX_DRAWS,
      });
      const shortCodes = new Map(cards.map(({ cardId, shortCode }) => [cardId, shortCode]));
      const { name, phone, email, pendingEmail, preferences, createdAt } = customer!;
      return {
        exportedAt: now,
        shop: shopName,
        /** ISO 4217, of every amount below. */
        currency,
        you: { name, phone, email, emailToBeProved: pendingEmail, preferences, since: createdAt },
        knownInFilesAs: references.map(({ source, reference }) => ({ file: source, number: reference })),
        cards: cards.map((card) => ({
          code: card.shortCode,
          joinedIntoCode: card.joinedIntoId && (shortCodes.get(card.joinedIntoId) ?? null),
          stampCard: card.programName,
          stamps: card.balance - card.heldStamps,
          stampsRequired: card.stampsRequired,
          startedAt: card.createdAt,
          startedIn: card.locationName,
          lastVisitAt: card.lastVisitAt,
          rewardsWaiting: rewards
            .filter((reward) => reward.cardId === card.cardId && !hasExpired(reward, now))
            .map((reward) => ({
              name: reward.name,
              earnedAt: reward.earnedAt,
              expiresAt: reward.expiresAt,
            })),
        })),
        history: history.map((entry) => ({
          at: entry.at,
          where: entry.locationName,
          code: shortCodes.get(entry.cardId),
          what: entry.kind,
          stamps: entry.stamps,
          ...(entry.saleId && {
            purchase: { totalMinor: entry.saleTotalMinor, items: (entry.saleLines ?? []).map(presentLine) },
          }),
          ...(entry.rewardName && { reward: entry.rewardName }),
          ...(entry.refundMinor !== null && { refundedMinor: entry.refundMinor }),
          ...(entry.gestureId && {
            gift: {
              kind: entry.gestureKind,
              reason: entry.gestureReason,
              note: entry.gestureNote,
              item: entry.gestureItemName,
              by: entry.staffName && firstNameOf(entry.staffName),
              isUndone: entry.gestureUndoneAt !== null,
              thankedAt: entry.thankedAt,
            },
          }),
        })),
        purchasesWithoutStamps: withoutStamps
          .filter(({ saleId }) => !told.has(saleId))
          .map((sale) => ({
            at: sale.at,
            where: sale.locationName,
            code: sale.cardId && shortCodes.get(sale.cardId),
            totalMinor: sale.totalMinor,
            items: sale.lines.map(presentLine),
            ...(sale.refundedMinor && { refundedMinor: sale.refundedMinor }),
          })),
        draws: draws.map(({ drawnAt, locationName, kind, isDrawn, covariates }) => ({
          at: drawnAt,
          where: locationName,
          season: kind,
          isDrawn,
          knownThen: covariates,
        })),
      };
    });
  };

function presentLine({ name, quantity, totalMinor }: SaleLine) {
  return { name, quantity, totalMinor };
}
