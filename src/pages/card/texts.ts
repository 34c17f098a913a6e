// What the customer's pages say. A translation is another object of this shape.

const plurals = new Intl.PluralRules('en');

/** "1 stamp", "9 stamps" */
const stampsOf = (count: number): string =>
  `${count} ${plurals.select(count) === 'one' ? 'stamp' : 'stamps'}`;

export const english = {
  stamps: stampsOf,
  progress: (stamps: number, stampsRequired: number) => `${stamps} of ${stampsOf(stampsRequired)}`,
  offer: (stampsRequired: number) => `Collect ${stampsOf(stampsRequired)}`,
  toGo: (left: number) => (left === 1 ? 'Just one more to go' : `${left} more to go`),
  allToGo: (left: number) => (left === 1 ? 'One stamp to go' : `${stampsOf(left)} to go`),
  behind: (stamps: number) =>
    `After a refund this card is ${stampsOf(stamps)} behind: your next stamps make up for it`,

  gift: {
    /** Instead of a name that is not known. */
    we: 'We',
    extraStamp: (giver: string) => `${giver} gave you an extra stamp`,
    treat: (giver: string, item: string) => `${giver} treated you to “${item}”`,
    someTreat: (giver: string) => `${giver} treated you`,
    sent: (giver: string, item: string) => `${giver} sent you “${item}”`,
    sentSomething: (giver: string) => `${giver} sent you something`,
    withReason: (gift: string, reason: string) => `${gift}: ${reason}`,
    /** On the button, and in its place once it was said. */
    thank: 'Thanks!',
    thanked: 'Thanked',
    reasons: {
      long_day: 'for the long day',
      long_wait: 'for the long wait',
      our_mistake: 'sorry, that was our mistake',
      regular: 'good to see you again',
      newcomer: 'welcome, good to have you here',
      celebration: 'to celebrate with you',
      other: 'just because',
    },
  },

  history: {
    title: 'On this card',
    earned: (stamps: number, items: string) => `${stampsOf(stamps)} for ${items}`,
    earnedByVisit: (stamps: number) => `${stampsOf(stamps)} for your visit`,
    redeemed: (reward: string) => `You enjoyed: ${reward}`,
    expired: (reward: string) => `Ran out: ${reward}`,
    returned: (reward: string) => `Yours again: ${reward}`,
    refunded: (stamps: number) => `${stampsOf(stamps)} taken back with a refund`,
    joined: (stamps: number) => `From your other card: ${stampsOf(stamps)}`,
    added: (stamps: number) => `The shop corrected your card: +${stampsOf(stamps)}`,
    taken: (stamps: number) => `The shop corrected your card: −${stampsOf(stamps)}`,
  },

  stamp: {
    gift: 'A gift',
    earned: 'Stamped',
    last: 'Not yet: your reward comes with this one',
    empty: 'Not yet',
  },

  card: {
    liveCode: 'Live code',
    number: 'Card number',
    qr: 'QR code of your card',
    showCode: 'Show my code',
    showAtTill: 'Show this at the till',
    codeShown: 'Done',
    title: (progress: string, shopName: string) => `${progress} · ${shopName}`,
    appName: (shopName: string) => `${shopName}: stamp card`,
    hello: 'Hello, {name}',
    nameless: 'Your stamp card',
    update: 'Show new stamps',
    blocked:
      'This card is paused, so it cannot be stamped or used just now. Your stamps are safe: please ask at the till and we will sort it out.',
    used: 'Used just now. Enjoy it!',
    waiting: 'Yours: show this at the till.',
    isYours: (reward: string) => `Yours: ${reward}`,
    goodUntil: 'Good until',
    keep: 'Keep this page',
    keepLead: 'This page is your card: whoever has its link has the card, so keep it to yourself.',
    keepWays: [
      { on: 'iPhone:', how: 'tap Share, then “Add to Home Screen”.' },
      { on: 'Android:', how: 'tap the menu ⋮, then “Add to Home screen”.' },
      { on: 'Anywhere:', how: 'bookmark it, or send the link to yourself.' },
    ],
    lost: 'Is your phone lost one day? The mail that kept your card safe says where it comes back, and so does the poster in the shop: choose “Lost your card? Find it again”. Or ask at the till.',
    lostWithoutMail: 'Is your phone lost one day? Ask at the till.',
    fullCard: (progress: string) => `Full card: ${progress}`,
    offline: 'No connection to the shop just now. This is your card as of',
    more: 'Keep it safe, and your details',
    likesIt: 'How you like it:',
  },

  me: {
    title: 'You and your card',
    back: 'Back to the card',
    details: 'How we know you',
    detailsLead:
      'All of it is up to you. The people at the counter see your name and how you like it when your card is scanned.',
    name: 'First name',
    likes: 'How you like it',
    likesExample: 'Oat milk, no lid',
    phone: 'Phone number',
    phoneHint:
      'When your phone is lost or at home, the shop finds your card by its last four figures, and can give it a new link. We never call it and send it nothing. Empty it, and it is gone.',
    save: 'Save',
    safe: 'Keep it safe',
    safeLead: 'With your e-mail address a lost phone loses nothing: you get a new link to the same card.',
    isSafe: (email: string) => `Your card is safe: ${email} brings it back.`,
    email: 'E-mail address',
    sendCode: 'Send me a code',
    code: 'The six figures we sent you',
    codeSent: (email: string) => `We sent a code to ${email}. It is good for ten minutes.`,
    codeHint: 'Not there after a minute? Look among the junk mail, or have another one sent.',
    confirm: 'That’s it',
    otherAddress: 'Another address',
    removeEmail: 'Take the address out',
    noMail:
      'This shop sends no mail. With your phone number above it finds your card when your phone is lost, and can give it a new link.',
    join: 'I have another card',
    joinLead:
      'Open this same place on the other card, on the phone it is on, and type here what it says there. Its stamps and rewards come to this one; both links go on working. What you told us on this card stays, and what only the other one knows comes along.',
    joinEmail: (email: string) =>
      `Afterwards it is ${email} that brings your card back, and not an address of the other card.`,
    otherCode: 'Its card number',
    otherCodeHint: 'Eight letters and figures',
    joiningCode: 'Its joining code',
    joiningCodeHint: 'Six figures, good for ten minutes. They are shown nowhere else: keep them to yourself.',
    joinOwn: 'If this is the other card, type there:',
    joinOwnNumber: 'card number',
    joinOwnCode: 'joining code',
    joinButton: 'Join the two cards',
    data: 'What we keep about you',
    dataLead: 'What you told us, your stamps, and what you bought with this card.',
    export: 'Take it all with you',
    forget: 'Forget me',
  },

  forget: {
    title: 'Forget you?',
    lead: 'Your name, address, number and preferences are taken out for good. The card closes, and its stamps and rewards are lost. What the shop sold stays in its books, by a number that leads to nobody.',
    noWayBack: 'There is no way back.',
    sure: 'Yes, forget me and close my card',
    button: 'Forget me',
    keep: 'Keep my card',
    doneTitle: 'You are forgotten',
    done: [
      'Nothing here says who you were. The link of your card opens nothing any more.',
      'Thank you for the coffees. You can start a new card whenever you like.',
    ],
  },

  join: {
    title: 'Your stamp card',
    andItIsYours: (offer: string) => `${offer} and it is yours:`,
    hasCard: (count: number) =>
      count === 1 ? 'This phone has a card here already:' : 'This phone has cards here already:',
    notYours: 'Not yours? Start one of your own:',
    another: 'Start another card',
    get: 'Get my card',
    noApp: 'No app, no account. The card is a page that you keep.',
    name: 'First name',
    optional: 'if you like',
  },

  poster: {
    title: (shopName: string) => `Poster · ${shopName}`,
    print: (size: string) => `Print this page on ${size}: Ctrl P, or Cmd P on a Mac.`,
    otherSize: (size: string) => `As ${size} instead`,
    drawing: 'As a drawing',
    offer: (offer: string) => `${offer}:`,
    qr: (address: string) => `QR code that opens ${address}`,
    how: ['Point your camera here for your stamp card.', 'No app, no account.'],
  },

  /** A friendly no, and what to do now. */
  sorry: {
    unknownPage: {
      title: 'There is nothing at this address',
      advice: [
        'Perhaps a letter of the link got lost. A stamp card opens from the link you saved, or ask at the till.',
      ],
    },
    unknownCard: {
      title: 'We do not know this card',
      advice: [
        'Perhaps a letter of the link got lost: open it again from where you saved it.',
        'Was the card found again on another phone? Then its new link is the one that opens. A card whose customer was forgotten is closed for good.',
        'Otherwise your stamps are safe. Ask at the till: they can find your card by its eight letters and figures, or start a new one.',
      ],
    },
    unknownJoinLink: {
      title: 'This link does not lead to a stamp card',
      advice: ['It may be from an older poster. Ask at the till: they will give you a card in a moment.'],
    },
    noProgram: {
      title: 'There are no new stamp cards just now',
      advice: ['Ask at the till when the next one starts. Cards that were given out go on as before.'],
    },
    tooManyJoins: {
      title: 'A lot of new cards at once',
      advice: ['Please try again in a little while, or ask for a card at the till.'],
    },
    tooManyTries: {
      title: 'A lot of tries at once',
      advice: ['Please wait a little, or ask at the till: they can find your card too.'],
    },
    fault: {
      title: 'That did not work just now',
      advice: ['Nothing that was on a card is lost. Please try it again in a little while.'],
    },
  },

  find: {
    title: 'Find my card',
    lead: 'Type the e-mail address that keeps your card safe. We send you a code, and your card gets a new link; the old one ends.',
    email: 'E-mail address',
    send: 'Send me a code',
    sent: 'If a card is kept safe with this address, a code is on its way. It is good for ten minutes.',
    code: 'The six figures we sent you',
    open: 'Open my card',
    wrong: 'That is not the code, or it is no longer good. Have another one sent.',
    notYet:
      'Not there after a minute? Look among the junk mail, or ask at the till: they can find your card too.',
    noMail: 'This shop sends no mail. Ask at the till: they can find your card by your name or number.',
    found: 'Here they are',
    foundLead: 'Keep each of these links, or join the cards: open one, and choose “I have another card”.',
    link: 'Lost your card? Find it again',
    again: 'Send another code',
  },

  mail: {
    subject: (code: string, shopName: string) => `${code} is your code for ${shopName}`,
    text: (code: string, shopName: string) =>
      [
        `Your code for your stamp card at ${shopName}:`,
        '',
        `    ${code}`,
        '',
        // Short lines: they are sent as they are, so that an address below is whole also in the file of a trial.
        'It is good for ten minutes. If you did not ask for it, do nothing:',
        'without it nothing happens.',
        '',
      ].join('\n'),
    /** Only in the mail that keeps a card safe. */
    wayBack: (address: string) =>
      ['Keep this mail. When your phone is lost, this brings your card to another:', '', address, ''].join(
        '\n',
      ),
  },

  /** What a page says after something was done or refused; named in its address. */
  notices: {
    saved: { isGood: true, text: 'Saved.' },
    'phone-unreadable': {
      isGood: false,
      text: 'That does not look like a phone number. Type only figures, with or without + and the code of your country.',
    },
    'code-sent': { isGood: true, text: 'The code is on its way.' },
    'email-unreadable': { isGood: false, text: 'That does not look like an e-mail address.' },
    'too-many': { isGood: false, text: 'That was a lot of codes. Please try again in an hour.' },
    safe: { isGood: true, text: 'Your card is safe now.' },
    'code-wrong': {
      isGood: false,
      text: 'That is not the code, or it is no longer good. Have another one sent.',
    },
    removed: { isGood: true, text: 'Taken out.' },
    joined: { isGood: true, text: 'Done: everything is on this card now.' },
    'join-wrong': {
      isGood: false,
      text: 'That did not match. Look again: the joining code is another after ten minutes.',
    },
    'join-locked': { isGood: false, text: 'Too many wrong tries. Please wait a little.' },
    'join-same': { isGood: false, text: 'These two are one card already.' },
    'join-other': {
      isGood: false,
      text: 'These two cards cannot be joined here. Please ask at the till.',
    },
    'not-sure': { isGood: false, text: 'Tick the box first, if you are sure.' },
  },
};

export type Texts = typeof english;
export type NoticeName = keyof Texts['notices'];
export const noticeNames = Object.keys(english.notices) as [NoticeName, ...NoticeName[]];
export type SorryName = keyof Texts['sorry'];
