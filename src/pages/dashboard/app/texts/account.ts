import { inLanguage } from '../language.ts';
import { counted } from '../plural.ts';

export const texts = inLanguage({
  title: 'My account',
  lead: 'How you sign in, and where you are signed in now.',

  password: {
    title: 'Password',
    lead: 'A new one signs you out of the desk everywhere else.',
    current: 'Password now',
    next: 'New password',
    nextHint: 'At least 12 characters. A few words in a row are easy to remember.',
    change: 'Change the password',
    changed: 'Your password is changed. You are signed out of the desk everywhere else.',
  },

  pin: {
    title: 'PIN for the till',
    lead: 'A new one signs you out of the tills.',
    next: 'New PIN',
    nextHint: '4 to 8 figures. Tell nobody.',
    change: 'Change the PIN',
    changed: 'Your PIN is changed',
  },

  factor: {
    title: 'Second factor',
    leadOff: 'Besides the password, your sign-in can ask for a code that an app on your phone shows.',
    leadOn: 'Your sign-in asks for the password, and for a code that the app on your phone shows.',
    on: 'On',
    onSince: (day: string) => `since ${day}.`,
    codesLeft: (left: number) => `${counted(left, 'recovery code', 'recovery codes')} left.`,
    fewCodes: 'Few recovery codes are left: make new ones before you need them.',
    setUp: 'Set it up',
    renew: 'New recovery codes',
    turnOff: 'Turn it off',

    setUpTitle: 'Set up the second factor',
    app: 'You need an authenticator app: the one built into your phone’s passwords, Google Authenticator, Aegis, 1Password or another.',
    scan: 'Scan this code with the app:',
    picture: 'QR code for the authenticator app',
    typed: 'Or type this key into it:',
    code: 'The code that the app shows',
    codeHint: 'Six figures; a new one every 30 seconds.',
    confirm: 'Turn it on',
    turnedOn: 'The second factor is on',

    recoveryTitle: 'Your recovery codes',
    recoveryLead:
      'Each lets you in once without the phone. Print them or write them down, and keep them where you keep your keys. They are shown this once.',
    print: 'Print',
    kept: 'I have kept them',

    renewTitle: 'Make new recovery codes?',
    renewSays: 'The ones you have now stop working at once.',
    renewYes: 'Make new ones',

    offTitle: 'Turn the second factor off?',
    offSays: 'From then on the password alone is enough. Your recovery codes stop working.',
    offPassword: 'Password',
    offCode: 'A code of the app, or a recovery code',
    offYes: 'Turn it off',
    turnedOff: 'The second factor is off',
  },

  sessions: {
    title: 'Where you are signed in',
    titleAll: 'Who is signed in',
    lead: 'If you do not know one of these, end it and change your password.',
    caption: 'Open sign-ins',
    columns: { who: 'Who', where: 'Where', browser: 'With', since: 'Since', actions: 'Actions' },
    everybody: 'Show everybody',
    onlyMe: 'Show only mine',
    here: 'This one',
    desk: 'The desk',
    till: (name: string, location: string) => `Till ${name}, ${location}`,
    browserOn: (browser: string, system: string) => `${browser} on ${system}`,
    unknownBrowser: 'A browser that does not say',
    end: 'Sign out',
    endLabel: (where: string) => `Sign out: ${where}`,
    endTitle: 'End this sign-in?',
    endSays: (who: string, where: string) =>
      `${who} has to sign in again at: ${where}. Taps that wait in a till are not lost.`,
    endYes: 'Sign out',
    ended: 'Signed out there',
    endOthers: 'Sign out everywhere else',
    endOthersTitle: 'Sign out everywhere else?',
    endOthersSays: 'At other desks and at the tills you have to sign in again. Here you stay signed in.',
    endOthersYes: 'Sign out everywhere else',
    othersEnded: 'You are signed out everywhere else',
    none: 'Nobody is signed in',
  },
});
