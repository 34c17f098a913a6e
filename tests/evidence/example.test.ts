// The worked example of docs/evidence.md is run as it stands there, and must print what stands below it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const root = dirname(dirname(import.meta.dirname));
const docs = readFileSync(join(root, 'docs/evidence.md'), 'utf8');
const [, code, printed] = /```ts\n(.*?)```\s+```text\n(.*?)```/s.exec(docs)!;

test('the example in the docs prints what the docs say', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-example-'));
  try {
    const file = join(folder, 'example.ts');
    writeFileSync(file, code!.replaceAll(`'./src/`, `'${pathToFileURL(root).href}/src/`));
    expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe(printed);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
