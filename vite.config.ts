import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mediaMinmax from '@csstools/postcss-media-minmax';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const TILL = join(import.meta.dirname, 'pos-adapter', 'till');
const PUBLIC = join(TILL, 'public');

/** Tablets at tills live long: iPads that stopped at iPadOS 15, and Android 6, still work. */
export const target = ['chrome106', 'safari15.4', 'firefox115'];
/** `(width < 30rem)` as those browsers know it; what Vite makes of it by itself, Safari 15 does not. */
export const css = { postcss: { plugins: [mediaMinmax()] } };

/** Builds the pages that run in a browser into `dist`, where the server finds them. */
export default defineConfig({
  root: TILL,
  base: '/till/',
  publicDir: 'public',
  css,
  plugins: [listFilesForServiceWorker()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: join(import.meta.dirname, 'dist', 'till'),
    emptyOutDir: true,
    // Our content security policy lets nothing in that is written into another file.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        till: join(TILL, 'index.html'),
        'service-worker': join(TILL, 'service-worker.ts'),
      },
      output: {
        // Where its scope begins, under a name that stays.
        entryFileNames: ({ name }) => (name === 'service-worker' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
    target,
  },
});

/** Tells the service worker what the page is made of, so that it can start without a network. */
function listFilesForServiceWorker(): Plugin {
  return {
    name: 'list-files-for-service-worker',
    enforce: 'post', // after the page itself is written
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') throw new Error('There is no service worker');
      const files = Object.keys(bundle).filter((file) => file !== 'sw.js' && !file.endsWith('.map'));
      const list = JSON.stringify([...files, ...readdirSync(PUBLIC)].toSorted());
      // What is not named after its content has to change the worker as well, or it would stay as it is.
      const content = createHash('sha256');
      for (const file of files.filter((one) => !one.startsWith('assets/')).toSorted()) {
        const output = bundle[file]!;
        content.update(output.type === 'chunk' ? output.code : output.source);
      }
      for (const name of readdirSync(PUBLIC)) content.update(readFileSync(join(PUBLIC, name)));
      const version = JSON.stringify(content.digest('hex').slice(0, 16));
      worker.code = worker.code.replaceAll('__FILES__', () => list).replaceAll('__VERSION__', () => version);
    },
  };
}
