import { html, markup } from './html.ts';
import type { Html } from './html.ts';
import { importedScriptPaths, scriptPathFor, stylePathFor } from './page-assets.ts';
import type { ScriptName } from './page-assets.ts';
import { computePalette } from './palette.ts';
import { wordsIn } from './words.ts';
import type { Words } from './words.ts';

/** For pages that belong to no shop yet. */
const HOUSE_COLOUR = '#7a4a2b';

const BEAN =
  '<path d="M15 3.2C9.7 4.2 6.5 9.6 6.5 16s3.2 11.8 8.5 12.8c-2.6-4-3-8-.7-12.6 2-4 2.4-8.5.7-13Z"/>' +
  '<path d="M17.7 3.3c1.6 4.7 1.1 9.2-.9 13.3-2 4-1.9 8.1.6 12.1 5-1.3 8.1-6.5 8.1-12.7 0-6.3-3-11.5-7.8-12.7Z"/>';

/** What is drawn more than once, drawn once. */
const symbols = markup(`<svg class="symbols" aria-hidden="true" width="0" height="0">
<symbol id="bean" viewBox="0 0 32 32"><g transform="rotate(35 16 16)" fill="currentColor">${BEAN}</g></symbol>
<symbol id="heart" viewBox="0 0 32 32"><path fill="currentColor" d="M16 27.5C9.2 22.3 4.5 18 4.5 12.6 4.5 9 7.2 6.3 10.6 6.3c2.2 0 4.2 1.1 5.4 3 1.2-1.9 3.2-3 5.4-3 3.4 0 6.1 2.7 6.1 6.3 0 5.4-4.7 9.7-11.5 14.9Z"/></symbol>
<symbol id="cup" viewBox="0 0 32 32"><path fill="currentColor" d="M5 12h18v1.5h1.5a4.5 4.5 0 0 1 0 9h-2.1A8 8 0 0 1 16 27h-4a7 7 0 0 1-7-7v-8Zm18 8.5h1.5a2.5 2.5 0 0 0 0-5H23v4.5Z"/><path fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" d="M10.5 8.8c-1.2-1.5 1.2-2.6 0-4.3M15.5 8.8c-1.2-1.5 1.2-2.6 0-4.3"/></symbol>
<symbol id="qr" viewBox="0 0 32 32"><path fill="none" stroke="currentColor" stroke-width="3" d="M5.5 5.5h8v8h-8zM18.5 5.5h8v8h-8zM5.5 18.5h8v8h-8z"/><path fill="currentColor" d="M17 17h4v4h-4zM24 17h4v4h-4zM20.5 20.5h4v4h-4zM17 24h4v4h-4zM24 24h4v4h-4z"/></symbol>
</svg>`);

/** The bean on coffee, for the browser's tab. */
export const cardIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#7a4a2b"/>' +
  '<g transform="rotate(35 16 16) translate(3.2 3.2) scale(.8)" fill="#fffdf9">' +
  `${BEAN}</g></svg>`;

/** A drawing from the sheet above; it only decorates, the words beside it say the same. */
export function icon(name: 'bean' | 'heart' | 'cup' | 'qr'): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#${name}" /></svg>`;
}

/** Where the browser finds a picture of a merchant. */
export function picturePath({ merchantId }: { merchantId: string }, pictureId: string): string {
  return `/pictures/${encodeURIComponent(merchantId)}/${encodeURIComponent(pictureId)}`;
}

/** Where somebody gets a card, at the place with this code on its poster. */
export function joinPathOf({ joinCode }: { joinCode: string }): string {
  return `/join/${encodeURIComponent(joinCode)}`;
}

/** Where somebody finds the card again that they lost. */
export function findPathOf({ joinCode }: { joinCode: string }): string {
  return `/find/${encodeURIComponent(joinCode)}`;
}

/** The shop's logo above its name, which says the same; nothing without one. */
export function renderLogo(shop: { merchantId: string; logoPictureId: string | null }): Html | false {
  if (!shop.logoPictureId) return false;
  return html`<img class="logo" src="${picturePath(shop, shop.logoPictureId)}" alt="" />`;
}

export interface PageParts {
  title: string;
  colour?: string;
  /** A class for the body: which of the pages this is. */
  kind: 'card-page' | 'form-page' | 'join-page' | `poster-page ${string}` | 'plain-page';
  body: Html;
  script?: ScriptName;
  words?: Words;
  /** More for the head. */
  head?: Html;
}

/** A whole document around a page's body. */
export function framePage({
  title,
  colour = HOUSE_COLOUR,
  kind,
  body,
  script,
  head,
  words = wordsIn('en'),
}: PageParts): string {
  return html`<!doctype html>
    <html lang="${words.region}" dir="${words.direction}">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="description" content="${title}" />
        <meta name="robots" content="noindex" />
        <meta name="theme-color" content="${computePalette(colour).card}" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="/assets/card-icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${stylePathFor(colour)}" />
        ${head}
        ${script === 'card.js' && importedScriptPaths.map((path) => html`<link rel="modulepreload" href="${path}" />`)}
        ${script && html`<script type="module" src="${scriptPathFor(script)}"></script>`}
      </head>
      <body class="${kind}">
        ${body} ${symbols}
      </body>
    </html>`.text;
}
