import { Zip } from 'fflate';
import type { ZipInputFile } from 'fflate';
import { once } from 'node:events';
import { crc32, createDeflateRaw } from 'node:zlib';
import { currencyDigits } from '../loyalty/money.ts';
import { formatMajorUnits } from './major-units.ts';
import type { Cell } from './spreadsheet-cell.ts';

export interface XlsxSheet {
  name: string;
  columns: readonly { name: string; /** In characters. */ width: number }[];
  /**
   * Some rows at a time, each with a cell for every column; read once, when the sheets before it are written. Cells that
   * are made when their row is asked for, and not before, are gone before the collector of garbage counts them as old.
   */
  parts: AsyncIterable<Iterable<readonly Cell[]>>;
}

/** What Excel takes, the header row included. What is left over goes on to a sheet of its own. */
const MAX_SHEET_ROWS = 1_048_576;
/** Rows that are written before everybody else gets a turn: some ten milliseconds' worth. */
const TURN_ROWS = 50;
const MAX_CELL_LENGTH = 32_767;
const DAY_MS = 86_400_000;
/** Day 0 of a spreadsheet; before day 61, which is 1 March 1900, programs disagree. */
const DAY_ZERO_MS = Date.UTC(1899, 11, 30);
const FIRST_SAFE_DAY = 61;
/** A zip holds no date before it, and ours says nothing about when it was made. */
const ZIP_DATE = new Date(1980, 0, 1);

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Places in `styles`, below. */
const HEADER = 1;
const DATE_TIME = 2;
const DATE = 3;
/** One for each number of digits after the point, from none. */
const DECIMALS = 4;
const MAX_DIGITS = 6;

/**
 * A workbook for Excel and its like (ECMA-376), written as it is read: memory holds one part of the rows. Numbers are
 * numbers and days are dates; what is text is text and never a formula. The header of each sheet stays in sight.
 */
export async function* xlsxFile(
  sheets: Iterable<XlsxSheet>,
  { maxSheetRows = MAX_SHEET_ROWS }: { maxSheetRows?: number } = {},
): AsyncGenerator<Uint8Array> {
  const written: Uint8Array[] = [];
  const take = (): Uint8Array => Buffer.concat(written.splice(0));
  const zip = new Zip((error, data) => {
    if (error) throw error;
    written.push(data);
  });
  const names: string[] = [];
  for (const sheet of sheets)
    for await (const part of writeSheet(zip, sheet, { maxSheetRows, names }))
      if (part === 'written' && written.length > 0) yield take();
  await addFile(zip, 'xl/styles.xml', styles());
  await addFile(zip, 'xl/workbook.xml', workbook(names));
  await addFile(zip, 'xl/_rels/workbook.xml.rels', workbookRelations(names));
  await addFile(zip, '_rels/.rels', packageRelations());
  await addFile(zip, '[Content_Types].xml', contentTypes(names));
  zip.end();
  yield take();
}

async function* writeSheet(
  zip: Zip,
  sheet: XlsxSheet,
  { maxSheetRows, names }: { maxSheetRows: number; names: string[] },
): AsyncGenerator<'written'> {
  let open = await openSheet(zip, sheet, names, 1);
  let count = 1;
  for await (const part of sheet.parts) {
    for (const cells of part) {
      if (open.rowCount === maxSheetRows) {
        await open.close();
        open = await openSheet(zip, sheet, names, ++count);
      }
      open.addRow(cells);
      if (open.rowCount % TURN_ROWS === 0) await open.write();
    }
    yield 'written';
  }
  await open.close();
  yield 'written';
}

async function openSheet(zip: Zip, { name, columns }: XlsxSheet, names: string[], number: number) {
  names.push(number === 1 ? name : `${name} ${number}`);
  const file = startFile(zip, `xl/worksheets/sheet${names.length}.xml`);
  const isFirst = names.length === 1;
  const widths = columns.map(
    ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  await file.push(
    `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ''}>` +
      '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' +
      `<selection pane="bottomLeft"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>` +
      rowXml(
        1,
        columns.map(({ name }): Cell => ({ kind: 'text', text: name })),
        ` s="${HEADER}"`,
      ),
  );
  let rowCount = 1;
  let unwritten = '';
  const takeUnwritten = (): string => {
    const xml = unwritten;
    unwritten = '';
    return xml;
  };
  return {
    get rowCount() {
      return rowCount;
    },
    addRow(cells: readonly Cell[]): void {
      unwritten += rowXml(++rowCount, cells);
    },
    write: () => file.push(takeUnwritten()),
    close: () =>
      file.end(
        `${takeUnwritten()}</sheetData><autoFilter ref="A1:${columnLetters(columns.length - 1)}${rowCount}"/></worksheet>`,
      ),
  };
}

function rowXml(row: number, cells: readonly Cell[], style = ''): string {
  let xml = `<row r="${row}">`;
  for (let column = 0; column < cells.length; column++)
    xml += `<c r="${columnLetters(column)}${row}"${cellXml(cells[column]!, style)}`;
  return `${xml}</row>`;
}

/** A to Z, then AA to ZZ. */
function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : String.fromCharCode(64 + Math.floor(column / 26)) + last;
}

