import { inLanguage } from '../language.ts';

export const texts = inLanguage({
  title: 'People',
  lead: 'Who works here. Everybody has a PIN of their own, so that every gesture has somebody who gave it.',
  add: 'Add somebody',
  caption: 'The people who work here',
  columns: { name: 'Name', role: 'Role', where: 'Works at', signIn: 'Signs in', actions: 'Actions' },
  everywhere: 'All locations',
  pin: 'PIN at the till',
  noPin: 'No PIN yet',
  desk: 'Password at the desk',
  secondFactor: 'Code as well',
  you: 'you',
  edit: 'Edit',
  editOf: (name: string) => `Edit ${name}`,
  newPin: 'New PIN',
  newPinOf: (name: string) => `Give ${name} a new PIN`,
  leaves: 'Leaves',
  leavesOf: (name: string) => `${name} leaves`,

  empty: 'Nobody is here yet',

  name: 'Name',
  nameHint: 'The first name is what customers see: “Ada gave you this”.',
  role: 'Role',
  roles: {
    barista: 'Barista: serves at the till',
    manager: 'Manager: grants one more, and looks after baristas at the desk',
    owner: 'Owner: everything',
  },
  newRole: 'A new role signs them out everywhere. With it they sign in again.',
  pinLabel: 'PIN for the till',
  pinHint: '4 to 8 figures. Let them choose and type it themselves.',
  ownPinHint: '4 to 8 figures. Tell nobody.',
  pinKept: 'Leave it empty to keep the one they have.',
  where: 'Works at',
  email: 'E-mail address',
  password: 'Password for the desk',
  passwordHint: 'At least 12 characters. A few words in a row are easy to remember.',
  passwordKept: 'Leave it empty to keep the one they have. A new one signs them out everywhere else.',
  ownRole: 'You cannot change your own role: another owner can.',

  added: (name: string) => `${name} is added`,
  saved: (name: string) => `${name} is saved`,
  pinSaved: (name: string) => `${name} has a new PIN`,
  pinSays: 'They are signed out of the tills, and wrong tries are forgotten.',

  lostPhone: 'Lost phone',
  lostPhoneOf: (name: string) => `${name} lost their phone`,
  lostPhoneTitle: (name: string) => `Take off the second factor of ${name}?`,
  lostPhoneSays:
    'They are signed out everywhere, and from then on sign in at the desk with their password alone. Be sure it is they who ask: anybody who has their password gets in then.',
  lostPhoneAgain: 'They set it up anew under “My account”, with their new phone.',
  lostPhoneYes: 'Take it off',
  lostPhoneDone: (name: string) => `${name} signs in with the password alone`,

  leaveTitle: (name: string) => `${name} leaves?`,
  leaveSays:
    'They are signed out of every till and the desk at once. PIN, password and e-mail address are forgotten. What they gave and sold stays in the records under their name.',
  leaveAgain: 'This cannot be undone; somebody who comes back is added again.',
  leaveYes: 'End their access',
  left: (name: string) => `${name} has no access any more`,
});
