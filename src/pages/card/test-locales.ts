/**
 * Two made-up languages that show whether a translation would fit: `?locale=long` writes every word longer and with
 * accents (what stays plain was never made translatable), `?locale=rtl` lays the page out from right to left as well.
 */
export type TestLocale = 'long' | 'rtl';

/** Every letter has a relative with an accent; vowels come twice, as German words are longer than English ones. */
const ACCENTED: Record<string, string> = {
  ...pairs('bcdfghjklmnpqrstvwxz', 'ḃçđƒǧħĵķļṁñṗɋřšţṽŵẋž'),
  ...pairs('BCDFGHJKLMNPQRSTVWXZ', 'ḂÇĐḞǦĦĴĶĻṀÑṖɊŘŠŢṼŴẊŽ'),
  ...pairs('aeiouyAEIOUY', ['åå', 'éé', 'îî', 'öö', 'ûû', 'ýý', 'Åå', 'Éé', 'Îî', 'Öö', 'Ûû', 'Ýý']),
};
/** Stand for what a text is given (names, sums): that is the same in every language. */
const FIRST_STAND_IN = 0xe000;

/** Texts, and functions that make them, in a made-up language. */
export function disguise<Value>(value: Value): Value {
  if (typeof value === 'string') return disguiseText(value) as Value;
  if (typeof value === 'function') return disguiseMaker(value as unknown as Maker) as Value;
  if (Array.isArray(value)) return value.map(disguise) as Value;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, disguise(one)])) as Value;
  return value;
}

type Maker = (...given: unknown[]) => string;

function disguiseMaker(make: Maker): Maker {
  return (...given) => {
    const standIns = given.map((one, place) =>
      typeof one === 'string' ? String.fromCharCode(FIRST_STAND_IN + place) : one,
    );
    return given.reduce<string>(
      (text, one, place) => text.replaceAll(String(standIns[place]), String(one)),
      disguiseText(make(...standIns)),
    );
  };
}

/** A place for something, `{name}`, stays one. */
function disguiseText(text: string): string {
  return text.replaceAll(/\{\w+\}|[a-z]/gi, (found) => ACCENTED[found] ?? found);
}

function pairs(from: string, to: string | readonly string[]): Record<string, string> {
  const letters = Array.from(to);
  return Object.fromEntries(Array.from(from, (letter, index) => [letter, letters[index]!]));
}
