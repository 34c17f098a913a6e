import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packText } from '../../http/packed-text.ts';
import type { PackedText } from '../../http/packed-text.ts';
import { computePalette } from './palette.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path));

export interface Asset extends PackedText {
  /** In the address, so that the file may be kept for a year and a new one is still seen at once. */
  version: string;
}

/** The card's scripts, served as they are. */
const SCRIPTS = ['card.js', 'live-code.js', 'qr.js', 'large-code.js', 'keep.js', 'goodbye.js'] as const;
export type ScriptName = (typeof SCRIPTS)[number];

const scripts = new Map<string, Asset>(SCRIPTS.map((name) => [name, toAsset(read('browser', name))]));
/** One for all of them, because one imports another by a name beside its own. */
const scriptVersion = versionOf(Buffer.concat([...scripts.values()].map(({ body }) => body)));
export const worker = toAsset(read('browser', 'worker.js'));
const sharedStyle = Buffer.concat([read('..', 'style.css'), Buffer.from('\n'), read('card.css')]);
const styleVersion = versionOf(sharedStyle);

/** A script of the pages by its name; undefined for what is none. */
export function findScript(name: string): Asset | undefined {
  return scripts.get(name);
}

/** Where a script is found in this version. */
export function scriptPathFor(name: ScriptName): string {
  return `/assets/card/${scriptVersion}/${name}`;
}

/** What `card.js` imports, so that a browser asks for all at once. */
export const importedScriptPaths = (['live-code.js', 'qr.js', 'large-code.js', 'keep.js'] as const).map(
  scriptPathFor,
);

/** The stylesheet for a card of this colour (`#rrggbb`): one request, and no style in the page itself. */
export function stylePathFor(colour: string): string {
  return `/assets/card.css?colour=${colour.slice(1).toLowerCase()}&v=${styleVersion}`;
}

/** The shared look, and the card's colours after it. */
export function makeStyle(colour: string): Asset {
  const { card, onCard, onCardLine } = computePalette(colour);
  return toAsset(
    Buffer.concat([
      sharedStyle,
      Buffer.from(`\n:root { --card: ${card}; --on-card: ${onCard}; --on-card-line: ${onCardLine}; }\n`),
    ]),
  );
}

function toAsset(body: Buffer): Asset {
  return { ...packText(body), version: versionOf(body) };
}

function versionOf(body: Buffer): string {
  return hash('sha256', body, 'hex').slice(0, 12);
}
