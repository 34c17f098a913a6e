import { join } from 'node:path';
import { defineConfig } from 'vite';
import { css, target } from './vite.config.ts';

/** Builds the owner's desk into `dist/desk`, where the server finds it. */
export default defineConfig({
  root: join(import.meta.dirname, 'src', 'pages', 'dashboard', 'app'),
  // Not below /desk: every address there is a page.
  base: '/assets/desk/',
  publicDir: false,
  css,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(import.meta.dirname, 'dist', 'desk'),
    emptyOutDir: true,
    // Our content security policy lets nothing in that is written into another file.
    assetsInlineLimit: 0,
    assetsDir: '',
    target,
  },
});
