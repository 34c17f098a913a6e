/**
 * The language of the desk's texts. Besides English there are two test locales, to see that nothing is cut off or
 * stands the wrong way round: open any page with `?language=long` (every word a third longer, and joined to the next,
 * as German does) or `?language=rtl` (from right to left). It holds until the tab is closed.
 */
export type Language = 'en' | 'long' | 'rtl';

const KEPT_AS = 'doublestamp-language';

export const language: Language = findLanguage();

/** The browser's; null when it calls it by a name that Intl does not know (`en-US@posix`), as some without a set one do. */
export const browserLanguage = findBrowserLanguage();

/** What Intl formats by: the browser's own region, when it speaks the language of the texts. */
export const locale = browserLanguage?.startsWith('en') ? browserLanguage : 'en';

/** Tells the browser which way to write. */
export function applyLanguage(): void {
  document.documentElement.lang = 'en';
  document.documentElement.dir = language === 'rtl' ? 'rtl' : 'ltr';
}

/** The texts of one area in the language of the desk. A translation is another object of this shape. */
export function inLanguage<Texts>(texts: Texts): Texts {
  return language === 'en' ? texts : (disguise(texts) as Texts);
}

function findBrowserLanguage(): string | null {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0] ?? null;
  } catch {
    return null;
  }
}

function findLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('language') ?? sessionStorage.getItem(KEPT_AS);
  if (asked !== 'long' && asked !== 'rtl') return 'en';
  sessionStorage.setItem(KEPT_AS, asked);
  return asked;
}

function disguise(value: unknown): unknown {
  if (typeof value === 'string') return disguiseText(value);
  if (typeof value === 'function')
    return (...words: unknown[]) => disguise((value as (...given: unknown[]) => unknown)(...words));
  if (Array.isArray(value)) return value.map(disguise);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, disguise(one)]));
  return value;
}

function disguiseText(text: string): string {
  const accented = text.replaceAll(
    /[aeiou]/g,
    (vowel) => ({ a: 'ä', e: 'ë', i: 'ï', o: 'ö', u: 'ü' })[vowel]!,
  );
  if (language === 'rtl') return accented;
  const words = accented.split(' ').map((word) => word + word.slice(0, Math.ceil(word.length / 3)));
  // Two words make one, up to a length that a real language has.
  return words.reduce((line, word, index) =>
    index % 2 === 1 && word.length < 12 ? `${line}${word.toLowerCase()}` : `${line} ${word}`,
  );
}
