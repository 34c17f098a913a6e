import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** The media type of each sort of file that a report leaves the shop as. */
export const fileTypes = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const contentTypes = { ...fileTypes, csv: `${fileTypes.csv}; charset=utf-8; header=present` };

/**
 * Answers a HEAD of a file with what it will be, and true: to be asked before anything of it is worked out, or written
 * down as taken. Its name is not said, which is made of what is in it.
 */
export function answerHead(response: Response, format: 'csv' | 'xlsx'): boolean {
  if (response.req.method !== 'HEAD') return false;
  response
    .status(200)
    .set({ 'Content-Type': contentTypes[format], 'Content-Disposition': 'attachment' })
    .end();
  return true;
}

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
    'Content-Type': contentTypes[format],
    'Content-Disposition': `attachment; filename="${name}"`,
  });
  await pipeline(Readable.from(parts, { objectMode: false }), response);
}
