import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { computePalette } from './palette.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path));

export interface Asset {
  body: Buffer;
  /** By gzip: brotli weighs a tenth less, but browsers only take it over https, and a shop may start without. */
  compressed: Buffer;
  /** In the address, so that the file may be kept for a year and a new one is still seen at once. */
  version: string;
}

export const script = toAsset(read('card.js'));
const sharedStyle = Buffer.concat([read('..', 'style.css'), Buffer.from('\n'), read('card.css')]);
const styleVersion = versionOf(sharedStyle);

export const scriptPath = `/assets/card.js?v=${script.version}`;

/** The stylesheet for a card of this colour (`#rrggbb`): one request, and no style in the page itself. */
export function stylePathFor(colour: string): string {
  return `/assets/card.css?colour=${colour.slice(1).toLowerCase()}&v=${styleVersion}`;
}

/** The shared look, and the card's colours after it. */
export function makeStyle(colour: string): Asset {
  const { card, onCard } = computePalette(colour);
  return toAsset(
    Buffer.concat([sharedStyle, Buffer.from(`\n:root { --card: ${card}; --on-card: ${onCard}; }\n`)]),
  );
}

function toAsset(body: Buffer): Asset {
  return { body, compressed: gzipSync(body), version: versionOf(body) };
}

function versionOf(body: Buffer): string {
  return hash('sha256', body, 'hex').slice(0, 12);
}
