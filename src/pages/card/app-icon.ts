import { crc32, deflateSync } from 'node:zlib';
import { computePalette } from './palette.ts';

/** What phones ask for: Apple's and Android's home screens, and Android's splash screen. */
export const APP_ICON_SIZES = [192, 512] as const;
export type AppIconSize = (typeof APP_ICON_SIZES)[number];

/** Points looked at in each pixel, across and down, so that edges are smooth. */
const SAMPLES = 2;
/** How much of a pixel is bean: none of its points to all of them. */
const SHADES = SAMPLES ** 2 + 1;

/** Where the icon of a card of this colour (`#rrggbb`) is found. */
export function appIconPath({ colour }: { colour: string }, size: AppIconSize): string {
  return `/assets/card-icon.png?colour=${colour.slice(1).toLowerCase()}&size=${size}`;
}

/** A bean on the card's colour as PNG: phones take no SVG for their home screens. Room is left for round masks. */
export function drawAppIcon({ colour, size }: { colour: string; size: AppIconSize }): Buffer {
  const { card, onCard } = computePalette(colour);
  const [ground, bean] = [readColour(card), readColour(onCard)];
  const palette = Array.from({ length: SHADES }, (_, shade) => mix(ground, bean, shade / (SHADES - 1)));
  return writePng(size, { palette, pixels: shadesOf(size) });
}

const drawn = new Map<AppIconSize, Buffer>();

/** The shade of each pixel, compressed. Drawn once: anybody may ask for any colour, and no till should wait for it. */
function shadesOf(size: AppIconSize): Buffer {
  const known = drawn.get(size);
  if (known) return known;
  const rows = Buffer.alloc(size * (size + 1)); // each begins with its filter: none
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) rows[y * (size + 1) + 1 + x] = countBean(x, y, size);
  const pixels = deflateSync(rows);
  drawn.set(size, pixels);
  return pixels;
}

/** How many of the points of a pixel are bean. */
function countBean(x: number, y: number, size: number): number {
  let count = 0;
  for (let sample = 0; sample < SAMPLES ** 2; sample++) {
    const dx = (x + ((sample % SAMPLES) + 0.5) / SAMPLES) / size - 0.5;
    const dy = (y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size - 0.5;
    if (isBean(dx, dy)) count++;
  }
  return count;
}

/** An ellipse, tilted, with the furrow of a coffee bean down its middle. */
function isBean(dx: number, dy: number): boolean {
  const angle = (35 * Math.PI) / 180;
  const x = dx * Math.cos(angle) + dy * Math.sin(angle);
  const y = dy * Math.cos(angle) - dx * Math.sin(angle);
  if ((x / 0.21) ** 2 + (y / 0.3) ** 2 > 1) return false;
  return Math.abs(x - 0.045 * Math.sin((y / 0.3) * Math.PI)) > 0.022;
}

type Colour = readonly [number, number, number];

function readColour(colour: string): Colour {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16)) as unknown as Colour;
}

function mix(one: Colour, other: Colour, share: number): Colour {
  return one.map((channel, place) =>
    Math.round(channel + (other[place]! - channel) * share),
  ) as unknown as Colour;
}

/** ISO/IEC 15948: a palette, eight bits for each pixel, and no filter. */
function writePng(size: number, { palette, pixels }: { palette: readonly Colour[]; pixels: Buffer }): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(8 + body.length);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}
