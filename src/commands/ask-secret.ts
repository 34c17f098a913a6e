import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for something nobody may read over a shoulder; what is typed is not shown. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asked = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await asked.question('');
  } finally {
    asked.close();
    process.stderr.write('\n');
  }
}

/** The first line of what another program says. */
export async function readFirstLine(input: AsyncIterable<Buffer | string>): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += chunk.toString();
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/, 1)[0]!;
}
