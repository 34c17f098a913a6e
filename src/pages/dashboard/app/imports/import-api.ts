import type * as z from 'zod';
import type {
  outcomeSchema,
  pastImportSchema,
  savedMappingSchema,
} from '../../../../http/routes/import-routes.ts';
import { ask, Problem, send, withQuery } from '../api.ts';
import type { ListPage, ProblemDocument } from '../api-types.ts';
import { texts } from '../texts/imports.ts';

export type Outcome = z.infer<typeof outcomeSchema>;
export type PastImport = z.infer<typeof pastImportSchema>;
export type SavedMapping = z.infer<typeof savedMappingSchema>;

export interface Progress {
  step: 'checking' | 'writing';
  rowsDone: number;
  rowCount: number;
}

type Line = { progress: Progress } | { outcome: Outcome } | { problem: ProblemDocument };

/** What was said about files of this source before; null when they are new here. */
export async function readMapping(source: string): Promise<SavedMapping | null> {
  try {
    return await ask<SavedMapping>('GET', `/sales/import/mappings/${encodeURIComponent(source)}`);
  } catch (error) {
    if (error instanceof Problem && error.document.refused === 'mapping-unknown') return null;
    throw error;
  }
}

/** A page of the imports so far, the newest first. Throws a Problem. */
export const listImports = (cursor: string | null) =>
  ask<ListPage<PastImport>>('GET', withQuery('/imports', { cursor }));

/** Sends a file to be checked or imported, and tells of its progress line by line. Throws a Problem. */
export async function sendFile(
  file: File,
  how: Record<string, string>,
  onProgress: (progress: Progress) => void,
): Promise<Outcome> {
  // An empty value is a word of its own here: “there is no such column”.
  const path = `/sales/import?${new URLSearchParams({ ...how, fileName: file.name.slice(0, 200) }).toString()}`;
  const body = new Blob([file], { type: 'text/csv' });
  const response = await send('POST', path, body, { Accept: 'application/x-ndjson' });
  for await (const line of linesOf(response)) {
    if ('progress' in line) onProgress(line.progress);
    else if ('outcome' in line) return line.outcome;
    else throw new Problem(line.problem);
  }
  throw new Problem({ title: texts.brokeOff });
}

async function* linesOf(response: Response): AsyncGenerator<Line> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
    if (done || value === undefined) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Line;
  }
}
