import { formatList } from '../format.ts';
import type { Light } from '../evidence/evidence-types.ts';
import { inLanguage, locale } from '../language.ts';
import { plural } from '../plural.ts';

const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
/** For a figure whose limit has two digits after the point. */
const twoDigits = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const chance = new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: 2 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const count = (of: number, one: string, other: string) => `${number.format(of)} ${plural(of, one, other)}`;
const moreOrFewer = (change: number, one: string, other: string) =>
  `${count(Math.abs(change), one, other)} ${change < 0 ? 'fewer' : 'more'}`;
type Check = Light['check'];
type Figures = Record<string, number | null>;
const share = (figures: Figures, name: string) => percent.format(figures[name] ?? 0);
/** The smallest of some chances; by two digits, because what matters lies far below one in a hundred. */
const seldom = (figures: Figures, names: string[]) =>
  chance.format(Math.min(...names.map((name) => figures[name] ?? 1)));
/** With a real minus, and none before a nought. */
function withMinus(format: Intl.NumberFormat, value: number): string {
  const text = format.format(value);
  return text === format.format(-0) ? format.format(0) : text.replace('-', '−');
}
/** Not “so much more often”: that would be a share of what happens without an offer. */
const ofAHundredOffers = (rate: number) =>
  `Of 100 offers, about ${withMinus(number, Math.round(100 * rate))} lead to a gesture that would not have been given without one.`;
const figure = (figures: Figures, name: string) => withMinus(number, figures[name] ?? 0);

const kinds = { lucky: 'Lucky moments', bonus: 'Bonus draws', suggestion: 'Suggestions' };
const kindsWithin = { lucky: 'lucky moments', bonus: 'bonus draws', suggestion: 'suggestions' };
const moreOf = {
  lucky: (treats: number) => count(treats, 'more lucky moment', 'more lucky moments'),
  bonus: (treats: number) => count(treats, 'more granted gesture', 'more granted gestures'),
  suggestion: (treats: number) => count(treats, 'more suggestion', 'more suggestions'),
};
const gestureKinds = { double_stamp: 'Double stamp', free_item: 'Free item', voucher: 'Voucher' };
type GestureKind = keyof typeof gestureKinds;
const oneIn = (millionths: number) => number.format(1_000_000 / millionths);

const TOO_EARLY = 'Too early to tell.';
/** Where nothing says what a gesture costs, it costs nothing: an owner should not take that for the truth. */
const NO_COST =
  'Nothing is written down of what a gesture costs you, so it counts as free. Write what an item costs under Menu, and what one reward costs under Stamp cards.';

