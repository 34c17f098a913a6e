import { formatNumber } from '../format.ts';
import { inLanguage } from '../language.ts';
import { counted, plural } from '../plural.ts';

export const texts = inLanguage({
  title: 'Sales from a file',
  lead: 'Bring in what your till has sold, from a CSV file: customers get their stamps, and reports see the sales. Nothing is written before you agree.',
  steps: { file: '1. The file', mapping: '2. How to read it', check: '3. What will happen', done: '4. Done' },

  file: 'CSV file',
  fileHint: 'An export of your point of sale: with a line of headings, the date and time, and the amount.',
  source: 'Where it comes from',
  sourceHint: 'A short name such as “vending”. How its files are read is kept under it for the next time.',
  noFile: 'Choose a file, please',
  emptyFile: 'There is no table in this file: it wants a line of headings and a line for each sale',
  read: 'Read the file',
  known: 'Files from here were read before: it is filled in as it was then.',

  sampleCaption: 'The first rows of the file',
  columnsTitle: 'Which column says what',
  columns: {
    instant: 'Date and time',
    date: 'Date',
    time: 'Time',
    amount: 'Amount paid',
    customer: 'Customer',
    item: 'What was bought',
    saleId: 'Number of the sale',
    refundOf: 'Sale that was refunded',
    status: 'Status',
  },
  twoColumns: 'Date and time are in two columns',
  chooseColumn: 'Choose the column that says it',
  none: 'There is none',
  timeZone: 'Time zone of its clock',
  timeZoneHint:
    'Times that name no zone of their own are read as times of this one, such as Europe/Kyiv or UTC.',
  readAt: (zone: string) => `times as in ${zone}`,
  dateOrder: 'Order of day and month',
  dateOrders: {
    auto: 'See it from the dates',
    dmy: 'Day first: 31/12/2026',
    mdy: 'Month first: 12/31/2026',
    ymd: 'Year first: 2026-12-31',
  } as Record<string, string>,
  chooseOne: 'Choose one …',
  location: 'Location',
  program: 'Stamp card of new customers',
  currency: (code: string) => `Amounts are in ${code}, the currency of your shop.`,
  everyItem: 'Items that are not on the menu earn stamps too',
  back: 'Back',
  check: 'Check the file',

  checking: 'Reading the file …',
  writing: 'Importing …',
  rows: (done: number, all: number) => `${formatNumber(done)} of ${counted(all, 'row', 'rows')}`,

  figures: {
    sales: 'New sales',
    money: 'Worth',
    cards: 'New cards',
    stamps: 'Stamps',
    refunds: 'Refunds',
    known: 'Known already',
  },
  between: (from: string, to: string) => `Sales from ${from} to ${to}.`,
  ofRows: (rows: number, customers: number) =>
    `${counted(rows, 'row', 'rows')}, ${counted(customers, 'customer', 'customers')}.`,
  nothingNew: 'Everything in this file was imported before: there is nothing to add.',
  nothingPaid: 'No row of this file is a sale that was paid: there is nothing to add.',
  nothingReadable: 'As the file is, there is nothing in it to add.',
  recognised: (column: string, heading: string) => `${column}: “${heading}”`,
  recognisedTitle: 'Read as',
  odd: (many: number) => `${counted(many, 'row is', 'rows are')} odd`,
  oddCaption: 'Odd rows',
  oddLead: 'What happens to each stands beside it.',
  faults: (many: number) => `${counted(many, 'row', 'rows')} cannot be read`,
  faultsLead: 'Mend the file and choose it again, or leave these rows out.',
  faultsCaption: 'Rows that cannot be read',
  rowColumns: { line: 'Line', what: 'What is odd', effect: 'What happens', fault: 'Why' },
  more: (many: number) => `and ${counted(many, 'more', 'more')}`,
  skipFaults: (many: number) => `Leave ${plural(many, 'this row', 'these rows')} out`,
  mustSkip: 'Tick this to go on without these rows, or mend the file',
  change: 'Read it another way',
  import: 'Import',
  importBusy:
    'What comes in stays in: an import cannot be undone. While a large file is written, tills wait for it, so a quiet hour is best.',

  added: (sales: number, cards: number) =>
    `${counted(sales, 'sale', 'sales')} and ${counted(cards, 'card', 'cards')} were added.`,
  addedStamps: (stamps: number) => `${counted(stamps, 'stamp', 'stamps')} came with them.`,
  allOfIt: 'All of it came in as it was shown.',
  allButFaults: (faults: number) =>
    `${counted(faults, 'row was', 'rows were')} left out, as you chose; everything else came in.`,
  onlyOnce: 'Importing the same file again adds nothing.',
  seeCustomers: 'See the customers',
  another: 'Another file',
  brokeOff:
    'The answer broke off, so it is not known whether the import was made. Check the file again: what is in already is not taken twice.',

  past: 'Imports so far',
  pastCaption: 'Imports so far',
  pastNone: 'Nothing was imported yet',
  pastColumns: {
    at: 'When',
    file: 'File',
    source: 'From',
    who: 'By',
    sales: 'Sales',
    cards: 'Cards',
    money: 'Worth',
  },
  commandLine: 'The command line',
});
