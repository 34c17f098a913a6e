import { formatList } from '../format.ts';
import { inLanguage } from '../language.ts';
import { counted, plural } from '../plural.ts';

const stampsOf = (stamps: number) => counted(stamps, 'stamp', 'stamps');

export const texts = inLanguage({
  title: 'Sales',
  lead: 'What was sold on a day, with a card or without. To refund one, look it up here.',
  caption: 'The sales of this day, the newest first',
  location: 'Location',
  day: 'Business day',
  dayBefore: 'The day before',
  dayAfter: 'The day after',
  columns: {
    at: 'Time',
    what: 'What',
    customer: 'Customer',
    staff: 'Rung up by',
    paid: 'Paid',
    actions: 'Refund',
  },
  items: (items: readonly string[]) => (items.length > 0 ? formatList(items) : 'A sale'),
  refunded: (amount: string) => `${amount} refunded`,
  fromFile: (source: string) => `from “${source}”`,
  noCard: 'No card',
  none: 'No sales on this day',
  noneToday: 'No sales yet today',
  noneHint: 'Sales appear here as soon as a till takes one, or a file brings them in.',
  latest: (day: string) => `The latest sales at this location were on ${day}.`,
  toLatest: 'Show that day',

  refund: {
    open: 'Refund…',
    openOf: (what: string, when: string) => `Refund: ${what}, ${when}`,
    title: 'Refund this sale',
    lead: 'This writes the refund down. The money itself goes back at your till or card terminal.',
    rungUpBy: (who: string) => `rung up by ${who}`,
    boughtBy: (who: string) => `bought by ${who}`,
    lineCount: (quantity: number, name: string) => (quantity > 1 ? `${quantity} × ${name}` : name),
    byReward: 'for a reward',
    byGesture: 'on the house',
    total: 'Paid',
    refundedOn: (when: string, who: string | null) =>
      who ? `Refunded ${when} by ${who}` : `Refunded ${when}`,
    left: 'Left',
    fromFile: (source: string) =>
      `This sale came in a file, from “${source}”. If the refund comes in the next file too, it is counted twice: refund it in one place only.`,
    nothingLeft: 'There is nothing left of this sale to refund.',
    amount: 'Pay back',
    amountHint: (left: string) => `Everything that is left is ${left}. Less is a refund of a part.`,
    tooMuch: (left: string) => `No more than ${left} is left of this sale`,
    tooLittle: 'More than nothing, please',
    meanwhile: 'Somebody refunded a part of it meanwhile. Look at what is left',
    close: 'Close',
    yes: (amount: string) => `Refund ${amount}`,
    yesFree: 'Take the sale back',
    lostAnswer:
      'The refund you asked for first did arrive, though its answer was lost. Look at what is refunded now, before you go on',

    effects: 'What will happen',
    waiting: 'Say how much is paid back.',
    money: (amount: string) => `${amount} of this sale is written down as paid back.`,
    stamps: (stamps: number) => `${stampsOf(stamps)} ${plural(stamps, 'goes', 'go')} back from the card.`,
    noStamps: 'No stamp goes back: for a part only whole stamps do, rounded in the customer’s favour.',
    reopened: (reward: string) => `The customer has the reward again that was used for it: ${reward}.`,
    staysUsed: (reward: string) =>
      `The reward used for it stays used: ${reward}. Only a refund of the whole gives it back.`,
    hasRunOut: (reward: string) =>
      `The reward used for it has run out meanwhile and does not come back: ${reward}.`,
    takenBack: (reward: string) => `A reward goes, because its stamps are no longer all there: ${reward}.`,
    short: (stamps: number) =>
      `A reward these stamps counted towards was used already, so the card is left ${stampsOf(stamps)} short: the next ${plural(stamps, 'one makes', 'ones make')} up for it.`,
    cardThen: (stamps: number, required: number) => `The card then has ${stamps} of ${required} stamps.`,
    gift: 'What was given with it stays a gift.',
    spend: (amount: string) =>
      `What this customer spent falls by ${amount}; so does the spend after a gesture, if this sale counts to one.`,
    noCard: 'It was on no card, so no stamps and no rewards change.',
    done: (amount: string, stamps: number) =>
      stamps > 0 ? `${amount} refunded, and ${stampsOf(stamps)} taken back` : `${amount} refunded`,
    doneFree: 'The sale is taken back',
  },
});