/** The rest of a `<c r="A1"` */
function cellXml(cell: Cell, style: string): string {
  switch (cell.kind) {
    case 'text':
      return textXml(cell.text, style);
    case 'count':
      return `${style}><v>${cell.count}</v></c>`;
    case 'decimal':
      return numberXml(String(cell.value), DECIMALS + Math.min(cell.digits, MAX_DIGITS));
    case 'money':
      return numberXml(
        formatMajorUnits(cell.amountMinor, cell.currency),
        DECIMALS + Math.min(currencyDigits(cell.currency), MAX_DIGITS),
      );
    case 'flag':
      return ` t="b"><v>${cell.isTrue ? 1 : 0}</v></c>`;
    case 'instant':
      return dateXml(cell.at.getTime(), DATE_TIME) ?? textXml(cell.at.toISOString());
    case 'wallTime':
      return dateXml(Date.parse(`${cell.time}Z`), DATE_TIME) ?? textXml(cell.time);
    case 'day':
      return dateXml(Date.parse(cell.day), DATE) ?? textXml(cell.day);
    case 'empty':
      return '/>';
  }
}

function numberXml(figures: string, style: number): string {
  return ` s="${style}"><v>${figures}</v></c>`;
}

function dateXml(ms: number, style: number): string | null {
  const days = (ms - DAY_ZERO_MS) / DAY_MS;
  return days >= FIRST_SAFE_DAY ? numberXml(String(days), style) : null;
}

function textXml(text: string, style = ''): string {
  return `${style} t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

/** What XML 1.0 can't hold, halves of surrogate pairs included. */
const NOT_XML =
  // oxlint-disable-next-line no-control-regex
  /[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Most text holds none of it. */
// oxlint-disable-next-line no-control-regex
const NEEDS_CARE = /[&<>"\x00-\x1F\uD800-\uDFFF\uFFFE\uFFFF]|_x/;
/** How a workbook writes a character that XML can't hold; typed by a person, it means itself. */
const LOOKS_ESCAPED = /_(?=x[0-9A-Fa-f]{4}_)/g;

function xmlText(text: string): string {
  if (text.length <= MAX_CELL_LENGTH && !NEEDS_CARE.test(text)) return text;
  return text
    .slice(0, MAX_CELL_LENGTH)
    .replace(NOT_XML, '')
    .replace(LOOKS_ESCAPED, '_x005F_')
    .replaceAll('\r', '_x000D_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const COMPRESSED = 8;

/** A file of the zip, compressed off the event loop: while that is done, everybody else gets a turn. */
function startFile(
  zip: Zip,
  path: string,
): { push(text: string): Promise<void>; end(text: string): Promise<void> } {
  const file: ZipInputFile = { filename: path, size: 0, crc: 0, compression: COMPRESSED, mtime: ZIP_DATE };
  zip.add(file);
  const deflate = createDeflateRaw();
  deflate.on('data', (part: Buffer<ArrayBuffer>) => file.ondata!(null, part, false));
  const push = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text);
    file.size += bytes.length;
    file.crc = crc32(bytes, file.crc);
    await new Promise<void>((resolve, reject) =>
      deflate.write(bytes, (error) => (error ? reject(error) : resolve())),
    );
  };
  return {
    push,
    async end(text) {
      await push(text);
      const ended = once(deflate, 'end');
      deflate.end();
      await ended;
      file.ondata!(null, new Uint8Array(0), true);
    },
  };
}

async function addFile(zip: Zip, path: string, text: string): Promise<void> {
  await startFile(zip, path).end(text);
}

function styles(): string {
  const decimals = Array.from({ length: MAX_DIGITS + 1 }, (_, digits) =>
    digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`,
  );
  const formats = ['yyyy-mm-dd hh:mm:ss', 'yyyy-mm-dd', ...decimals];
  const firstOwn = 164;
  const numberFormats = formats.map(
    (code, index) => `<numFmt numFmtId="${firstOwn + index}" formatCode="${code}"/>`,
  );
  const cellFormats = formats.map(
    (_, index) =>
      `<xf numFmtId="${firstOwn + index}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
  );
  const font = (weight: string): string =>
    `<font>${weight}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`;
  return (
    `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="${formats.length}">${numberFormats.join('')}</numFmts>` +
    `<fonts count="2">${font('')}${font('<b/>')}</fonts>` +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${2 + formats.length}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>' +
    `${cellFormats.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  );
}

function workbook(names: readonly string[]): string {
  const sheets = names.map((name, index) => {
    const id = index + 1;
    return `<sheet name="${xmlText(name)}" sheetId="${id}" r:id="sheet${id}"/>`;
  });
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.join('')}</sheets></workbook>`;
}

function workbookRelations(names: readonly string[]): string {
  const sheets = names.map(
    (_, index) =>
      `<Relationship Id="sheet${index + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  return (
    `${XML}<Relationships xmlns="${PACKAGE}/relationships">${sheets.join('')}` +
    `<Relationship Id="styles" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`
  );
}

function packageRelations(): string {
  return (
    `${XML}<Relationships xmlns="${PACKAGE}/relationships">` +
    `<Relationship Id="workbook" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`
  );
}

function contentTypes(names: readonly string[]): string {
  const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const sheets = names.map(
    (_, index) =>
      `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${spreadsheet}.worksheet+xml"/>`,
  );
  return (
    `${XML}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `<Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/>${sheets.join('')}</Types>`
  );
}
