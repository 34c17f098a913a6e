import type { Sale, SaleAnswer } from '../api-types.ts';
import { listOf, money } from '../formats.ts';
import { serverNow } from '../server-time.ts';
import { texts } from '../texts.ts';
import { addAct } from './acts.ts';
import { speakState } from './card-words.ts';
import { keptWords } from './connection-words.ts';
import { speak } from './notice.ts';
import { record } from './recording.ts';
import { basketLines, basketTotalMinor, changeVisit, EMPTY, visit } from './visit.ts';

/** Records the basket as a sale, with its stamps when there is a card that takes any: a blocked one stops no coffee. */
export async function ringUp(how: { isNeededNow?: boolean } = {}): Promise<Sale | null> {
  const lines = basketLines.value;
  const current = visit.value;
  if (!current || lines.length === 0) return null;
  const what = describeLines();
  const cardCode = current.card?.isBlocked ? undefined : current.card?.cardId;
  const recorded = await record<SaleAnswer>(
    {
      operation: 'sale',
      path: '/api/v1/sales',
      body: {
        ...(cardCode !== undefined && { cardCode }),
        lines: lines.map(({ item, quantity }) => ({ itemId: item.itemId, quantity })),
      },
      label: `${what} ${money(basketTotalMinor.value)}`,
    },
    how,
  );
  if (!recorded) return null;
  const sale = recorded.answer?.sale ?? waitingSale(recorded.tapId, lines);
  const card = recorded.answer?.card ?? visit.value?.card ?? null; // it may have become known meanwhile
  const { basket } = current;
  changeVisit({
    card,
    sale,
    basket: EMPTY,
    acts: addAct({
      kind: 'sale',
      id: sale.saleId,
      label: `${what} ${money(sale.totalMinor)}`, // a price may have been changed meanwhile
      staffId: null,
      basket,
      askedAt: recorded.askedAt,
      waitingTapId: recorded.answer ? null : recorded.tapId,
    }),
  });
  const rungUp = `${texts.visit.rungUp(money(sale.totalMinor))}.`;
  if (recorded.answer) speakState([rungUp, card ? `${texts.visit.earned(sale.stampsEarned)}.` : '']);
  else speak(`${rungUp} ${keptWords()}`);
  return sale;
}

/** A sale as the till knows it before the server does: its id is the tap's, its stamps are counted later. */
function waitingSale(tapId: string, lines: typeof basketLines.value): Sale {
  return {
    saleId: tapId,
    occurredAt: new Date(serverNow()).toISOString(),
    businessDay: '',
    totalMinor: basketTotalMinor.value,
    lines: lines.map(({ item: { itemId, name, priceMinor, qualifies }, quantity }) => ({
      itemId,
      name,
      quantity,
      totalMinor: priceMinor * quantity,
      qualifies,
      paidBy: 'money' as const,
    })),
    stampsEarned: 0,
  };
}

/** `2 × Flat white, Granola` */
export function describeLines(): string {
  return listOf(
    basketLines.value.map(({ item, quantity }) => (quantity > 1 ? `${quantity} × ${item.name}` : item.name)),
  );
}
