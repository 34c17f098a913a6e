import { formatNumber } from '../format.ts';
import { inLanguage } from '../language.ts';
import { counted } from '../plural.ts';

const gestures = (count: number): string => counted(count, 'gesture', 'gestures');
type Period = 'day' | 'week';
const limits = (gesturesLimit: number | null, cost: string | null): string =>
  [gesturesLimit === null ? null : gestures(gesturesLimit), cost === null ? null : `up to ${cost} of cost`]
    .filter((part) => part !== null)
    .join(', ');
const a = (period: Period): string => (period === 'day' ? 'a day' : 'a week');

export const texts = inLanguage({
  title: 'Allowance',
  lead: 'How much staff may give away by themselves. What is not used does not roll over: a day without a gesture is a fine day.',
  readOnly: 'Only an owner changes it.',
  add: 'Add an allowance',
  empty: 'There is no limit yet',
  emptyHint:
    'Staff may give as much as they like. Three gestures a day for each of them is a good beginning.',

  groups: {
    everyone: 'For everybody',
    everyoneHint: 'Each person, or each location, has this for themselves.',
    own: 'For one person or one location',
    ownHint: 'In place of the allowance for everybody, over the same time.',
  },
  eachPerson: 'Each member of staff',
  eachLocation: 'Each location',
  unknown: 'Somebody who has left',
  unknownLocation: 'A closed location',
  amount: (gesturesLimit: number | null, cost: string | null, period: Period) =>
    `${limits(gesturesLimit, cost)} ${a(period)}`,
  limits,
  edit: 'Change',
  editName: (who: string) => `Change the allowance: ${who}`,
  remove: 'Remove',
  removeName: (who: string) => `Remove the allowance: ${who}`,

  form: {
    add: 'Add an allowance',
    edit: (who: string) => `Allowance: ${who}`,
    for: 'For',
    forEachPerson: 'Each member of staff',
    forEachLocation: 'Each location',
    people: 'One person',
    locations: 'One location',
    period: 'Over',
    periods: { day: 'A business day', week: 'A business week' },
    gestures: 'Gestures',
    gesturesHint: 'Leave it empty for no limit of number.',
    cost: 'Cost',
    costHint: 'At cost price. Leave it empty for no limit of cost.',
    needed: 'Set a number of gestures, a cost, or both',
    tooMany: 'From 0 to 10,000, please',
    added: 'The allowance is set',
    saved: 'The allowance is changed',
  },

  preview: {
    title: 'What it would have done',
    waiting: 'Set a number or a cost to see what it would have done in the last weeks.',
    looking: 'Looking at the last weeks …',
    span: (from: string, to: string) => `From ${from} to ${to}`,
    none: 'Nothing was given from this allowance.',
    refusedNone: (count: number) =>
      count === 1
        ? 'It would have allowed the one gesture that was given.'
        : `It would have allowed all of the ${gestures(count)} that were given.`,
    refused: (refused: number, count: number) =>
      count === 1
        ? 'It would have refused the one gesture that was given.'
        : `It would have refused ${formatNumber(refused)} of the ${gestures(count)} that were given.`,
    days: 'On these days',
    people: 'Of these people',
    times: (count: number) => `${formatNumber(count)} ×`,
    moreDays: (count: number) => `and on ${formatNumber(count)} more`,
    most: (name: string, count: number, cost: string, period: Period, when: string) =>
      `The most that was used ${period === 'day' ? 'in a day' : 'in a week'}: ${gestures(count)} for ${cost} (${name}, ${period === 'day' ? when : `week of ${when}`}).`,
    month: (cost: string) => `At the very most it can cost ${cost} a month`,
    monthHint: (subjects: number, scope: 'staff' | 'location', period: Period) => {
      const all = scope === 'staff' ? 'people' : 'locations';
      const who = subjects === 1 ? 'all of it were given' : `${formatNumber(subjects)} ${all} gave all of it`;
      return `if ${who} every ${period}, always the dearest thing.`;
    },
    grants: 'What a manager grants, what the house gives, and what was written down later do not count.',
  },

  removal: {
    title: (who: string) => `Remove this allowance: ${who}?`,
    everyone: 'Who has no allowance of their own may then give without this limit, from the next tap on.',
    own: 'The allowance for everybody then holds here too; without one there is no limit.',
    yes: 'Remove it',
    done: 'The allowance is removed',
  },
});
