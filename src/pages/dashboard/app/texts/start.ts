import { inLanguage } from '../language.ts';

export const texts = inLanguage({
  setUp: 'Set up your shop',
  setUpLead: 'Five short steps, ten minutes. You can leave after this one and come back whenever you like.',
  steps: { shop: 'Shop', card: 'Stamp card', menu: 'Menu', people: 'People', till: 'First till' },
  done: 'done',
  progress: 'Steps',

  shop: 'Your shop',
  business: 'Name of the business',
  locationName: 'Name of this location',
  locationHint: 'Such as the street. You may have others later.',
  currency: 'Currency',
  currencyHint: 'Stays as it is from now on.',
  week: 'The week begins on',
  weekHint: 'For weekly allowances. Stays as it is from now on.',
  zone: 'Time zone',
  cutOff: 'A business day begins at',
  cutOffHint: 'What is sold or given after midnight still counts to the evening.',
  you: 'You, the owner',
  yourName: 'Your name',
  email: 'E-mail address',
  password: 'Password',
  passwordHint: 'At least 12 characters. A few words in a row are easy to remember.',
  open: 'Open the shop',
  reward: 'A coffee on the house',
  noToken: 'To set the shop up, open the link that the server printed when it started. It ends in ?token=…',

  cardTitle: 'Your stamp card',
  cardLead:
    'How many stamps fill it, what a full card earns, and its colour. You can change all of it later.',
  menuTitle: 'Your menu',
  menuLead:
    'Tick what you sell and write its price. Leave the cost empty if you don’t know it: we take a quarter of the price. A handful is enough to begin.',
  menuHave: (names: string) => `On the menu: ${names}.`,
  peopleTitle: 'Your people',
  peopleLead:
    'Everybody who serves needs a PIN, you too if you serve. Names and PINs can be changed at any time.',
  peopleHave: (names: string) => `Can sign in at a till: ${names}.`,
  ownPin: (name: string) => `A PIN for yourself, ${name}`,
  ownPinSave: 'Save my PIN',
  ownPinSaved: 'You can sign in at the till now',
  tillTitle: 'Your first till',
  tillLead: 'Any tablet, phone or computer with a browser becomes a till by scanning a code.',

  next: 'Save and go on',
  goOn: 'Go on',
  addAndGoOn: 'Put these on the menu and go on',
  addPerson: 'Add and stay',
  finish: 'Go to your desk',
  later: 'Later',
  back: 'Back',
});
