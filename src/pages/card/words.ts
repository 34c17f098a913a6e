import type { Gift, HistoryLine } from '../../operations/read-card-page.ts';

// What the customer's pages say, in one place.

const REASONS: Record<Gift['reason'], string> = {
  long_day: 'for the long day',
  long_wait: 'for the long wait',
  our_mistake: 'sorry, that was our mistake',
  regular: 'good to see you again',
  newcomer: 'welcome, good to have you here',
  celebration: 'to celebrate with you',
  other: 'just because',
};

/** "Ada gave you an extra stamp: for the long wait" */
export function sayGift(gift: Gift): string {
  return `${sayWhatWasGiven(gift)}: ${sayReason(gift)}`;
}

export function sayReason({ reason }: Gift): string {
  return REASONS[reason];
}

export function sayWhatWasGiven({ kind, giverName, itemName }: Gift): string {
  const giver = giverName ? firstNameOf(giverName) : 'We';
  switch (kind) {
    case 'double_stamp':
      return `${giver} gave you an extra stamp`;
    case 'free_item':
      return itemName ? `${giver} treated you to “${itemName}”` : `${giver} treated you`;
    case 'voucher':
      return itemName ? `${giver} sent you “${itemName}”` : `${giver} sent you something`;
  }
}

export function sayHistoryLine(line: HistoryLine): string {
  switch (line.what) {
    case 'earned':
      return line.itemNames.length > 0
        ? `${sayStamps(line.stamps)} for ${listFormat.format(line.itemNames)}`
        : `${sayStamps(line.stamps)} for your visit`;
    case 'gift':
      return sayGift(line);
    case 'redeemed':
      return `You enjoyed: ${line.rewardName}`;
    case 'expired':
      return `Ran out: ${line.rewardName}`;
    case 'returned':
      return `Yours again: ${line.rewardName}`;
    case 'refunded':
      return `${sayStamps(Math.abs(line.stamps))} taken back with a refund`;
    case 'forfeited':
      return `${sayStamps(Math.abs(line.stamps))} less: your reward paid for that`;
    case 'joined':
      return `From your other card: ${sayStamps(line.stamps)}`;
    case 'adjusted':
      return `The shop corrected your card: ${line.stamps > 0 ? '+' : '−'}${sayStamps(Math.abs(line.stamps))}`;
  }
}

const listFormat = new Intl.ListFormat('en', { type: 'conjunction' });

export function sayStamps(count: number): string {
  return count === 1 ? '1 stamp' : `${count} stamps`;
}

/** "9 of 10 stamps" */
export function sayProgress({ stamps, stampsRequired }: { stamps: number; stampsRequired: number }): string {
  return `${stamps} of ${sayStamps(stampsRequired)}`;
}

/** What is missing, as something to look forward to. */
export function sayToGo({
  stampsOnCard,
  stampsRequired,
}: {
  stampsOnCard: number;
  stampsRequired: number;
}): string {
  if (stampsOnCard < 0)
    return `After a refund this card is ${sayStamps(-stampsOnCard)} behind: your next stamps make up for it`;
  const left = stampsRequired - stampsOnCard;
  if (stampsOnCard === 0) return `${left === 1 ? 'One stamp' : `${left} stamps`} to go`;
  return left === 1 ? 'Just one more to go' : `${left} more to go`;
}

/** "Collect 10 stamps" */
export function sayOffer({ stampsRequired }: { stampsRequired: number }): string {
  return `Collect ${sayStamps(stampsRequired)}`;
}

/** The part of a name that a friend would use. */
export function firstNameOf(name: string): string {
  return name.trim().split(/\s+/)[0] ?? '';
}

/** A day in the shop's zone: "Mon 2 March", or "31 December 2025" when that is not this year. */
export function sayDay({ at, now, timeZone }: { at: Date; now: Date; timeZone: string }): string {
  const yearOf = (date: Date) => new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric' }).format(date);
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'long',
    ...(yearOf(at) === yearOf(now) ? { weekday: 'short' } : { year: 'numeric' }),
  }).format(at);
}
