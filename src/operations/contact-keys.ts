/** Figures of a phone number, after E.164 at most. */
const MAX_PHONE_DIGITS = 15;
const MIN_PHONE_DIGITS = 6;
/** What a customer is asked for at a till. */
const PHONE_END_DIGITS = 4;

/** Letters that Unicode does not take apart into a plain letter and a mark. */
const PLAIN: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  þ: 'th',
};

/**
 * A name as it is searched for: lower case, without accents, only letters, figures and single spaces (so it holds no
 * wildcard). `Zoë O’Brien-Łuk` is `zoe obrien luk`. Empty when nothing of it can be searched for.
 */
export function nameKeyOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[ßæœøđðħıłþ]/g, (letter) => PLAIN[letter] ?? letter)
    .replaceAll(/['’‘ʼ`´]/g, '')
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/** Each script writes its figures from nought to nine in a row, so the nought tells them all. */
const NOUGHTS = Array.from('٠۰०০๐', (nought) => nought.codePointAt(0)!);

/** Figures as `0` to `9`, whatever keyboard they were typed on: Arabic, Persian, Nepali, Bengali, Thai or wide ones. */
export function plainFigures(text: string): string {
  return text.normalize('NFKC').replaceAll(/\p{Nd}/gu, (figure) => {
    const point = figure.codePointAt(0)!;
    const nought = NOUGHTS.find((one) => point >= one && point <= one + 9);
    return nought === undefined ? figure : String(point - nought);
  });
}

/**
 * A phone number as people write it, made of figures alone, with a leading `+` when the country is given (`+44…` or
 * `0044…`), and its last four. Null when it is none.
 */
export function phoneOf(text: string): { phone: string; phoneEnd: string } | null {
  const written = plainFigures(text).trim();
  if (!/^\+?[\d\s()./\u2010-\u2015-]+$/.test(written)) return null;
  // `+44 (0)20 …`: the nought is for those who call from inside the country.
  const isInternational = /^(\+|00)/.test(written.replaceAll(/\s/g, ''));
  const figures = (isInternational ? written.replace(/\(\s*0\s*\)/, '') : written).replaceAll(/\D/g, '');
  const digits = isInternational && !written.startsWith('+') ? figures.replace(/^00/, '') : figures;
  if (digits.length < MIN_PHONE_DIGITS || digits.length > MAX_PHONE_DIGITS) return null;
  return { phone: isInternational ? `+${digits}` : digits, phoneEnd: digits.slice(-PHONE_END_DIGITS) };
}

/**
 * What somebody typed to find a phone number by its end, and its last four figures. Null unless it is four or more, and
 * nothing but a number.
 */
export function phoneEndingOf(typed: string): { digits: string; phoneEnd: string } | null {
  const figures = plainFigures(typed).replaceAll(/[\s()./+-]/g, '');
  if (!/^\d+$/.test(figures) || figures.length < PHONE_END_DIGITS) return null;
  // From another country, or from inside one: `+44 20…` and `020…` end alike.
  return { digits: figures.replace(/^0+(?=\d{4})/, ''), phoneEnd: figures.slice(-PHONE_END_DIGITS) };
}

/** The columns of a customer that follow from a name: empty text is no name. */
export function nameColumnsOf(name: string | null): { name: string | null; nameKey: string | null } {
  const given = name?.trim() || null;
  return { name: given, nameKey: (given && nameKeyOf(given)) || null };
}
