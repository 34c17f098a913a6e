import { formatMoney } from '../parts/money.tsx';
import { texts } from '../texts/customers.ts';
import type { HistoryEntry } from './customers-api.ts';

/** A line of a customer's history in a sentence, and what is said beside it. */
export function describeEntry(entry: HistoryEntry): { sentence: string; aside: string | null } {
  const { kind, sale, reward, refundMinor, gesture } = entry;
  const words = texts.history;
  switch (kind) {
    case 'earned':
      if (!sale) return plain(words.stampsWere);
      return {
        sentence:
          sale.totalMinor === 0 && sale.itemNames.length > 0
            ? words.hadFree(sale.itemNames)
            : words.bought(sale.itemNames, formatMoney(sale.totalMinor)),
        aside: sale.refundedMinor > 0 ? words.refundedOfIt(formatMoney(sale.refundedMinor)) : null,
      };
    case 'gesture':
      return gesture ? describeGesture(entry, words.gesture) : plain(words.stampsWere);
    case 'redeemed':
      return plain(words.used(reward?.name ?? words.onTheHouse));
    case 'expired':
      return plain(words.expired(reward?.name ?? words.onTheHouse));
    case 'reversed':
      // A refund may give a reward back besides: that is a line of its own, and the money is told once.
      if (reward) return plain(words.givenBack(reward.name));
      if (refundMinor !== null)
        return plain(refundMinor === 0 ? words.saleTakenBack : words.refunded(formatMoney(refundMinor)));
      if (gesture) return describeGesture(entry, words.undid);
      return plain(sale ? words.paidByReward : words.takenBack);
    case 'adjusted':
      return plain(words.adjusted);
  }
}

function describeGesture(
  { gesture, staffName, kind }: HistoryEntry,
  words: typeof texts.history.gesture,
): { sentence: string; aside: string | null } {
  const given = gesture!;
  const who = staffName ?? texts.history.somebody;
  const item =
    given.itemName ?? (given.kind === 'voucher' ? texts.history.onTheHouse : texts.history.something);
  const asides =
    kind === 'gesture'
      ? [texts.reasons[given.reason], given.note, given.isUndone && texts.history.undone]
      : [];
  return {
    sentence: words[given.kind](who, item),
    aside: asides.filter(Boolean).join(' · ') || null,
  };
}

function plain(sentence: string): { sentence: string; aside: string | null } {
  return { sentence, aside: null };
}
