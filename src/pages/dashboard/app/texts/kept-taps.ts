import { formatList } from '../format.ts';
import { inLanguage } from '../language.ts';
import { plural } from '../plural.ts';
import { reasons } from './reasons.ts';

interface Sold {
  name: string | null;
  quantity: number;
}

const said = ({ name, quantity }: Sold): string => {
  const what = name ?? 'something no longer known';
  return quantity === 1 ? what : `${quantity} × ${what}`;
};

export const texts = inLanguage({
  title: 'Kept taps',
  lead: 'What was tapped at a till without a connection, and the rules refused when it arrived. Nothing of it is recorded, until you say so.',
  back: 'Home',
  list: 'What tills could not record',
  none: 'Nothing is waiting',
  noneHint: 'Everything the tills sent has been recorded, or somebody has seen to it.',

  sold: (items: readonly Sold[]) => `Sold ${formatList(items.map(said))}`,
  claimed: 'Put a sale on a card',
  gesture: {
    double_stamp: () => 'Gave an extra stamp',
    free_item: (items: readonly Sold[]) =>
      `Gave ${items.length > 0 ? formatList(items.map(said)) : 'something'} on the house`,
    voucher: () => 'Gave a voucher',
  } as Record<string, (items: readonly Sold[]) => string>,
  someGesture: 'Gave something',
  undidSale: 'Took a sale back',
  undidGesture: 'Took a gesture back',
  returnedLease: 'Gave back gestures that the till had taken along',
  somethingElse: (operation: string) => `Did something else (${operation})`,
  reasons: reasons as Record<string, string>,

  whose: 'Card of',
  typedCode: (code: string) => `Card ${code}, which nobody has`,
  noCard: 'Without a card',
  somebody: 'Somebody',
  who: 'Who and where',
  place: (who: string, till: string, location: string) => `${who}, at ${till}, ${location}`,
  tapped: 'Tapped',
  arrived: 'Arrived',
  why: (reason: string) => `Not recorded: ${reason}`,
  unknownWhy: (name: string) => `the server said no (${name})`,

  apply: 'Put it on the card',
  applySale: 'Record the sale',
  applyWithoutCard: 'Record it without the card',
  /** A button, for those who hear it without what stands beside it. */
  named: (button: string, what: string) => `${button}: ${what}`,
  applied: (stamps: number) =>
    stamps > 0
      ? `On the card, with ${stamps} ${plural(stamps, 'stamp', 'stamps')}`
      : 'Recorded, at the moment it was tapped',
  seen: 'Seen',
  seenTitle: 'Leave it at that?',
  seenSays:
    'It goes from this list and is not recorded, now or later. The audit log keeps that it was there, and that you saw it.',
  seenYes: 'Seen',
  seenNow: 'Seen, and left at that',
});
