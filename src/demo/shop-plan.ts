import type { Role } from '../loyalty/role.ts';

/**
 * The shop of the demo. Everything in it is made up, and its name says so on every page.
 */
export const SHOP_NAME = 'Wren & Kettle (made up)';
export const CURRENCY = 'GBP';
/** Monday. */
export const WEEK_STARTS_ON = 1;
export const VISIT_MINUTES = 30;
export const COOL_DOWN_DAYS = 7;
export const DAYS = 365;

export const PROGRAM = {
  name: 'Coffee card',
  stampsRequired: 10,
  rewardName: 'Any drink',
  rewardCostMinor: 80,
  accrual: { per: 'item' as const },
  expiryDays: 120,
  colour: '#2f6b5e',
};

/** `period` and limits as an owner sets them; each for everyone in the scope. */
export const ALLOWANCE_RULES = [
  { scope: 'staff' as const, period: 'day' as const, gesturesLimit: 3, costLimitMinor: null },
  { scope: 'location' as const, period: 'week' as const, gesturesLimit: 40, costLimitMinor: 2_000 },
];

export interface LocationPlan {
  name: string;
  timeZone: string;
  cutOffMinutes: number;
  /** How many of all visits are here. */
  share: number;
  /** How busy a weekday is, Sunday first; 0 when closed. */
  weekdays: readonly number[];
  /** How busy an hour is, by the hour on the wall. */
  workdayHours: readonly (readonly [hour: number, weight: number])[];
  weekendHours: readonly (readonly [hour: number, weight: number])[];
}

export const LOCATIONS: readonly LocationPlan[] = [
  {
    name: 'Canal Street',
    timeZone: 'Europe/London',
    cutOffMinutes: 240,
    share: 0.6,
    weekdays: [0.95, 0.85, 0.92, 1, 1.02, 1.12, 1.25],
    workdayHours: [
      [7, 8],
      [8, 15],
      [9, 12],
      [10, 10],
      [11, 9],
      [12, 12],
      [13, 10],
      [14, 7],
      [15, 8],
      [16, 6],
      [17, 3],
    ],
    weekendHours: [
      [8, 4],
      [9, 10],
      [10, 15],
      [11, 16],
      [12, 13],
      [13, 10],
      [14, 9],
      [15, 8],
      [16, 5],
    ],
  },
  {
    name: 'Station Arcade',
    timeZone: 'Europe/London',
    cutOffMinutes: 180,
    share: 0.4,
    weekdays: [0, 1.05, 1.12, 1.15, 1.12, 0.95, 0.5],
    workdayHours: [
      [6, 9],
      [7, 18],
      [8, 20],
      [9, 9],
      [10, 5],
      [11, 4],
      [12, 8],
      [13, 6],
      [14, 4],
      [15, 4],
      [16, 6],
      [17, 7],
    ],
    weekendHours: [
      [8, 6],
      [9, 11],
      [10, 13],
      [11, 12],
      [12, 9],
      [13, 7],
      [14, 5],
    ],
  },
];

/** Both doors stay shut on these days, `MM-DD`. */
export const CLOSED_DATES = new Set(['01-01', '12-25', '12-26']);

export interface StaffPlan {
  name: string;
  role: Role;
  pin: string;
  email: string | null;
  /** Where they work, by place in `LOCATIONS`, and on which weekdays, Sunday being 0. */
  shifts: readonly (readonly [location: number, weekdays: readonly number[]])[];
  /** Weeks of every year in which they are away, each from and to a `MM-DD`; never two people at once. */
  holidays: readonly (readonly [from: string, to: string])[];
  /** How readily they give. */
  generosity: number;
}

/** Of the owner and the manager, who may sign in to the desk. */
export const PASSWORD = 'made-up-coffee';

