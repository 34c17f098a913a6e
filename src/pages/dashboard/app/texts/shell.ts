import { inLanguage, locale } from '../language.ts';
import { plural } from '../plural.ts';

const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What stands around every page, and what its parts say. */
export const texts = inLanguage({
  product: 'Doublestamp',
  skip: 'Skip to the page',
  navigation: 'Your desk',
  groups: { day: 'Every day', shop: 'Your shop', account: 'Records and access' },
  more: 'More',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Not copied: select the text yourself',
  signOut: 'Sign out',
  signedInAs: (name: string, role: string) => `${name}, ${role.toLowerCase()}`,
  hasLeft: (name: string) => `${name} (has left)`,
  isClosed: (location: string) => `${location} (closed)`,
  roles: { barista: 'Barista', manager: 'Manager', owner: 'Owner' },
  madeUp: 'A demonstration: the shop and its sales are made up.',
  loading: 'One moment …',
  loadFailed: 'This could not be loaded.',
  mayBeOld: 'What you see may be out of date.',
  tryAgain: 'Try again',
  unknownPage: 'There is no such page at your desk. The address may be old, or mistyped.',
  backHome: 'Go to your desk',
  notForYou: 'Only an owner sees this page.',

  form: {
    save: 'Save',
    cancel: 'Cancel',
    optional: 'optional',
    amount: (example: string) => `An amount such as ${example}, please`,
    number: 'A whole number, please',
    needed: 'Please fill this in',
  },
  leave: {
    title: 'Leave without saving?',
    says: 'What you changed on this page is not saved yet.',
    yes: 'Leave it',
  },
  table: { more: 'Show more' },
  file: { busy: 'The file is being written …', done: 'The file is in your downloads' },
  toast: { undo: 'Undo', undone: 'Undone', dismiss: 'Dismiss' },
  password: {
    title: 'Your password again',
    lead: 'This needs a password entered in the last five minutes.',
    label: 'Password',
    goOn: 'Go on',
    code: 'Code of your authenticator app',
    codeHint: 'Six figures. Without your phone: one of your recovery codes.',
  },
  over: {
    title: 'Sign in again',
    lead: 'You are not signed in any more. What you typed on this page stays, and it goes on once you have signed in.',
    goOn: 'Sign in',
  },
  another: {
    title: 'Somebody else has signed in',
    lead: 'Since this page was opened, somebody else has signed in in this browser, so nothing more is done here. What you typed on this page stays, and it goes on once you have signed in again.',
    goOn: 'Sign in again',
    openAnew: 'Open their desk',
  },
  problems: {
    noAnswer: 'The server does not answer. Check the connection, and try again',
    lostAnswer:
      'What you sent first did arrive, though its answer was lost. Load the page anew and look, before you send it again',
    oldPage: 'The server was updated after this page was opened. Load the page anew, and try again',
    http: (status: number) => `The server answered with an error (${status})`,
    retryAt: (instant: Date) => `The next try is possible at ${time.format(instant)}.`,
    againAt: (when: string) => `It is possible again from ${when}.`,
    triesLeft: (tries: number) => `${tries} ${plural(tries, 'try', 'tries')} left.`,
    requestId: (id: string) => `If it stays like this, tell whoever runs the server this number: ${id}.`,
  },
});