export const texts = inLanguage({
  title: 'Evidence',
  lead: 'What kindness brought back, and how sure we are.',
  plan: 'Plan a season',
  stop: 'Stop the season',
  season: 'Season',
  seasonName: (kind: keyof typeof kinds, gesture: GestureKind | null, from: string, until: string | null) =>
    `${kinds[kind]}${gesture ? ` (${gestureKinds[gesture]})` : ''}, ${from} to ${until ?? 'now'}`,
  of: (season: string, location: string, asOf: string) => `${season} · ${location} · as of ${asOf}`,
  everywhere: 'All locations',
  location: 'Location',
  file: 'CSV',
  workbook: 'Excel',
  print: 'Print',
  made: (name: string) => `This shop is made up, and so its truth is known: a gesture really brings ${name}.`,

  none: {
    title: 'Nobody knows yet what your gestures bring',
    says: 'Customers who were treated come back. But most would have come anyway, and your staff choose whom to treat. Only chance can tell the two apart: now and then, at random, the till offers a treat on the house, and we compare those visits with the others.',
    plan: 'See what it would cost',
    byOwner: 'An owner can plan a season of it here.',
  },

  afterwards: {
    title: 'Afterwards',
    says: (spend: string) =>
      `Customers who got a gesture in this time spent ${spend} here within 30 days. Most would have come anyway.`,
    none: 'Nobody who got a gesture in this time has had 30 days since.',
    note: 'This is bookkeeping. It is never added to the figure beside it.',
    link: 'See the gestures',
  },
  because: {
    title: 'Because of a gesture',
    says: (effect: string, low: string, high: string) =>
      `Our best estimate is ${effect} each in 30 days; the truth is plausibly between ${low} and ${high}.`,
    unbounded: (effect: string, low: string, high: string) =>
      `Offers make too little difference to say anything of one gesture. An offer, taken or not, brings about ${effect}; plausibly between ${low} and ${high}.`,
    offer: (effect: string, low: string, high: string) =>
      `An offer, taken or not: ${effect}, plausibly between ${low} and ${high}.`,
    nothing: 'There is nothing to estimate from yet.',
    visits: (effect: string, low: string, high: string) =>
      `Visits, the early answer: ${effect} more in 30 days for each gesture, plausibly between ${low} and ${high}.`,
    noCost: NO_COST,
    cost: (cost: string, spend: string, visits: string | null) =>
      `A gesture costs ${cost}. It pays for itself with ${spend} of later spend${visits ? `, about ${visits} visits` : ''}.`,
    acceptance: (rate: number) => ofAHundredOffers(rate),
    how: (millionths: number, kind: keyof typeof kinds) =>
      kind === 'bonus'
        ? `How we know: beyond the spent allowance, chance grants one gesture in ${oneIn(millionths)}, and we compare those visits with the others. The draw is sealed; you can check it.`
        : `How we know: at random, 1 visit in ${oneIn(millionths)} is offered a ${kind === 'lucky' ? 'treat' : 'hint'}, and we compare those visits with the others. The draw is sealed; you can check it.`,
  },
  verdicts: {
    'more-than-they-cost': 'Yes: gestures bring in more than they cost.',
    'bring-people-back': 'They bring people back; whether they cover their cost is still open.',
    'lower-spend': 'They lower paid spend.',
    'cost-more': 'So far they cost more than they bring back within 30 days.',
    'not-enough-data': 'Not enough data yet.',
    'checks-failed': 'A check failed, so no figure here can be believed yet.',
  },
  lessThanCost: 'They bring people back, but less within 30 days than they cost.',
  atMost: (high: string) => `At most ${high} each.`,
  enough: (smallest: string) =>
    `Enough visits were drawn to show an effect of ${smallest} in 30 days. To tell more closely takes more of them.`,
  missing: (kind: keyof typeof kinds, treats: number, weeks: number | null) =>
    treats === 0
      ? `Enough visits were drawn, but the 30 days after each are not over yet${weeks === null ? '' : `: about ${count(weeks, 'more week', 'more weeks')}`}.`
      : `About ${moreOf[kind](treats)}${weeks === null ? '' : ` (${count(weeks, 'week', 'weeks')})`}.`,
  soFar: (made: number, matured: number, treated: number) => {
    if (made === 0) return 'No draw was made yet.';
    const draws = `${count(made, 'draw', 'draws')} so far.`;
    if (matured === 0) return `${draws} The 30 days after ${plural(made, 'it', 'each')} are not over yet.`;
    return `${draws} Of ${number.format(matured)} the 30 days are over; ${number.format(treated)} of those ${plural(treated, 'was', 'were')} drawn.`;
  },
  restated: (since: string, spend: string, { sales, gestures }: { sales: number; gestures: number }) =>
    `Since the report of ${since}, refunds, late sales and joined cards changed what it counted: ${[
      `${spend} of spend`,
      ...(sales === 0 ? [] : [moreOrFewer(sales, 'sale', 'sales')]),
      ...(gestures === 0 ? [] : [moreOrFewer(gestures, 'gesture', 'gestures')]),
    ].join(', ')}. This report counts them.`,

  chart: {
    title: 'The estimate, and what the truth may be',
    summary: (effect: string, low: string, high: string, breakEven: string) =>
      `Best estimate ${effect}, plausibly ${low} to ${high}; break-even at ${breakEven}.`,
    none: 'no effect',
    breakEven: 'break-even',
    truth: 'the truth',
    over: 'What was told, day by day',
    overSummary: (days: number) =>
      `The best estimate and its band on ${count(days, 'day', 'days')}. It narrows as draws mature.`,
    day: 'Day',
    effect: 'Estimate',
    low: 'From',
    high: 'To',
    what: 'What',
    amount: 'Amount',
  },

  lights: {
    title: 'Can it be believed?',
    lead: 'Each is checked every night. One that refuses withholds the verdict; so does “not yet”, until there are more draws.',
    names: { ok: 'Fine', warn: 'Careful', refuse: 'Refuses', wait: 'Not yet' },
    checks: {
      'sample-ratio': 'As many were drawn as the chance says',
      'draw-audit': 'Every draw is the one its key says',
      completeness: 'Every eligible visit made a draw',
      balance: 'Those drawn and those not were alike before',
      dominance: 'No single customer decides the answer',
      size: 'Enough were drawn',
      'first-stage': 'Offers lead to gestures',
      drift: 'Offers are taken as often as before',
    } satisfies Record<Check, string>,
    reasons: {
      'sample-ratio': (f: Figures) =>
        `${withMinus(twoDigits, f['z'] ?? 0)} standard deviations from what was expected; 3.29 is too far.`,
      'draw-audit': (f: Figures) =>
        `${figure(f, 'checkedCount')} drawn again, ${figure(f, 'mismatchedCount')} differ.`,
      completeness: (f: Figures) =>
        f['eligibleScans'] === 0
          ? 'No visit to judge yet. Of bonus draws this cannot be told.'
          : `${figure(f, 'undrawnScans')} of the latest ${figure(f, 'eligibleScans')} eligible visits made no draw; more than 2% is too many. Scan the card before the sale.`,
      balance: (f: Figures) =>
        f['waldP'] == null && f['placeboP'] == null
          ? TOO_EARLY
          : `Chance alone makes them differ this much in ${seldom(f, ['waldP', 'placeboP'])} of seasons; below 0.1% is too seldom.`,
      dominance: (f: Figures) =>
        f['share'] == null
          ? TOO_EARLY
          : `One customer makes up ${share(f, 'share')} of the doubt; 20% is too much.`,
      size: (f: Figures) =>
        `${figure(f, 'treatedDraws')} drawn, of ${figure(f, 'treatedCustomers')} customers; it takes 100, of 50.`,
      'first-stage': (f: Figures) =>
        f['acceptance'] == null ? TOO_EARLY : ofAHundredOffers(f['acceptance']),
      drift: (f: Figures) =>
        f['highest'] == null
          ? TOO_EARLY
          : `Between ${share(f, 'lowest')} and ${share(f, 'highest')} of the offers were taken, from week to week.`,
    } satisfies Record<Check, (figures: Figures) => string>,
  },

  sealed: {
    title: 'The draw is sealed',
    says: 'A secret key decides every draw: not you, not the barista. Its fingerprint was published on the first day; when the season ends the key is out, and anybody can draw again.',
    hash: 'Fingerprint',
    key: 'The key',
    link: 'The public page of this draw',
  },

  alarms: {
    title: 'Worth a look',
    lead: 'From the last 60 days. There may be a good reason for each.',
    none: 'Nothing stands out.',
    'one-pair': (name: string, customer: string, gestures: number, served: number, expected: number) =>
      `${name} gave customer ${customer} ${count(gestures, 'gesture', 'gestures')} on ${count(served, 'visit', 'visits')}; at everybody’s pace it would be ${number.format(expected)}.`,
    'shared-contact': (name: string, customer: string, gestures: number, by: 'card' | 'phone') =>
      `${name} gave ${count(gestures, 'gesture', 'gestures')} to customer ${customer}, who has ${by === 'phone' ? 'the same phone number' : 'their own card'}.`,
    'before-closing': (name: string, gestures: number, late: number) =>
      `${number.format(late)} of ${name}’s ${count(gestures, 'gesture', 'gestures')} came in the last quarter of an hour before closing.`,
  },

  dialog: {
    title: 'Plan a season',
    kind: 'What is drawn',
    kinds,
    kindHints: {
      lucky: 'At the scan the till says now and then: the house is treating. It costs no allowance.',
      bonus:
        'When the allowance is spent, chance grants one more. It measures the gestures your staff choose.',
      suggestion: 'The till suggests a kindness now and then; what is given comes from the allowance.',
    },
    where: 'Where',
    gesture: 'Which gesture',
    anyGesture: 'Any: the barista chooses',
    gestureKinds,
    cap: 'At most a day, at each location',
    smallest: 'The smallest effect you care about, in 30 days',
    smallestHint: 'Left empty: what a gesture costs, or a tenth of what customers spend.',
    ask: 'Work it out',
    begin: 'Begin the season',
    perWeek: (treats: number, cost: string) =>
      `${treats === 0 ? 'Less than one treat' : `About ${count(treats, 'treat', 'treats')}`} a week, which costs you about ${cost} a week.`,
    unknownPace: 'How often it happens cannot be told beforehand.',
    noCost: NO_COST,
    most: (cap: number, cost: string) =>
      `Never more than ${number.format(cap)} a day at a location: ${cost} at most.`,
    shared: (on: (keyof typeof kinds)[]) =>
      `It shares the days with ${formatList(on.map((kind) => kindsWithin[kind]))}: chance deals each customer’s day to one kind. So what is on already will draw less often, and its answer will take longer.`,
    chance: (millionths: number) => `Chance: 1 in ${oneIn(millionths)}.`,
    answer: (weeks: number | null, treats: number, cost: string) =>
      `An answer takes about ${weeks === null ? '' : `${count(weeks, 'week', 'weeks')}, and `}${count(treats, 'treat', 'treats')} for ${cost} in all.`,
    tooLong: 'That is long. If only a larger effect matters to you, write it above: it shows sooner.',
    fromHistory: (customers: number) =>
      `Worked out from your own last half year, with ${count(customers, 'active customer', 'active customers')}.`,
    notFromHistory: 'Your own history is still too short; these are the figures of a usual coffee shop.',
    anyDay: 'You can stop it on any day.',
    begun: 'The season has begun',
  },
  stopping: {
    title: 'Stop this season?',
    says: 'Nothing more is drawn. Draws that were made still mature for 30 days, and the key is published. A season that has stopped cannot go on; you can plan another.',
    yes: 'Stop it',
    done: 'The season is over; its key is out',
  },
});
