import { parse } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import type { Delimiter } from './mapping.ts';

/** A longer row is a quote that was never closed. */
const MAX_ROW_LENGTH = 64 * 1024;
/**
 * The rows of one piece are read in one turn of the event loop, and no till is answered meanwhile. One with more or
 * fewer cells than the heading, as a blank line has, takes the parser 20 µs: 64 kB of those took more than a second.
 */
const PIECE_BYTES = 4 * 1024;

/** What a sheet of Excel has: programs write blank rows to the end of it. */
const MAX_ROWS_WITH_BLANK_ONES = 2 ** 20;

/** One row that is not blank, and the line of the file on which it starts (the heading is on line 1). */
export interface TableRow {
  line: number;
  cells: string[];
}

/** The file is not a table of text at all. `line` is where reading stopped, if that is known. */
export class FileUnreadable extends Error {
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.name = 'FileUnreadable';
    this.line = line;
  }
}

/**
 * Reads a CSV file row by row, however large it is. A byte-order mark, any line end, blank lines, and quoted cells that
 * hold delimiters or line ends are understood; a first line `sep=;`, by which Excel knows the delimiter, is passed over.
 *
 * @throws FileUnreadable when it is not UTF-8, has a row beyond any sense, or more rows than any sheet
 */
export async function* readTable(
  path: string,
  { delimiter }: { delimiter: Delimiter },
): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_ROW_LENGTH,
  });
  // Errors of the file and of decoding reach the loop below through the parser.
  pipeline(createReadStream(path, { highWaterMark: PIECE_BYTES }), decodeUtf8, parser, () => undefined);
  let line = 1;
  let rowCount = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (++rowCount > MAX_ROWS_WITH_BLANK_ONES)
        throw new FileUnreadable(
          `There are more than ${MAX_ROWS_WITH_BLANK_ONES} rows, blank ones counted: take those out`,
        );
      const isForExcel = line === 1 && cells.length <= 2 && /^sep=/i.test(cells[0]!);
      if (!isForExcel && cells.some((cell) => cell.trim() !== '')) yield { line, cells };
      line += 1 + countLineEnds(cells);
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('CSV_'))
      throw new FileUnreadable(`From line ${line} on this is not a table: a quote may be missing`, line);
    throw error;
  }
}

/** The lines of text at the top of a file, to see how it is built. */
export async function readFirstLine(path: string): Promise<string> {
  const stream = createReadStream(path, { end: MAX_ROW_LENGTH - 1 });
  const bytes: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) bytes.push(chunk);
  // Not fatal here: the cut may go through a letter. The reading itself is strict.
  const text = new TextDecoder().decode(Buffer.concat(bytes));
  return text.split(/\r\n|\n|\r/).find((line) => line.trim() !== '') ?? '';
}

/** Also takes the byte-order mark away. */
async function* decodeUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new FileUnreadable('This file is not text in UTF-8: save it again as “CSV UTF-8”');
    throw error;
  }
}

/** The parser's own count takes CRLF inside quotes for two lines. */
function countLineEnds(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) if (/[\r\n]/.test(cell)) count += cell.match(/\r\n|\n|\r/g)!.length;
  return count;
}
