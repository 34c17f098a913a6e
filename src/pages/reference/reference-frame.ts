import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html } from '../card/html.ts';
import type { Html } from '../card/html.ts';

const read = (...path: string[]): string => readFileSync(join(import.meta.dirname, ...path), 'utf8');

/** The look every page shares, and this one's own after it. */
export const referenceStyle = `${read('..', 'style.css')}\n${read('reference.css')}`;
const styleVersion = hash('sha256', referenceStyle, 'hex').slice(0, 12);

/** A page of the reference: no script, nothing from elsewhere. */
export function frameReference({ title, body }: { title: string; body: Html }): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="stylesheet" href="/assets/reference.css?v=${styleVersion}" />
        <link rel="icon" href="/assets/card-icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        ${body}
      </body>
    </html>`.text;
}
