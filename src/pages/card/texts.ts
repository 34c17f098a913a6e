// What the pages around a card say: keeping it safe, finding it again, joining two, being forgotten.

export const texts = {
  card: {
    liveCode: 'Live code',
    number: 'Card number',
    qr: 'QR code of your card',
    showCode: 'Show my code',
    showAtTill: 'Show this at the till',
    codeShown: 'Done',
    fullCard: (progress: string) => `Full card: ${progress}`,
    offline: 'You are offline. This is your card as of',
    more: 'Keep it safe, and your details',
    likesIt: 'How you like it:',
  },

  me: {
    title: 'You and your card',
    back: 'Back to the card',
    details: 'How we know you',
    detailsLead: 'All of it is up to you. The people at the counter see it when your card is scanned.',
    name: 'First name',
    likes: 'How you like it',
    likesExample: 'Oat milk, no lid',
    phone: 'Phone number',
    phoneHint: 'Helps the shop find your card when you say its last four figures. We do not check it.',
    save: 'Save',
    safe: 'Keep it safe',
    safeLead: 'With your e-mail address a lost phone loses nothing: you get a new link to the same card.',
    isSafe: (email: string) => `Your card is safe: ${email} brings it back.`,
    email: 'E-mail address',
    sendCode: 'Send me a code',
    code: 'The six figures we sent you',
    codeSent: (email: string) => `A code is on its way to ${email}. It is good for ten minutes.`,
    codeHint: 'Not there after a minute? Look among the junk mail, or have another one sent.',
    confirm: 'That’s it',
    otherAddress: 'Another address',
    removeEmail: 'Take the address out',
    noMail: 'This shop sends no mail. Give it your phone number above: it helps to find your card again.',
    join: 'I have another card',
    joinLead:
      'Open the other card, on the phone it is on, and type what it shows. Its stamps and rewards come to this one; both links go on working.',
    otherCode: 'Its card number',
    otherCodeHint: 'Eight letters and figures under the square code',
    liveCode: 'Its live code',
    liveCodeHint: 'Six figures; they change every half minute',
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
    foundLead: 'Keep both links, or join the cards: open one, and choose “I have another card”.',
    link: 'Lost your card? Find it again',
    again: 'Send another code',
  },

  mail: {
    subject: (code: string, shopName: string) => `${code} is your code for ${shopName}`,
    text: ({ code, shopName }: { code: string; shopName: string }) =>
      [
        `Your code for your stamp card at ${shopName}:`,
        '',
        `    ${code}`,
        '',
        'It is good for ten minutes. If you did not ask for it, do nothing: without it nothing happens.',
        '',
      ].join('\n'),
  },
} as const;

/** What a page says after something was done or refused; named in its address. */
export const notices = {
  saved: { isGood: true, text: 'Saved.' },
  'phone-unreadable': {
    isGood: false,
    text: 'That does not look like a phone number. They look like 020 7946 0958.',
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
    text: 'That did not match. Look again: the live code changes every half minute, and works once.',
  },
  'join-locked': { isGood: false, text: 'Too many wrong tries. Please wait a little.' },
  'join-same': { isGood: false, text: 'These two are one card already.' },
  'join-other': {
    isGood: false,
    text: 'These two cards cannot be joined here. Please ask at the till.',
  },
  'not-sure': { isGood: false, text: 'Tick the box first, if you are sure.' },
} as const;

export type NoticeName = keyof typeof notices;
