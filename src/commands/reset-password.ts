import { parseArgs } from 'node:util';
import { passwordSchema } from '../http/routes/desk-schemas.ts';
import { createPasswords } from '../operations/passwords.ts';
import { resetPassword } from '../operations/reset-password.ts';
import { loadSecrets } from '../secrets.ts';
import { askSecret, readFirstLine } from './ask-secret.ts';
import { CommandFailed, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { requireDatabase } from './shop-file.ts';

export const resetPasswordCommand: Command = {
  summary: 'Give an owner or manager who forgot it a new password',
  help: `
Usage: npm run cli -- reset-password EMAIL [--remove-second-factor]

Asks for a new password, twice, without showing it. Signs that person out everywhere; the audit log says
that it was done from the command line. Without a terminal the first line of standard input is taken.

--remove-second-factor: the sign-in no longer asks for a code, for somebody who lost both their phone and
their recovery codes.
`,
  async run(args, { config, clock, withDatabase, out }) {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'remove-second-factor': { type: 'boolean', default: false } },
    });
    const removesSecondFactor = values['remove-second-factor'];
    const [email, ...more] = positionals;
    if (email === undefined || more.length > 0) throw new UsageError('Say the e-mail address of one person');
    requireDatabase(config.databaseUrl);
    const password = await askPassword();
    const parsed = passwordSchema.safeParse(password);
    if (!parsed.success)
      throw new CommandFailed(`The password was not changed. ${parsed.error.issues[0]!.message}.`);
    const passwords = createPasswords(loadSecrets(config, { hasShop: true }).pepper);
    return withDatabase(async (db) => {
      const answer = await resetPassword(db, clock, passwords)({ email, password, removesSecondFactor });
      if ('refused' in answer)
        throw new CommandFailed(`No owner or manager has the address ${email}. Nothing was changed.`);
      out.write(`${answer.staffName} has a new password, and is signed out everywhere.\n`);
      if (removesSecondFactor) out.write('The sign-in asks for no second factor any more.\n');
      return 0;
    });
  },
};

async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) return readFirstLine(process.stdin);
  const password = await askSecret('New password: ');
  if ((await askSecret('Once more: ')) !== password)
    throw new CommandFailed('These were not the same. The password was not changed.');
  return password;
}
