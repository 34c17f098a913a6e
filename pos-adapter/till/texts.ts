import type { RefusalName } from '../../src/http/problem.ts';
import type { GestureKind, OwnThanks, Reason } from './api-types.ts';
import { LANGUAGE, localisedTree } from './locale.ts';

const plurals = new Intl.PluralRules(LANGUAGE);
const minuteFormat = new Intl.NumberFormat(LANGUAGE, { style: 'unit', unit: 'minute', unitDisplay: 'short' });
const count = (number: number, one: string, other: string): string =>
  `${number} ${plurals.select(number) === 'one' ? one : other}`;

const english = {
  product: 'Doublestamp',
  sending: 'Sending …',
  sendingLong: 'Still sending. It is recorded once, however often we try.',
  offlineBanner: 'No connection. Sales are kept here.',
  cancel: 'Cancel',
  tryAgain: 'Try again',

  enrol: {
    title: 'Connect this till',
    lead: 'The owner finds a code at the desk, under Tills. It works once, for 15 minutes.',
    code: 'Code',
    button: 'Connect',
    ended: 'This till is no longer connected. Ask the owner for a new code.',
    noConnection: 'No connection: the code is still good. Connect the tablet to the network and try again.',
    silence:
      'The connection broke, and we can’t tell whether the code was used. Try it again; if it is not known any more, ask for a new one.',
  },

  loading: 'One moment …',
  loadFailed: 'The till can’t reach the server.',

  people: {
    title: 'Who are you?',
    nobody: 'Nobody here has a PIN yet. The owner gives people one at the desk, under People.',
    roles: { barista: '', manager: 'Manager', owner: 'Owner' },
    back: 'Somebody else',
    notHere: (name: string) =>
      `${name} can’t sign in at this till any more. The owner decides that at the desk, under People.`,
    handOver: 'The customer who is being served waits a minute for whoever comes next.',
  },

  pin: {
    title: (name: string) => `Hello ${name}`,
    label: 'PIN',
    enter: 'Enter your PIN',
    again: 'You were signed out. Enter your PIN, the new one if you were given one; nothing is lost.',
    ok: 'OK',
    erase: 'Erase the last figure',
    wrong: 'That PIN is not right.',
    triesLeft: (tries: number) => `${count(tries, 'try', 'tries')} left.`,
    locked: (seconds: number) =>
      seconds > 90
        ? `Too many wrong tries. Wait ${count(Math.ceil(seconds / 60), 'minute', 'minutes')}.`
        : `Too many wrong tries. Wait ${count(seconds, 'second', 'seconds')}.`,
  },

  bar: {
    lock: 'Lock',
    lockedByItself: 'Locked because nobody used the till for a while.',
  },

  thanks: {
    what: (kind: OwnThanks['items'][number]['kind'], itemName: string | null): string =>
      itemName ? `“${itemName}”` : kind === 'double_stamp' ? 'the double stamp' : 'what you gave',
    line: (what: string, when: string) => `A customer thanked you for ${what}, ${when}.`,
    more: 'Others thanked you this week, too.',
  },

  waiting: {
    title: 'Scan a card',
    lead: 'Hold the customer’s card under the scanner.',
    code: 'Code, name or end of phone number',
    find: 'Find',
    camera: 'Camera',
    cameraHint: 'to scan the card',
    foreign: 'That was another barcode, not a card of ours.',
    tooLittle: 'A little more: two letters of the name, or the last four figures of the number.',
    nobody: 'Nobody here is called that, or has that number.',
    noLookUp:
      'No connection, so nobody can be looked up. Scan the card, or type its code: the stamps follow.',
    found: (people: number) => `${count(people, 'customer', 'customers')} found`,
    foundLabel: 'Customers found',
    phoneEnd: (figures: string) => `…${figures}`,
    hasMore: 'There are more. One more letter, or figure?',
    newCard: 'New card',
    newCardHint: 'for a new customer',
    noCard: 'No card',
    noCardHint: 'ring up without one',
  },

  find: {
    title: 'Find their card',
    camera: 'Scan with the camera',
  },

  newCard: {
    title: 'New card',
    name: 'First name, if they like',
    forStaff: 'For somebody who works here',
    forStaffHint: 'Nobody can treat their own card.',
    aCustomer: 'A customer',
    make: 'Make the card',
    notNow: 'A card can be made when the connection is back. Until then, ring up without one.',
    scanTitle: 'Let them scan this',
    scanLead: 'Their card opens on their phone. It needs no app.',
    qrLabel: 'QR code of the new card',
    shortCode: 'Code to type:',
    serve: 'Serve them now',
    print: 'Print',
    printedTitle: 'Your stamp card',
    printedLead:
      'Scan this with your phone and your card opens. It needs no app. Without the phone, this code is enough.',
    done: 'Done',
  },

  visit: {
    guest: 'A guest',
    noCard: 'No card',
    noCardLead: 'Scan a card at any time: this sale goes on it.',
    earlierStays: 'What was rung up before stays without a card.',
    firstVisit: 'First visit',
    lastVisit: (when: string) => `Last visit ${when}`,
    stampsOf: (stamps: number, required: number) => `${stamps} of ${required} stamps`,
    owed: (stamps: number) =>
      `${count(stamps, 'stamp', 'stamps')} short after a refund; the next ones make up for it.`,
    blocked: 'This card is blocked: you can sell, but it gets no stamps. A manager can say why.',
    found: (name: string, standing: string) => `${name}, ${standing}`,
    kept: (name: string) => `Now ${name}. What was tapped stayed.`,
    menu: 'Menu',
    menuEmpty: 'There is nothing on the menu yet. The owner adds items at the desk, under Menu.',
    inBasket: 'taken',
    lessOf: (name: string) => `One ${name} less`,
    basketEmpty: 'Tap what they are having',
    ringUp: 'Ring up',
    ringUpTotal: (total: string) => `Ring up ${total}`,
    next: 'Next customer',
    keyHint: 'On a keyboard: Ctrl and Enter',
    leave: 'Back',
    more: 'Ring up more',
    rungUp: (total: string) => `${total} rung up`,
    free: 'Nothing to pay',
    toPay: (total: string) => `${total} to pay`,
    earned: (stamps: number) =>
      stamps === 0 ? 'No stamp for this' : `+ ${count(stamps, 'stamp', 'stamps')}`,
    extra: (stamps: number) => `and ${stamps} extra`,
    claimHint: 'They have a card after all? Scan it now and the stamps go on it.',
    claimed: (total: string, stamps: number) =>
      `${total} put on this card: ${count(stamps, 'stamp', 'stamps')}`,
    claimedHint: 'Rung up before this card was shown.',
    notTheirs: 'Not theirs: take it off',
    takenOff: (total: string) => `${total} stays rung up, on no card.`,
    cardFull: 'The card is full!',
  },

  draw: {
    lucky: 'The house is treating',
    luckyLead: 'Tap what they get. It takes nothing from what you have left.',
    alsoRingsUp: (what: string, total: string) =>
      `Double stamp rings up ${what} for ${total}, with one stamp more.`,
    given: 'on the house',
    suggestion: 'Something kind, perhaps?',
    suggestionLead: 'Only if it feels right. It comes from what you have left.',
    pass: 'Let it pass',
    bonus: 'The house gives you one more.',
    giveBonus: 'Give it',
  },

  /** What is so; never what to do about it. */
  whyNow: {
    oneFills: 'One more stamp fills the card.',
    extraFills: 'With today’s coffee, one extra stamp fills the card.',
    backAfter: (days: number) => `Back after ${count(Math.round(days / 7), 'week', 'weeks')}.`,
    firstVisit: 'Their first visit here.',
  },

  preferences: {
    add: 'How do they like it?',
    edit: (preferences: string) => `${preferences}. Change how they like it`,
    title: 'How they like it',
    label: 'For example: oat milk, no lid',
    hint: 'Everybody at the tills sees it, and so does the customer. Nothing about their health or looks, please.',
    save: 'Keep it',
    saved: 'Kept',
    changed: (now: string | null) =>
      now === null
        ? 'It was taken away meanwhile. Yours is not kept yet.'
        : `It was changed meanwhile: “${now}”. Yours is not kept yet.`,
    notSaved: 'No connection: this is not kept yet. Try again when it is back.',
  },

  proof: {
    lead: 'Scan the card on their phone once more, or type the six figures below its code.',
    leadByHand:
      'Scan the card on their phone once more, or type the six figures below its code. Then hand it over without ringing it up; this can’t be undone.',
    code: 'Six figures on their phone',
    camera: 'Scan with the camera',
    notLive:
      'That showed no six figures: it is a printed card, or a picture of one. It takes the card on their phone, or your word.',
    override: 'Their phone is dead, or not here',
    overrideHint: 'You vouch for them. It is written down with your name.',
  },

  settings: {
    title: 'This tablet',
    lead: 'Kept on this tablet, whoever is signed in.',
    leftHand: 'Left-handed',
    leftHandHint: 'What you tap most is on the left',
    sound: 'Sounds',
    vibration: 'Vibration',
    lockAfter: 'Locks by itself after',
    minutes: (minutes: number) => minuteFormat.format(minutes),
    done: 'Done',
  },

  mirror: {
    open: 'How my kindness spreads',
    title: 'How your kindness spreads',
    lead: 'Your last 60 days. Only you see this: it is a mirror, not a mark.',
    nothing: 'Nothing given in these days yet. There is no hurry: the right moment shows itself.',
    few: (gestures: number, people: number) =>
      `${count(gestures, 'kind moment', 'kind moments')} for ${count(people, 'person', 'people')}: they will remember. Too few yet to see how they spread.`,
    warm: (gestures: number, people: number) =>
      `${count(people, 'person has', 'people have')} had something kind from you, ${count(gestures, 'time', 'times')} in all. That is a lot of better days.`,
    caption: 'Whom you served, and whom you gave to',
    served: 'You served',
    given: 'You gave to',
    newcomers: 'New here',
    regulars: 'Regulars',
    partsOfDay: { morning: 'Morning', midday: 'Midday', afternoon: 'Afternoon', evening: 'Evening' },
    sameThree: (share: string) => `The three people you gave to most had ${share} of it.`,
    noConnection: 'There is no connection, so there is nothing to see just now.',
    leave: 'Back to the till',
  },

  camera: {
    title: 'Show the card to the camera',
    hold: 'Hold the code in the frame.',
    notACard: 'That is another code, not a card of ours.',
    close: 'Close',
    troubles: {
      'not-allowed': 'The browser may not use the camera. Allow it in the browser’s settings for this page.',
      none: 'This tablet has no camera that the page could use. It needs one, and an address with https.',
      failed:
        'The camera did not start. Another app may be using it: close that one, or type the code below theirs.',
      'no-reader':
        'The camera can’t read codes: that part is fetched with the first connection, and some old browsers cannot run it. Type the code below theirs.',
    },
  },

  reward: {
    waiting: (names: readonly string[]) => `Theirs to use: ${names.join(', ')}`,
    use: 'Use it',
    useNow: 'Use it now',
    todaysIsFree: (item: string) => `Today’s ${item} is free`,
    expires: (when: string) => `Good until ${when}`,
    used: (name: string) => `Used: ${name}`,
    free: 'free',
    saleFirst: 'The sale is still on its way. Try again in a moment.',
    handOver: 'Hand it over without ringing it up. This can’t be undone.',
  },

  gesture: {
    kinds: { double_stamp: 'Double stamp', free_item: 'Free item' } satisfies Record<GestureKind, string>,
    leftToday: (left: number) => `${left} left today`,
    leftThisWeek: (left: number) => `${left} left this week`,
    noneLeft: (when: string) => `None left. New ones ${when}.`,
    coolDown: (when: string) => `They had one recently. The next can be given ${when}.`,
    askManager: 'Ask a manager for one more',
    why: (what: string) => `${what}. Why?`,
    which: 'What do you give?',
    kind: 'What would you like to give?',
    reasons: {
      long_day: 'Long day',
      long_wait: 'Long wait',
      our_mistake: 'Our mistake',
      regular: 'A regular',
      newcomer: 'New here',
      celebration: 'Celebrating',
      other: 'Just because',
    } satisfies Record<Reason, string>,
    alsoRingsUp: (what: string, total: string) => `Rings up ${what} for ${total}, with one stamp more.`,
    whichManager: 'Which manager?',
    managerPin: (name: string) => `${name}’s PIN`,
    noManager: 'No manager has a PIN at this till.',
    doubleGiven: 'One stamp more',
    itemGiven: (item: string) => `${item} on the house`,
    unclear: 'No answer yet, so we can’t tell whether this counts. It shows here as soon as we know.',
    takenOff: (item: string) => `${item} was taken off the sale.`,
  },

  offline: {
    noConnection: 'No connection.',
    waiting: (taps: number) => `${count(taps, 'tap waits', 'taps wait')} to be sent.`,
    kept: 'Kept here; it is sent when the connection is back.',
    stampsLater: 'The stamps follow when the connection is back.',
    unread: 'Whose it is we see when the connection is back.',
    unreadTitle: 'Card scanned',
    typedTitle: (code: string) => `Code ${code}`,
    typed: 'If that is a name: nobody can be looked up without a connection.',
    asOf: (when: string) => `As of ${when}: there is no connection.`,
    canGive: (left: number) => `${left} left offline`,
    noneLeft: 'None left to give offline.',
    noRewards: 'Rewards can’t be used without a connection. The card keeps them.',
    /** As short as what stands there otherwise: nothing moves when the Wi-Fi goes. */
    notNow: 'Not without a connection',
    noTreat: 'It can be given when the connection is back.',
    onlyOneMayUnlock: (name: string) => `Without a connection only ${name} can unlock this till.`,
    nobodyMayUnlock: 'Without a connection nobody can sign in here.',
    notSecure: 'This till’s address is not https, so nobody can sign in without a connection.',
    noServiceWorker:
      'This till’s address is not https: it does not start without a connection. Whoever looks after the server finds how under “HTTPS” in the operator’s guide.',
    refused: (what: string, why: string) => `Not accepted: ${what}. ${why}`,
    othersRefused: (taps: number) => `And ${taps} more.`,
    operations: {
      sale: 'a sale',
      claim: 'stamps for a sale',
      gesture: 'a gesture',
      undo_sale: 'an undone sale',
      undo_gesture: 'an undone gesture',
      return_lease: 'a gesture given back',
    },
    keptForManager: 'A manager can see it.',
    keptHere: 'It is kept on this tablet.',
    seen: 'Seen',
    tillEnded: 'They can’t be sent: this till is no longer connected. Ask the owner for a new code.',
  },

  /** As in `offline`, while there is a connection whose answers take seconds. */
  slow: {
    banner: 'Slow connection. Sales are kept here.',
    slow: 'Slow connection.',
    kept: 'Kept here, and on its way.',
    stampsLater: 'The stamps follow in a moment.',
    unread: 'Whose it is we see in a moment.',
    typed: 'Whose it is we see in a moment.',
    asOf: (when: string) => `As of ${when}; news is on its way.`,
  },

  undo: {
    button: 'Undo',
    label: (what: string, seconds: number) => `Undo ${what}, ${count(seconds, 'second', 'seconds')} left`,
    done: 'Undone',
    undone: (what: string) => `Undone: ${what}`,
  },

  trouble: {
    notSent: 'No connection: nothing was recorded.',
    unknown:
      'The connection broke, so we can’t tell whether this was recorded. Try again: it never counts twice.',
    notKept:
      'This tablet can’t keep anything, so nothing was recorded. If it stays like this, close this page, see that there is room on the tablet, and open the till again.',
    requestId: (id: string) => `If it stays like this, tell the owner this number: ${id}`,
    http: (status: number) => `The server answered with an error (${status}).`,
  },

  /** In a barista's words; what is not here is said in the server's. */
  refusals: {
    'session-over': 'Nobody was signed in when it was tapped.',
    'till-ended': 'This till had been disconnected at the desk when it was tapped.',
    'tap-too-old': 'It was tapped more than a week ago.',
    'tap-day-over': 'It was given on a day that is over.',
    'lease-not-good': 'What the till took along was not good for it.',
    'lease-unknown': 'What the till took along was not good for it.',
    'allowance-spent': 'No gestures were left.',
    'cool-down': 'This customer had had one recently.',
    'sale-unknown': 'We don’t know the sale it belongs to.',
    'server-error': 'Something went wrong on the server.',
    'card-unknown': 'We don’t know this card. Check the code, or make a new card.',
    'card-blocked': 'This card is blocked. A manager can say why.',
    'card-not-full': 'The card is not full any more.',
    'reward-already-redeemed': 'This reward was used a moment ago, maybe at another till.',
    'live-code-wrong':
      'That is not the code the phone shows now. Scan the card again, or type the six figures.',
    'live-code-used': 'This code was used already. The phone shows another one in half a minute.',
    'reward-expired': 'This reward has run out.',
    'nothing-to-cover': 'Nothing on this sale can be free with this reward.',
    'item-unknown': 'This is no longer on the menu. Look again at what they are having.',
    'item-not-giveable': 'The owner does not let this be given away.',
    'draw-not-good': 'This was given already, or its moment is over.',
    'own-card': 'This is your own card. Let a colleague be kind to you.',
    'gesture-unknown': 'We don’t know what it was to take back.',
    'sale-has-card': 'This sale is already on a card.',
    'sale-refunded': 'This sale was undone.',
    'undo-too-late': 'The 30 seconds are over. A manager can still take it back today.',
    'already-undone': 'This was already undone.',
    'not-yours': 'Only whoever gave it can take it back, or a manager.',
    'grant-not-allowed': 'Only a manager can grant one more.',
    'enrolment-unknown': 'This code is not known, was used already, or is older than 15 minutes.',
    'staff-unknown':
      'They don’t work at this till any more. The owner decides that at the desk, under People.',
    'storage-full': 'The server’s disk is full: nothing was recorded. Tell the owner at once.',
    'program-unknown': 'There is no stamp card yet. The owner sets it up at the desk.',
  } satisfies Partial<Record<RefusalName, string>> as Partial<Record<RefusalName, string>>,
};

/** What the till says, in one place. A translation is another file of this shape. */
export const texts = localisedTree(english);
