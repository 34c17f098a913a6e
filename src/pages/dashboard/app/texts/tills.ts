import { inLanguage } from '../language.ts';
import { plural } from '../plural.ts';

export const texts = inLanguage({
  title: 'Tills',
  lead: 'Any tablet, phone or computer with a browser. Each is connected once, with a code.',
  add: 'Connect a till',
  caption: 'The tills',
  columns: { name: 'Name', where: 'Stands at', seen: 'Last seen', actions: 'Actions' },
  neverSeen: 'Not yet',
  waiting: (taps: number) => `${taps} ${plural(taps, 'tap', 'taps')} to send`,
  closed: 'A closed location',
  empty: 'No till is connected yet',
  emptyHint: 'A till is a web page: open it on the tablet at your counter with the code this page makes.',

  rename: 'Rename',
  renameOf: (name: string) => `Rename ${name}`,
  renamed: (name: string) => `It is called ${name} now`,
  end: 'End',
  endOf: (name: string) => `End the till ${name}`,
  endTitle: (name: string) => `End the till ${name}?`,
  endSays:
    'Nobody can use it any more, at once, until it is connected again with a new code. Whoever is signed in on it is signed out. What it had not sent yet stays on it, and is handed to you only when it is connected again.',
  endYes: 'End it',
  ended: (name: string) => `${name} is no till any more`,

  name: 'Name of the till',
  namePlaceholder: 'Counter',
  where: 'Where it stands',
  make: 'Make a code',
  codeTitle: 'Now take the tablet',
  scan: 'Scan this with its camera, or open the link on it:',
  or: (page: string) => `Or open ${page} there and type:`,
  goodFor: (minutes: number) => `Good for ${minutes} more ${plural(minutes, 'minute', 'minutes')}, once.`,
  waitingFor: 'This page notices by itself when the till is connected.',
  runOut: 'This code has run out.',
  another: 'Make another',
  connected: (name: string) => `${name} is connected`,
  connectedHint: 'Whoever has a PIN can sign in on it now.',
  qr: 'QR code of the link below',
  onlyHere:
    'Only this computer can reach your shop so far; phones and tablets cannot. Start the server with HOST=0.0.0.0 before its command, or behind a proxy: docs/operating.md says how.',
});
