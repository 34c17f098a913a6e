import { inLanguage } from '../language.ts';

export const texts = inLanguage({
  title: 'Settings',
  lead: 'What is true for all of your shop.',
  business: 'Your business',
  name: 'Name of the business',
  nameHint: 'Customers see it on their cards and on the poster.',
  logo: 'Logo',
  logoHint: 'Small and square looks best. Shown on cards and posters.',
  rules: 'Gestures and visits',
  coolDown: 'Days between two gestures to one customer',
  coolDownHint: 'So that kindness reaches many, and nobody learns to ask for it. 0 turns it off.',
  visit: 'Minutes that belong to one visit',
  visitHint:
    'A sale this soon after a gesture is the same visit and is not counted as coming back. Changing it restates the reports.',
  fixed: 'Chosen when you opened, for good',
  currency: 'Currency',
  week: 'The week begins on',
  fixedHint: 'Sums and weeks that were counted would change their meaning.',
  saveBusiness: 'Save name and logo',
  saveRules: 'Save these rules',
  saved: 'Saved',
});
