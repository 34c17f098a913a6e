// Runs one of our files on the Node that package.json pins, after installing whatever is missing.
//
//   node scripts/run.mjs [--dev] [--pages] [--watch] <file> [arguments…]
//
// It runs on any Node from 20 on and has no dependencies, because it is what brings them.
// --dev also needs what only developers use; --pages builds the pages first when they changed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPages } from './build-pages.mjs';
import { installMissing, pinnedNode, root } from './install.mjs';

const words = process.argv.slice(2);
const flags = new Set();
while (words[0]?.startsWith('--')) flags.add(words.shift());
const [file, ...fileArguments] = words;
if (!file) {
  console.error('Usage: node scripts/run.mjs [--dev] [--pages] [--watch] <file> [arguments…]');
  process.exit(2);
}

const shell = process.ppid; // before the installation, during which it may end
try {
  installMissing({ withDevelopment: flags.has('--dev') });
  if (flags.has('--pages')) buildPages();
} catch (error) {
  const isNotOurs = ['EACCES', 'EPERM', 'EROFS'].includes(error.code);
  console.error(
    isNotOurs
      ? `This account may not write in ${root}, where packages and pages are put (${error.message}).\n` +
          'Use the account the folder belongs to, or give it to this one (an administrator can: chown -R).'
      : error.message,
  );
  process.exit(1);
}

const nodeFlags = [
  `--import=${pathToFileURL(join(root, 'scripts', 'quick-imports.mjs')).href}`,
  // Node lets its nursery for new objects grow to 32 MB, three times over: on a small machine that is a quarter of the
  // server's memory, and it is no quicker for it.
  '--max-semi-space-size=16',
  ...(flags.has('--watch') ? ['--watch'] : []),
];
// npm runs us in the project's folder. The files that somebody names stand where they typed the command.
const cwd = file.startsWith('src/') ? process.env.INIT_CWD : undefined;
const child = spawn(pinnedNode, [...nodeFlags, join(root, file), ...fileArguments], {
  stdio: 'inherit',
  cwd,
});

// Ctrl-C reaches the child by itself; what is sent to this process alone is passed on.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

// npm's shell does not pass on what ends it, so its end is taken as the signal. Only under npm: elsewhere a parent may
// end for other reasons.
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== shell) child.kill('SIGTERM');
  }, 250).unref();
}

child.on('error', (error) => {
  console.error(`Could not start ${pinnedNode}: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(code ?? 1);
  }
});
