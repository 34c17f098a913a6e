/** Those of Chinese, Japanese and Korean, and pictures, are as wide as they are high. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff01-\uff60ー]/gu;
/** As wide as so many letters of Latin script. */
const LETTERS_PER_WIDE = 1.8;

/** About how wide a line is, in letters of Latin script. */
export function measureLetters(line: string): number {
  const wide = line.match(WIDE)?.length ?? 0;
  return wide * LETTERS_PER_WIDE + line.replaceAll(WIDE, '').length;
}
