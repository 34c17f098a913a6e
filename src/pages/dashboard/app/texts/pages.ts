import { inLanguage } from '../language.ts';

/** What pages are called, in the navigation and in the title of the window. */
export const texts = inLanguage({
  home: 'Home',
  gestures: 'Gestures',
  evidence: 'Evidence',
  keptTaps: 'Kept taps',
  allowance: 'Allowance',
  menu: 'Menu',
  cards: 'Stamp cards',
  people: 'People',
  tills: 'Tills',
  locations: 'Locations',
  settings: 'Settings',
  start: 'First steps',
  setup: 'Set up your shop',
  signIn: 'Sign in',
  customers: 'Customers',
  sales: 'Sales',
  imports: 'Sales from a file',
  audit: 'Audit log',
  account: 'My account',
  unknown: 'Nothing here',
});
