import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** The media type of each sort of file that a report leaves the shop as. */
export const fileTypes = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Answers with a file called `name`, in `parts` as they are made. */
export async function sendFile(
  response: Response,
  {
    name,
    format,
    parts,
  }: {
    name: string;
    format: 'csv' | 'xlsx';
    parts: Iterable<string> | AsyncIterable<string | Uint8Array>;
  },
): Promise<undefined> {
  response.status(200).set({
    'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : fileTypes.xlsx,
    'Content-Disposition': `attachment; filename="${name}"`,
  });
  await pipeline(Readable.from(parts, { objectMode: false }), response);
}
