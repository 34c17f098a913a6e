/**
 * The language of the till's texts, and two made-up ones that show whether a translation would fit: `?locale=long`
 * writes every word longer and with accents (what stays plain was never made translatable), `?locale=rtl` lays the
 * till out from right to left as well.
 */
const PSEUDO = new Set(['long', 'rtl']);
/** Every letter has a relative with an accent; vowels come twice, as German words are longer than English ones. */
const ACCENTED: Record<string, string> = {
  ...pairs('bcdfghjklmnpqrstvwxz', 'ḃçđƒǧħĵķļṁñṗɋřšţṽŵẋž'),
  ...pairs('BCDFGHJKLMNPQRSTVWXZ', 'ḂÇĐḞǦĦĴĶĻṀÑṖɊŘŠŢṼŴẊŽ'),
  ...pairs('aeiouyAEIOUY', ['åå', 'éé', 'îî', 'öö', 'ûû', 'ýý', 'Åå', 'Éé', 'Îî', 'Öö', 'Ûû', 'Ýý']),
};

const asked = new URLSearchParams(globalThis.location?.search).get('locale') ?? '';
const pseudo = PSEUDO.has(asked) ? asked : null;

/** The language of `texts.ts`. A translation is another file of that shape. */
export const LANGUAGE = 'en';
export const direction = pseudo === 'rtl' ? 'rtl' : 'ltr';

/** The text itself, unless a made-up language was asked for. */
export function localised(text: string): string {
  return pseudo ? text.replaceAll(/[a-z]/gi, (letter) => ACCENTED[letter] ?? letter) : text;
}

/** Texts, and functions that make them, in the made-up language; as they are without one. */
export function localisedTree<Tree extends object>(tree: Tree): Tree {
  if (!pseudo) return tree;
  const entries = Object.entries(tree).map(([key, value]: [string, unknown]) => [key, localisedValue(value)]);
  return Object.fromEntries(entries) as Tree;
}

function localisedValue(value: unknown): unknown {
  if (typeof value === 'string') return localised(value);
  if (typeof value === 'function')
    return (...given: unknown[]) => localised((value as (...given: unknown[]) => string)(...given));
  return typeof value === 'object' && value !== null ? localisedTree(value) : value;
}

function pairs(from: string, to: string | readonly string[]): Record<string, string> {
  const letters = Array.from(to);
  return Object.fromEntries(Array.from(from, (letter, index) => [letter, letters[index]!]));
}
