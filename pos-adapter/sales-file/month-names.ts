/**
 * Those of the usual headings (Austria has a January of its own), and the neighbours whose names mean the same. Not
 * Croatian: its `listopad` is October, and November in Polish.
 */
const languages = ['en', 'de', 'de-AT', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'uk', 'da', 'nb', 'sv'];

/** As spreadsheets write them, and `Intl` does not. */
const others: Record<string, number> = { mrz: 3 };

/** As much of a name as tells a month. */
const MIN_LETTERS = 3;

let months: Map<string, number> | undefined;

/**
 * The number of a month, 1 to 12, by its name in one of the languages above: in full, as it is
 * usually shortened, or its first letters, as long as they belong to one month (`sept`; not `jui`, which is June or
 * July). `word` is in lower case and without accents. Undefined when it is none.
 */
export function readMonthName(word: string): number | undefined {
  months ??= listMonths();
  const month = months.get(word) ?? others[word];
  if (month !== undefined || word.length < MIN_LETTERS) return month;
  const begun = new Set([...months].filter(([name]) => name.startsWith(word)).map(([, number]) => number));
  return begun.size === 1 ? [...begun][0] : undefined;
}

function listMonths(): Map<string, number> {
  const names = new Map<string, number>();
  for (const language of languages)
    for (const month of ['long', 'short'] as const)
      // Beside a day some languages bend the name: `marzec`, but `3 marca`.
      for (const day of [undefined, 'numeric'] as const) {
        const format = new Intl.DateTimeFormat(language, { month, day, timeZone: 'UTC' });
        for (let place = 0; place < 12; place++) {
          const parts = format.formatToParts(Date.UTC(2024, place, 1));
          names.set(bareOf(parts.find(({ type }) => type === 'month')!.value), place + 1);
        }
      }
  return names;
}

function bareOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}]/gu, '');
}
