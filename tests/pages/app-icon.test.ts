import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { drawAppIcon } from '../../src/pages/card/app-icon.ts';
import { computePalette } from '../../src/pages/card/palette.ts';

const SIZE = 192;

test('a card’s picture on a home screen is a bean on the card’s colour', () => {
  const icon = drawAppIcon({ colour: '#7a4a2b', size: SIZE });
  const { card, onCard } = computePalette('#7a4a2b');
  expect(colourAt(icon, 0, 0)).toBe(card);
  expect(colourAt(icon, SIZE / 2, SIZE / 2 - 40)).toBe(onCard);
});

test('in another colour the bean is not drawn anew: whoever asks for many keeps no till waiting', () => {
  const [brown, green] = ['#7a4a2b', '#2b7a4a'].map((colour) => drawAppIcon({ colour, size: SIZE }));
  expect(chunkOf(brown!, 'IDAT')).toEqual(chunkOf(green!, 'IDAT'));
  expect(colourAt(brown!, 0, 0)).not.toBe(colourAt(green!, 0, 0));
});

/** `#rrggbb` of a pixel. */
function colourAt(png: Buffer, x: number, y: number): string {
  const shade = inflateSync(chunkOf(png, 'IDAT'))[y * (SIZE + 1) + 1 + x]!;
  return `#${chunkOf(png, 'PLTE')
    .subarray(3 * shade, 3 * shade + 3)
    .toString('hex')}`;
}

function chunkOf(png: Buffer, type: string): Buffer {
  const start = png.indexOf(type, 0, 'latin1');
  expect(start).toBeGreaterThan(0);
  return png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4));
}
