import { formatList } from '../format.ts';
import { inLanguage } from '../language.ts';
import { counted } from '../plural.ts';
import { reasons } from './reasons.ts';

export const texts = inLanguage({
  title: 'Customers',
  lead: 'Everybody with a stamp card, whoever was here last first.',
  find: 'Find a customer',
  findHint: 'A name, the end of a phone number, an e-mail address or the code on the card.',
  tableCaption: 'Customers',
  columns: { name: 'Customer', stamps: 'Stamps', rewards: 'Rewards', visit: 'Last visit', phone: 'Phone' },
  nameless: 'No name yet',
  someone: (code: string) => `Card ${code}`,
  stamps: (stamps: number, required: number) => `${stamps} of ${required}`,
  rewards: (rewards: number) => counted(rewards, 'reward', 'rewards'),
  phoneEnd: (end: string) => `… ${end}`,
  neverHere: 'Not yet',
  blocked: 'Blocked',
  found: (customers: number, isMore: boolean) =>
    isMore ? `${customers} customers or more` : counted(customers, 'customer', 'customers'),
  none: 'No customers yet',
  noneHint: 'They join by the poster at the counter, or at the till.',
  noMatch: 'Nobody fits',
  noMatchHint: 'Try the beginning of the name, or the last four figures of the phone number.',

  back: 'All customers',
  since: (day: string) => `Has a card since ${day}`,
  worksHere: 'Works here',
  forgotten: (day: string) =>
    `This customer was forgotten on ${day}. What was bought and given stays, with nobody’s name on it.`,
  joined: 'This customer turned out to be the same person as another, who goes on with both cards.',
  joinedLink: 'Open the customer who goes on',

  contact: {
    title: 'Who it is',
    name: 'Name',
    phone: 'Phone',
    email: 'E-mail',
    emailHint: 'Only customers themselves can change it, on their card.',
    preferences: 'How they like it',
    preferencesHint: 'Staff see it at the till: “oat milk, no lid”.',
    unknown: 'Not known',
    edit: 'Edit',
    editTitle: 'Edit this customer',
    saved: 'Saved',
    savedShared: 'Saved. Another customer has this number too. Are they one person? Then join the two.',
  },

  sums: {
    title: 'So far',
    visits: 'Sales',
    spent: 'Paid',
    refunded: (amount: string) => `after ${amount} refunded`,
    gestures: 'Gestures',
    gesturesCost: (amount: string) => `cost you ${amount}`,
    none: 'None yet',
  },

  card: {
    code: 'Code',
    progress: (stamps: number, required: number, reward: string) =>
      `${counted(stamps, 'stamp', 'stamps')} of ${required} for: ${reward}`,
    rewardsOpen: 'Ready to use',
    rewardEarned: (day: string) => `since ${day}`,
    rewardExpires: (day: string) => `until ${day}`,
    blockedSince: (day: string) =>
      `Blocked since ${day}: nothing is put on it and no reward is used. A refund, or a gesture taken back, still takes its stamps off.`,
    block: 'Block',
    unblock: 'Lift the block',
    blockedNow: 'The card is blocked',
    unblockedNow: 'The block is lifted',
    joined: 'Joined with the other card, which goes on.',
    voucher: 'Send a voucher',
    link: 'Make a new link',
    firstLink: 'Make a link',
    noLink: 'It came from a file, and no link opens it yet. Make one, and hand it to the customer.',
    linkTitle: 'Make a new link for this card?',
    linkSays:
      'For somebody who lost theirs. The link and the QR code they have now stop working at once. Stamps and rewards stay.',
    linkYes: 'Make a new link',
    linkMade: 'The new link',
    linkMadeSays:
      'The customer scans it with their phone, or you send it to them, and to nobody else: whoever has it, has the card. It is shown this once.',
    linkQr: 'QR code of the link below',
    done: 'Done',
  },

  voucher: {
    title: 'Send a voucher',
    lead: 'It appears on their card at once, and is good for one visit. It comes out of your own allowance.',
    item: 'Good for',
    anything: 'Something on the house',
    reason: 'Why',
    note: 'A word with it',
    noteHint:
      'Kept with the gesture, for you and your staff. It is also in what a customer takes along of their data.',
    notePlaceholder: 'We are sorry about the tea',
    send: 'Put it on the card',
    sent: 'The voucher is on the card',
    lostAnswer:
      'What you asked for first did arrive, though its answer was lost. Look at what is on the card now, before you send another',
  },

  join: {
    open: 'Join with another',
    title: 'Join with another customer',
    lead: (name: string) =>
      `When one person has two cards. ${name} goes on, with the stamps, rewards and sales of both; the other card’s link leads here. This cannot be undone.`,
    twoAddresses: (stays: string, goes: string) =>
      `Both keep their card safe with an e-mail address: ${stays} goes on bringing it back, ${goes} does not.`,
    find: 'Who is the same person?',
    choose: 'Choose',
    chosen: (name: string) => `Join ${name} into this one`,
    none: 'Nobody else fits',
    yes: 'Join the two',
    done: (stamps: number) => `Joined. ${counted(stamps, 'stamp', 'stamps')} came over.`,
  },

  forget: {
    open: 'Forget this customer',
    title: (name: string) => `Forget ${name}?`,
    goes: 'Name, phone number, e-mail address, preferences and every note about them are taken out for good. Their cards are closed: no link and no code opens them, and stamps and rewards on them are lost.',
    stays:
      'What was bought, stamped and given stays under a number that leads to nobody, so your sums do not change.',
    typed: (word: string) => `To be sure, type: ${word}`,
    word: 'forget',
    notTyped: (word: string) => `Type ${word} to go on`,
    yes: 'Forget for good',
    done: 'The customer is forgotten',
  },

  history: {
    title: 'History',
    lead: 'Everything on their cards, the newest first.',
    salesWithout: 'A sale that earned no stamp stands under',
    caption: 'What happened on the card',
    columns: { at: 'When', what: 'What', stamps: 'Stamps', where: 'Where' },
    none: 'Nothing has happened on this card yet',
    bought: (items: readonly string[], amount: string) =>
      items.length > 0 ? `Bought ${formatList(items)} for ${amount}` : `Paid ${amount}`,
    hadFree: (items: readonly string[]) => `Had ${formatList(items)} for free`,
    refunded: (amount: string) => `${amount} was refunded`,
    refundedOfIt: (amount: string) => `${amount} of it refunded`,
    saleTakenBack: 'The sale was taken back',
    paidByReward: 'No stamp for what a reward paid for',
    takenBack: 'Taken back',
    takeBack: 'Take it back',
    takeBackOf: (what: string) => `Take it back: ${what}`,
    takeBackTitle: 'Take this gesture back?',
    takeBackSays:
      'It goes from the customer’s card at once, and what it took from the allowance is free again. Both stay in the records. Possible until the business day ends.',
    takenBackNow: 'Taken back',
    used: (reward: string) => `Used: ${reward}`,
    givenBack: (reward: string) => `Given back: ${reward}`,
    expired: (reward: string) => `Ran out: ${reward}`,
    adjusted: 'Adjusted',
    stampsWere: 'Stamped',
    undone: 'undone',
    gesture: {
      double_stamp: (who: string) => `${who} gave an extra stamp`,
      free_item: (who: string, item: string) => `${who} gave ${item} on the house`,
      voucher: (who: string, item: string) => `${who} sent a voucher: ${item}`,
    },
    undid: {
      double_stamp: (who: string) => `${who} took the extra stamp back`,
      free_item: (who: string, item: string) => `${who} took back ${item}`,
      voucher: (who: string, item: string) => `${who} took back the voucher: ${item}`,
    },
    somebody: 'Somebody',
    something: 'something',
    onTheHouse: 'something on the house',
  },

  reasons,
});