export const STAFF: readonly StaffPlan[] = [
  {
    name: 'Ruth',
    role: 'owner',
    pin: '1111',
    email: 'ruth@example.com',
    shifts: [
      [0, [6]],
      [1, [2, 4]],
    ],
    holidays: [
      ['02-14', '02-27'],
      ['08-09', '08-22'],
    ],
    generosity: 0.8,
  },
  {
    name: 'Amara',
    role: 'manager',
    pin: '2222',
    email: 'amara@example.com',
    shifts: [[0, [1, 2, 3, 4, 5]]],
    holidays: [
      ['07-05', '07-18'],
      ['10-24', '11-06'],
    ],
    generosity: 1.1,
  },
  {
    name: 'Ada',
    role: 'barista',
    pin: '3333',
    email: null,
    shifts: [[0, [0, 3, 4, 5, 6]]],
    holidays: [
      ['06-14', '06-27'],
      ['09-26', '10-09'],
    ],
    generosity: 1.6,
  },
  {
    name: 'Ben',
    role: 'barista',
    pin: '4444',
    email: null,
    shifts: [[0, [0, 1, 2, 6]]],
    holidays: [
      ['04-03', '04-16'],
      ['08-23', '09-05'],
    ],
    generosity: 0.7,
  },
  {
    name: 'Chloe',
    role: 'barista',
    pin: '5555',
    email: null,
    shifts: [[1, [1, 2, 3, 4, 5]]],
    holidays: [
      ['05-24', '06-06'],
      ['07-19', '08-01'],
    ],
    generosity: 1.2,
  },
  {
    name: 'Dev',
    role: 'barista',
    pin: '6666',
    email: null,
    shifts: [[1, [1, 3, 5, 6]]],
    holidays: [
      ['03-08', '03-21'],
      ['09-06', '09-19'],
    ],
    generosity: 0.5,
  },
];

export interface MenuPlan {
  name: string;
  priceMinor: number;
  costMinor: number;
  qualifies: boolean;
  mayBeGiven: boolean;
  /** How many favour it; for food, how often it goes with a drink in the morning, at midday and later. */
  liked: number;
  goesWith?: readonly [morning: number, midday: number, later: number];
}

const drink = (
  name: string,
  [priceMinor, costMinor]: readonly [number, number],
  liked: number,
  mayBeGiven = false,
): MenuPlan => ({ name, priceMinor, costMinor, qualifies: true, mayBeGiven, liked });

const food = (
  name: string,
  [priceMinor, costMinor]: readonly [number, number],
  goesWith: readonly [number, number, number],
  mayBeGiven = false,
): MenuPlan => ({ name, priceMinor, costMinor, qualifies: false, mayBeGiven, liked: 0, goesWith });

/** Prices and what things cost the shop, in pence. */
export const MENU: readonly MenuPlan[] = [
  drink('Espresso', [260, 42], 5, true),
  drink('Macchiato', [290, 48], 3),
  drink('Flat white', [360, 71], 26, true),
  drink('Latte', [370, 78], 20),
  drink('Cappuccino', [370, 76], 14),
  drink('Long black', [320, 45], 9),
  drink('Filter coffee', [290, 35], 8, true),
  drink('Breakfast tea', [270, 18], 7, true),
  drink('Hot chocolate', [380, 82], 5),
  drink('Iced latte', [390, 84], 6),
  food('Butter croissant', [290, 95], [0.16, 0.04, 0.03], true),
  food('Oat cookie', [260, 62], [0.03, 0.06, 0.09], true),
  food('Carrot cake', [420, 140], [0.01, 0.06, 0.1]),
  food('Cheese toastie', [650, 210], [0.01, 0.18, 0.02]),
];

/** How some like it, and how those do whose favourite has no milk. */
export const PREFERENCES = {
  milky: [
    'Oat milk',
    'Oat milk, no lid',
    'Extra hot',
    'Not too hot',
    'Semi-skimmed, one sugar',
    'Decaf after noon',
    'Own cup, the green one',
    'Soya milk, takes the window seat',
  ],
  black: ['No lid', 'One sugar', 'Room for milk', 'Own cup', 'A glass of water with it', 'Decaf after noon'],
};
export const WITHOUT_MILK = new Set(['Espresso', 'Long black', 'Filter coffee']);

/** What the drink that is had iced is called: nobody wants it in January. */
export const ICED = 'Iced latte';

export const NAMES = (
  'Aisha Alan Alice Amir Anna Anwen Arjun Beth Bilal Bronwen Callum Carys Catherine Chidi Claire Connor Dan ' +
  'Deepa Diego Ebony Eilidh Ella Emeka Emma Esme Farah Fergus Finn Fiona Freya Gareth George Grace Hamish ' +
  'Hana Harriet Hugo Ifeoma Imogen Isla Jack Jamal James Jasmine Joanna Joe Kasia Keiko Kieran Kofi Lara ' +
  'Leo Lewis Lucia Magda Maisie Marcus Maryam Mei Mohammed Morag Nadia Nia Niamh Noah Olivia Omar Orla ' +
  'Oscar Piotr Poppy Priya Rachel Rhys Rosa Rory Ruby Sam Sanjay Sara Sean Sofia Stella Tariq Tess Theo ' +
  'Thandi Tom Uma Vikram Wanjiru Will Yasmin Yusuf Zara Zoe'
).split(' ');
