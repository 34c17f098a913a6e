import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandFailed } from './command.ts';

/**
 * Asks for something nobody may read over a shoulder; what is typed is not shown.
 *
 * @throws CommandFailed when it is not answered, by Ctrl-C or Ctrl-D
 */
export async function askSecret(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asked = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    // Only now, when the terminal has stopped showing what is typed.
    process.stderr.write(question);
    const leaving = new Promise<never>((_, reject) => {
      asked.once('close', () => reject(new CommandFailed('Nothing was changed.')));
    });
    return await Promise.race([asked.question(''), leaving]);
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
