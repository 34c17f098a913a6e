import { formatNumber } from '../format.ts';
import { inLanguage } from '../language.ts';
import { counted } from '../plural.ts';
import { reasons } from './reasons.ts';

const gestures = (count: number): string => counted(count, 'gesture', 'gestures');

/** Two numbers, never in one sentence: what came afterwards is here, what gestures cause is on a page of its own. */
export const texts = inLanguage({
  title: 'Gestures',
  lead: 'What was given, and what those customers spent here afterwards.',

  filters: {
    label: 'Which gestures',
    period: 'Period',
    periods: {
      '30': 'Last 30 days',
      '90': 'Last 90 days',
      '365': 'Last 12 months',
      all: 'Since the beginning',
      days: 'From a day to a day …',
    },
    from: 'From',
    to: 'To',
    location: 'Location',
    everyLocation: 'Every location',
    person: 'Given by',
    everyone: 'Everyone',
    kind: 'What',
    everyKind: 'Anything',
    reason: 'Why',
    everyReason: 'Any reason',
    window: 'Followed for',
    windowDays: (count: number) => counted(count, 'day', 'days'),
    model: 'A sale after several gestures counts',
    models: {
      last: 'to the last of them',
      first: 'to the first of them',
      linear: 'to each, in equal parts',
    },
    counting: 'How it is counted',
    more: 'More filters',
    fewer: 'Fewer filters',
  },

  kinds: { double_stamp: 'Double stamp', free_item: 'Free item', voucher: 'Voucher' },
  reasons,

  totals: {
    title: 'In all',
    given: 'Given',
    price: (money: string) => `worth ${money} to the customers`,
    cost: 'Cost',
    costHint: 'at cost price',
    cameBack: 'Came back',
    cameBackHint: (back: number, all: number, windowDays: number) =>
      `after ${formatNumber(back)} of ${gestures(all)} followed for ${windowDays} days`,
    noneFinished: (windowDays: number) => `none has been followed for ${windowDays} days yet`,
    spent: 'Spent afterwards',
    spentHint: (sales: number, windowDays: number) =>
      `${counted(sales, 'sale', 'sales')} within ${windowDays} days, refunds taken off`,
    maturing: (count: number, back: number, money: string) =>
      `${gestures(count)} still being followed: ${back === 0 ? 'nobody is back yet' : `the customer is back after ${formatNumber(back)}, with ${money} so far`}. Counted apart until the days are over.`,
    afterwards: (money: string, windowDays: number) =>
      `Afterwards, customers who got a gesture spent ${money} here within ${windowDays} days.`,
    anyway: 'Most would have come anyway.',
    evidence: 'What a gesture brings about is another question, and has its own page.',
    toEvidence: 'See the evidence',
    asOf: (moment: string) => `As of ${moment}.`,
  },

  charts: {
    weeks: 'Spent afterwards, by the week of the gesture',
    finished: 'Followed to the end',
    maturing: 'Still being followed',
    weeksSummary: (count: number, first: string, last: string, most: string, mostWeek: string) =>
      count === 1
        ? `One week, from ${first} on: ${most}.`
        : `${counted(count, 'week', 'weeks')}, from ${first} to ${last}. The most, ${most}, followed the gestures of the week of ${mostWeek}.`,
    noWeeks: 'Nothing was spent yet after these gestures.',
    returns: (windowDays: number) => `Came back within ${windowDays} days`,
    returnsSummary: (count: number, steps: string) =>
      `Of ${gestures(count)} followed to the end, the customer came back: ${steps}.`,
    returnsStep: (percent: string, day: number) => `${percent} within ${counted(day, 'day', 'days')}`,
    noReturns: (windowDays: number) =>
      `The line begins when the first of these gestures has been followed for ${windowDays} days.`,
    asTable: 'As a table',
    week: 'Week of',
    days: 'Within days',
    share: 'Came back',
    ofGestures: 'Gestures',
    notLoaded: 'The picture could not be loaded. The table below says the same.',
  },

  rows: {
    title: 'One by one',
    caption: 'Gestures, the newest first',
    given: 'Given',
    by: 'By',
    what: 'What',
    why: 'Why',
    cost: 'Cost',
    cameBack: 'Came back',
    spent: 'Spent afterwards',
    past: 'Written down later',
    after: (days: number) => (days < 1 ? 'within a day' : `after ${counted(days, 'day', 'days')}`),
    notYet: 'Not yet',
    no: 'No',
    soFar: 'so far',
    shown: (shown: number, all: number) => `${formatNumber(shown)} of ${formatNumber(all)}`,
    funding: { grant: 'Granted', lucky: 'Lucky moment', bonus: 'Bonus draw' },
  },

  export: {
    label: 'Take it with you',
    csv: 'CSV',
    xlsx: 'Excel',
    print: 'Print',
  },

  empty: {
    none: 'Nothing has been given yet',
    noneHint:
      'At the till: scan the card, tap the drink, tap the gesture. Here you will see who gave what, and whether the customer came back.',
    toAllowance: 'What staff may give',
    filtered: 'No gestures here',
    filteredHint: 'None of the gestures fit what is chosen above.',
  },

  print: {
    title: 'Gesture report',
    back: 'Back to the gestures',
    print: 'Print',
    period: (from: string | null, to: string) => (from ? `${from} to ${to}` : `Up to ${to}`),
    cut: (shown: number, all: number) =>
      `The newest ${formatNumber(shown)} of ${gestures(all)}. The files hold every one.`,
    counted: (windowDays: number, visitMinutes: number, model: string) =>
      `Later sales of the same customer count for ${windowDays} days, from ${visitMinutes} minutes after the gesture. A sale after several gestures counts ${model}.`,
  },
});
