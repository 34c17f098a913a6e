/** What a spreadsheet may take for the beginning of a formula, full-width forms included, also behind spaces. */
const FORMULA_START = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** Text somebody typed, so that a spreadsheet shows it and never runs it: `=1+1` becomes `'=1+1`. */
export function defuseFormula(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}
