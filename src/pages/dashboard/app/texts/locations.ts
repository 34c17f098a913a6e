import { inLanguage } from '../language.ts';

export const texts = inLanguage({
  title: 'Locations',
  lead: 'Each shop, when its days begin, and the poster by which customers join.',
  readOnly: 'Only an owner changes it.',
  add: 'Open a location',
  edit: 'Edit',
  editOf: (name: string) => `Edit ${name}`,
  added: (name: string) => `${name} is open`,
  saved: (name: string) => `${name} is saved`,
  dayBegins: (time: string, zone: string) => `A business day begins at ${time}, ${zone}`,

  name: 'Name',
  zone: 'Time zone',
  cutOff: 'A business day begins at',
  cutOffHint: 'What is sold or given after midnight still counts to the evening before, until then.',
  moves:
    'Days never go back: the business day that has begun stays the day it is, and no allowance starts anew. What was recorded before keeps its day.',

  poster: 'For your customers',
  posterLead: 'They scan this, and have a stamp card. Hang the poster at the counter.',
  qr: (name: string) => `QR code: join at ${name}`,
  joinLink: 'Join link',
  printA5: 'Poster to print, A5',
  printA4: 'Poster to print, A4',

  close: 'Close',
  closeOf: (name: string) => `Close ${name}`,
  closeTitle: (name: string) => `Close ${name} for good?`,
  closeSays:
    'Its tills are ended, its poster leads nowhere, and nobody works there any more; a season that draws there alone ends. What happened there stays, and cards issued there are good at your other locations.',
  closeAgain: 'This cannot be undone.',
  closeYes: 'Close it',
  closed: (name: string) => `${name} is closed`,
});
