import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const project = dirname(import.meta.dirname);

test('a first start without a network says so, and not where in npm it was noticed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doublestamp-install-'));
  try {
    for (const name of ['package.json', 'package-lock.json', 'scripts'])
      cpSync(join(project, name), join(folder, name), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'src/main.ts'], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        npm_config_registry: 'http://127.0.0.1:9', // where nobody listens
        npm_config_cache: join(folder, 'cache'),
        npm_config_fetch_retries: '0',
      },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('Is this computer online? Then try again.');
    expect(stderr).not.toMatch(/^npm error {5}at /m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
