import { inLanguage } from '../language.ts';
import { plural } from '../plural.ts';
import { reasons } from './reasons.ts';

export const texts = inLanguage({
  today: 'Today',
  thisWeek: 'This week',
  sales: 'Sales on cards',
  salesOf: (onCard: number, all: number) =>
    all === 0 ? 'no sales' : `${onCard} of ${all} ${plural(all, 'sale', 'sales')}`,
  quiet: (day: string, money: string, stamps: number, given: number) =>
    `Nothing yet today. On ${day}: ${money} on cards, ${stamps} ${plural(stamps, 'stamp', 'stamps')}, ${given} ${plural(given, 'gesture', 'gestures')}.`,
  stamps: 'Stamps',
  stampsExtra: (extra: number) => `and ${extra} extra`,
  gestures: 'Gestures',
  gesturesLeft: (left: number) => `${left} left today`,
  noLimit: 'no limit set',
  gesturesCost: (cost: string) => `at a cost of ${cost}`,
  rewards: 'Rewards redeemed',

  afterwards: 'Afterwards, last 90 days',
  toGestures: 'See the gestures',
  cameBack: (percent: string, windowDays: number) =>
    `After ${percent} of the gestures the customer was back within ${windowDays} days.`,
  noneGiven:
    'Nothing was given in these 90 days. At the till: scan the card, tap the drink, tap the gesture.',
  soFar: (given: number, windowDays: number) =>
    `${given} ${plural(given, 'gesture', 'gestures')} so far. Each is followed for ${windowDays} days; then it shows here whether the customer came back.`,
  because: 'Because of a gesture',
  toEvidence: 'See the evidence',
  noSeason:
    'Nobody knows yet. A season of lucky moments finds out: chance treats a few visits, and they are compared with the others.',

  days: 'Sales on cards, the last two weeks',
  dayBar: (day: string, money: string, sales: number) =>
    `${day}: ${money} in ${sales} ${plural(sales, 'sale', 'sales')}`,
  dayTable: 'As a table',
  columns: { day: 'Day', sales: 'Sales', money: 'On cards', gestures: 'Gestures' },
  noDays: 'No sale on a card in the last two weeks',
  noDaysHint:
    'A customer scans the poster, the till scans the card: the first stamp shows here within a minute.',
  poster: 'Print the poster',

  present: 'Who is in',
  presentAt: (till: string, location: string) => `${till}, ${location}`,
  nobody: 'Nobody is signed in at a till. Whoever serves signs in there, with their PIN.',
  tills: 'Tills',
  allTills: 'All tills',
  seen: 'last seen',
  neverSeen: 'not seen yet',
  waiting: (taps: number) => `${taps} ${plural(taps, 'tap', 'taps')} to send`,
  noTill: 'No till is connected yet.',
  connect: 'Connect one',

  thanks: 'Wall of thanks',
  aCustomer: 'A customer',
  thanked: (customer: string, giver: string, what: string) => `${customer} thanked ${giver} for ${what}`,
  reasons,
  thankedFor: { double_stamp: 'a double stamp', free_item: 'a treat', voucher: 'a voucher' },

  look: 'Worth a look',
  kept: (taps: number) =>
    `${taps >= 100 ? '100 or more' : taps} ${plural(taps, 'tap', 'taps')} of an offline till could not be recorded.`,
  keptLink: 'Look at them',
  vouched: (rewards: number) =>
    `${rewards} ${plural(rewards, 'reward was', 'rewards were')} handed over in the last seven days on somebody’s word, without the code on the customer’s phone.`,

  start: 'Your shop is open. What is left to do',
  steps: {
    menu: 'Put something on the menu',
    people: 'Give somebody a PIN for the till',
    till: 'Connect a till',
    gift: 'Say what may be given: tick it on the menu',
    cards: 'Hang up the poster, so that customers join',
  },
  done: 'done',
});
