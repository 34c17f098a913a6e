import { join } from 'node:path';
import { defineConfig } from 'vite';

/** Builds the pages that run in a browser into `dist`, where the server finds them. */
export default defineConfig({
  root: join(import.meta.dirname, 'pos-adapter', 'till'),
  base: '/till/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: join(import.meta.dirname, 'dist', 'till'),
    emptyOutDir: true,
    // Our content security policy lets nothing in that is written into another file.
    assetsInlineLimit: 0,
    // Tablets at tills live long: iPads that stopped at iPadOS 16 still work.
    target: ['chrome111', 'safari16.4', 'firefox115'],
  },
});
