// Writes the migration that takes both databases to what db/schema.ts says now:
//
//   npm run migration -- name-of-the-change
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const name = process.argv[2];
if (!name || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
  console.error('Name the change in kebab-case: npm run migration -- cards-remember-their-colour');
  process.exit(2);
}
const kit = join(root, 'node_modules', 'drizzle-kit', 'bin.cjs');
for (const dialect of ['sqlite', 'postgres']) {
  const config = join('db', `drizzle.${dialect}.config.ts`);
  const words = [kit, 'generate', '--config', config, '--name', name.replaceAll('-', '_')];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
