/** Enough for the headings and a few rows of any file. */
const SAMPLE_BYTES = 64 * 1024;
const MAX_ROWS = 3;
const DELIMITERS = [',', ';', '\t', '|'];

export interface Sample {
  header: string[];
  rows: string[][];
}

/** The headings and first rows of a file, for people to look at: the server reads it properly. Null without any. */
export async function readSample(file: Blob): Promise<Sample | null> {
  const text = (await file.slice(0, SAMPLE_BYTES).text()).replace(/^\u{feff}/u, '');
  const firstLine = text.split(/\r?\n/, 1)[0]!;
  const delimiter = DELIMITERS.toSorted((a, b) => timesIn(firstLine, b) - timesIn(firstLine, a))[0]!;
  const lines = parse(text, delimiter).filter((cells) => cells.some((cell) => cell.trim() !== ''));
  // By this line Excel knows the delimiter; the server passes over it too.
  const [header, ...rows] = /^sep=/i.test(firstLine) ? lines.slice(1) : lines;
  if (!header || rows.length === 0) return null;
  return { header: header.map((cell) => cell.trim()), rows: rows.slice(0, MAX_ROWS) };
}

function timesIn(line: string, delimiter: string): number {
  return line.split(delimiter).length;
}

/** The first lines of a table with quoted cells (RFC 4180). */
function parse(text: string, delimiter: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length && lines.length <= MAX_ROWS + 1; at++) {
    const letter = text[at]!;
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (letter === '"' && cell === '') isQuoted = true;
    else if (letter === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (letter === '\n') {
      lines.push([...cells, cell]);
      cells = [];
      cell = '';
    } else if (letter !== '\r') cell += letter;
  }
  if (cell !== '' || cells.length > 0) lines.push([...cells, cell]);
  return lines;
}
