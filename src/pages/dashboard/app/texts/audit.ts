import { inLanguage } from '../language.ts';

/** Who, whom or what, and what the log noted besides. */
export interface AuditWords {
  who: string;
  what: string;
  details: Record<string, unknown>;
  /** The money it was about, in words; empty when it was about none. */
  amount: string;
  /** The limits of an allowance as they were and as they are since; empty when it was about none. */
  before: string;
  after: string;
}

const changed = ({ details }: AuditWords): string[] =>
  Array.isArray(details['changed'])
    ? details['changed'].map((part) => texts.parts[String(part)] ?? String(part))
    : [];

const isByCustomer = ({ details }: AuditWords): boolean => details['by'] === 'customer';

export const texts = inLanguage({
  title: 'Audit log',
  lead: 'Who changed, saw or took out what. Nothing in it can be changed: each line seals the ones before it.',
  caption: 'The audit log',
  columns: { at: 'When', what: 'What' },
  none: 'Nothing fits',
  noneHint: 'Choose other days, another person, or everything.',
  backwards: 'The last day is before the first',
  backwardsHint: 'Choose a day under “To” that is not before the one under “From”.',
  download: 'Download as CSV',
  commandLine: 'The command line',
  nameless: 'a customer',
  filter: {
    person: 'Person',
    everybody: 'Everybody',
    action: 'About',
    everything: 'Everything',
    from: 'From',
    to: 'To',
  },
  groups: {
    staff: 'People',
    session: 'Signing in and out',
    sessions: 'Signing out everywhere else',
    'second-factor': 'Second factor',
    password: 'Passwords',
    pin: 'PINs',
    device: 'Tills',
    enrolment: 'Connecting tills',
    location: 'Locations',
    program: 'Stamp cards',
    picture: 'Pictures',
    item: 'Menu',
    allowance: 'Allowance',
    merchant: 'Settings',
    customer: 'Customers',
    customers: 'Finding and joining customers',
    card: 'Cards',
    reward: 'Rewards without the live code',
    sale: 'Refunds at the desk',
    tap: 'Taps of tills that were kept',
    season: 'Draws',
    sales: 'Imports',
    'gesture-report': 'Reports taken out',
    evidence: 'Evidence taken out',
    audit: 'The log taken out',
  } as Record<string, string>,
  parts: {
    name: 'name',
    role: 'role',
    email: 'e-mail address',
    locationId: 'location',
    pin: 'PIN',
    password: 'password',
    phone: 'phone number',
    preferences: 'preferences',
  } as Record<string, string>,
  unknown: ({ who }: AuditWords, action: string) => `${who}: ${action}`,
  sentences: {
    'staff.added': ({ who, what }) => `${who} took on ${what}`,
    'staff.edited': (words) => `${words.who} changed ${words.what}: ${changed(words).join(', ')}`,
    'staff.ended': ({ who, what }) => `${who} ended the access of ${what}`,
    'session.started': ({ who, details }) =>
      details['at'] === 'till' ? `${who} signed in at a till` : `${who} signed in at the desk`,
    'session.confirmed': ({ who }) => `${who} entered the password again`,
    'session.ended': ({ who, details }) =>
      details['of'] ? `${who} ended somebody else’s sign-in` : `${who} signed out`,
    'sessions.ended': ({ who }) => `${who} signed out everywhere else`,
    'second-factor.started': ({ who }) => `${who} began to set up a second factor`,
    'second-factor.turned-on': ({ who }) => `${who} turned the second factor on`,
    'second-factor.turned-off': ({ who }) => `${who} turned the second factor off`,
    'second-factor.taken-off': ({ who, what }) => `${who} took off the second factor of ${what}`,
    'second-factor.codes-renewed': ({ who }) => `${who} made new recovery codes`,
    'second-factor.recovery-code-used': ({ who, details }) =>
      `${who} used a recovery code; ${String(details['left'])} left`,
    'second-factor.locked': ({ what }) =>
      `Too many wrong codes: the second factor of ${what} was locked for a while`,
    'password.changed': ({ who }) => `${who} changed their own password`,
    'password.reset': ({ what, details }) =>
      details['removedSecondFactor']
        ? `The command line gave ${what} a new password, and took off the second factor`
        : `The command line gave ${what} a new password`,
    'password.locked': ({ what }) =>
      `Too many wrong passwords: the sign-in of ${what} was locked for a while`,
    'pin.changed': ({ who }) => `${who} changed their own PIN`,
    'pin.locked': ({ what }) => `Too many wrong PINs: ${what} was locked at a till for a while`,
    'device.enrolled': ({ what }) => `The till ${what} was connected`,
    'device.renamed': ({ who, what }) => `${who} renamed a till: ${what}`,
    'device.ended': ({ who, what }) => `${who} ended the till ${what}`,
    'enrolment.started': ({ who }) => `${who} made a code to connect a till`,
    'location.added': ({ who, what }) => `${who} opened the location ${what}`,
    'location.edited': ({ who, what }) => `${who} changed the location ${what}`,
    'location.ended': ({ who, what }) => `${who} closed the location ${what}`,
    'program.added': ({ who, what }) => `${who} started the stamp card ${what}`,
    'program.edited': ({ who, what }) => `${who} changed the stamp card ${what}`,
    'program.ended': ({ who, what }) => `${who} ended the stamp card ${what}`,
    'picture.added': ({ who }) => `${who} added a picture`,
    'item.added': ({ who, what }) => `${who} put ${what} on the menu`,
    'item.edited': ({ who, what }) => `${who} changed ${what} on the menu`,
    'item.ended': ({ who, what }) => `${who} took ${what} off the menu`,
    'item.restored': ({ who, what }) => `${who} put ${what} back on the menu`,
    'allowance.added': ({ who }) => `${who} set an allowance`,
    'allowance.edited': ({ who, before, after }) =>
      `${who} changed an allowance: ${before} before, ${after} now`,
    'allowance.removed': ({ who }) => `${who} removed an allowance`,
    'merchant.set-up': ({ who }) => `${who} set up the shop`,
    'merchant.edited': ({ who }) => `${who} changed the settings of the business`,
    'customer.edited': (words) =>
      isByCustomer(words)
        ? `A customer changed their own card: ${changed(words).join(', ')}`
        : `${words.who} changed ${words.what}: ${changed(words).join(', ')}`,
    'customer.preferences-edited': ({ who, what }) => `${who} wrote down how ${what} likes it`,
    'customer.forgotten': (words) =>
      isByCustomer(words) ? 'A customer had themselves forgotten' : `${words.who} had a customer forgotten`,
    'customers.joined': (words) =>
      isByCustomer(words)
        ? 'A customer joined two cards of theirs'
        : `${words.who} joined two customers into ${words.what}`,
    'customers.searched': ({ who, details }) =>
      `${who} looked for a customer at a till by ${details['by'] === 'phone' ? 'phone number' : 'name'}`,
    'card.blocked': ({ who, what }) => `${who} blocked the card of ${what}`,
    'card.unblocked': ({ who, what }) => `${who} lifted the block on the card of ${what}`,
    'card.link-renewed': (words) =>
      isByCustomer(words)
        ? `A customer found the card of ${words.what} again, and it has a new link`
        : `${words.who} made a new link for the card of ${words.what}`,
    'reward.overridden': ({ who }) => `${who} let a reward be used without the live code`,
    'sale.refunded': ({ who, amount }) => `${who} refunded ${amount} of a sale at the desk`,
    'tap.kept': () => 'A till sent something that the rules refused; it is kept for a manager',
    'tap.applied': ({ who }) => `${who} recorded something that a till had kept`,
    'tap.dismissed': ({ who }) => `${who} dismissed something that a till had kept`,
    'season.started': ({ who }) => `${who} began a season of draws`,
    'season.ended': ({ who }) => `${who} stopped a season of draws`,
    'sales.imported': ({ who, details }) => `${who} imported sales from ${String(details['fileName'])}`,
    'gesture-report.exported': ({ who }) => `${who} took out the report of gestures`,
    'evidence.exported': ({ who }) => `${who} took out the evidence`,
    'audit.exported': ({ who }) => `${who} took out the audit log`,
  } as Record<string, (words: AuditWords) => string>,
});
