/**
 * What a spreadsheet may take for the beginning of a formula, full-width forms included, also behind spaces. A cell may
 * begin where the text does, and behind what some take for the end of one whatever the file says: a semicolon where
 * amounts are written with a comma, a tab, a line end.
 */
const FORMULA_START = /(^|[;\t\r\n])(?=[^\S\t\r\n]*[=+\-@＝＋－＠])|^(?=[\t\r\n])/gu;

/** Text somebody typed, so that a spreadsheet shows it and never runs it: `=1+1` becomes `'=1+1`. */
export function defuseFormula(text: string): string {
  return text.replaceAll(FORMULA_START, "$1'");
}
