import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** As spreadsheets write it: a byte-order mark, and CRLF at the end of every line. */
export function asSpreadsheet(lines: readonly string[]): string {
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/** A year of a vending machine in small, with everything that is odd about the real thing. Made up. */
export const vendingSales = [
  'date,datetime,cash_type,card,money,coffee_name',
  '3/1/2024,3/1/2024 10:15,card,C-1,38.7,Flat white',
  '3/1/2024,3/1/2024 10:15,card,C-2,38.7,"Tea, with\r\nmilk"', // lines 3 and 4
  '3/1/2024,3/1/2024 10:16,cash,,40,Mocha',
  '3/1/2024,3/1/2024 10:16,cash,,40,Mocha', // line 6
  '3/2/2024,3/2/2024 9:05,cash,,39,', // line 7
  '3/14/2024,2024-03-14 13:19:07.033,card,C-1,25.96,Americano', // line 8
  '3/15/2024,3/15/2024 8:00,card,C-1,38.7,Flat white',
  '3/15/2024,3/15/2024 8:00,card,C-1,38.7,Flat white', // line 10
  '3/15/2024,3/15/2024 8:00,card,C-1,38.7,Cocoa',
  '4/2/2024,4/2/2024 23:59,card,C-3,0.5,Sugar',
];

/** A file that is gone when the test is over. */
export function aSalesFile(text: string | Uint8Array, name = 'sales.csv'): string {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-sales-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
