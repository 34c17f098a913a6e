import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWedge, SILENCE } from '../../../pos-adapter/till/wedge.ts';
import type { Heard, Key } from '../../../pos-adapter/till/wedge.ts';

const CARD = 'GST1:ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MILK = '5012345678900';

/** The keys of a US keyboard that type a text, Shift included, one after another. */
function keysOf(text: string, { gapMs, from = 1_000 }: { gapMs: number; from?: number }): Key[] {
  let at = from;
  return [...text].flatMap((key) => {
    const isShifted = key === ':' || /[A-Z]/.test(key);
    const code = key === ':' ? 'Semicolon' : /\d/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`;
    const keys: Key[] = isShifted
      ? [
          { key: 'Shift', code: 'ShiftLeft', isShifted: true, at },
          { key, code, isShifted, at },
        ]
      : [{ key, code, isShifted, at }];
    at += gapMs;
    return keys;
  });
}

/** What the till makes of keys that end with Enter, as quickly after the last as those before. */
function hear(keys: Key[], { enterAfterMs = 10, end = 'Enter' } = {}): Heard {
  const wedge = createWedge();
  for (const key of keys) wedge(key);
  return wedge({ key: end, code: end, isShifted: false, at: keys.at(-1)!.at + enterAfterMs });
}

test('a scanned card is heard', () => {
  expect(hear(keysOf(CARD, { gapMs: 8 }))).toEqual({ kind: 'card', cardCode: CARD });
});

test('a card is heard from a scanner that ends with Tab', () => {
  expect(hear(keysOf(CARD, { gapMs: 8 }), { end: 'Tab' })).toEqual({ kind: 'card', cardCode: CARD });
});

test('a card is heard with Caps Lock on, or from a scanner that types small letters', () => {
  expect(hear(keysOf(CARD.toLowerCase(), { gapMs: 8 }))).toEqual({ kind: 'card', cardCode: CARD });
});

test('a card is heard from a slow Bluetooth scanner, because nobody types that prefix', () => {
  expect(hear(keysOf(CARD, { gapMs: 90 }), { enterAfterMs: 90 })).toEqual({ kind: 'card', cardCode: CARD });
});

test('a card is heard although the keyboard is German and the scanner is not', () => {
  const german: Record<string, string> = { ':': 'Ö', Y: 'Z', Z: 'Y' };
  const keys = keysOf(CARD, { gapMs: 8 }).map((key) => ({ ...key, key: german[key.key] ?? key.key }));
  expect(hear(keys)).toEqual({ kind: 'card', cardCode: CARD });
});

test('a card is heard from a scanner that presses no key at its end, by the silence after it', () => {
  const hearSilence = (text: string, gapMs: number) =>
    hear(keysOf(text, { gapMs }), { enterAfterMs: 250, end: SILENCE });
  for (const cardCode of [CARD, `${CARD}:123456`])
    expect(hearSilence(cardCode, 8)).toEqual({ kind: 'card', cardCode });
  expect(hearSilence(CARD.slice(0, -1), 8)).toEqual({ kind: 'nothing' });
  expect(hearSilence(CARD, 60)).toEqual({ kind: 'nothing' }); // a hand may still be typing
  expect(hearSilence(MILK, 8)).toEqual({ kind: 'nothing' });
});

test('two cards one after the other are both heard', () => {
  const wedge = createWedge();
  const other = CARD.replace('ABC', 'XYZ');
  const heard = [CARD, other].map((code, index) => {
    const keys = keysOf(code, { gapMs: 8, from: 1_000 + index * 300 });
    for (const key of keys) wedge(key);
    return wedge({ key: 'Enter', code: 'Enter', isShifted: false, at: keys.at(-1)!.at + 8 });
  });
  expect(heard).toEqual([
    { kind: 'card', cardCode: CARD },
    { kind: 'card', cardCode: other },
  ]);
});

test('a carton of milk is not a card, and its Enter presses nothing', () => {
  expect(hear(keysOf(MILK, { gapMs: 8 }))).toEqual({ kind: 'foreign' });
});

test('a card is heard from a scanner that says first what kind of code it read', () => {
  expect(hear(keysOf(`]Q1${CARD}`, { gapMs: 8 }))).toEqual({ kind: 'card', cardCode: CARD });
  expect(hear(keysOf(`milk${CARD}`, { gapMs: 8 }))).toEqual({ kind: 'foreign' });
});

/** What is heard of each key of a scan that ends with `ends`, and of a hand a moment later. */
function hearEnds(text: string, ends: string[]): string[] {
  const wedge = createWedge();
  const keys = keysOf(text, { gapMs: 8 });
  for (const key of keys) wedge(key);
  let { at } = keys.at(-1)!;
  const kinds = ends.map((end) => wedge({ key: end, code: end, isShifted: false, at: (at += 8) }).kind);
  return [...kinds, wedge({ key: 'Enter', code: 'Enter', isShifted: false, at: at + 400 }).kind];
}

test('a scanner that ends twice presses nothing the second time, and a hand does', () => {
  expect(hearEnds(CARD, ['Tab', 'Enter'])).toEqual(['card', 'rest', 'nothing']);
  expect(hearEnds(MILK, ['Enter', 'Enter'])).toEqual(['foreign', 'rest', 'nothing']);
  expect(hearEnds(CARD, ['Enter', 'A', 'B', 'Enter'])).toEqual([
    'card',
    'start',
    'nothing',
    'rest',
    'nothing',
  ]);
});

test('a space within a scan is told from one that a hand presses', () => {
  const spaces = (gapMs: number) => {
    const wedge = createWedge();
    return keysOf('Flat  white', { gapMs }).flatMap((key) => (wedge(key).kind === 'space' ? [key.key] : []));
  };
  expect(spaces(8)).toEqual([' ', ' ']);
  expect(spaces(60)).toEqual([]);
  const wedge = createWedge();
  const held = keysOf('     ', { gapMs: 30 }).map((key) => wedge(key).kind);
  expect(held).toEqual(['start', 'nothing', 'nothing', 'nothing', 'nothing']);
});

test('a barcode of 7 letters may be a quick hand, one of 8 is not', () => {
  expect(hear(keysOf('1234567', { gapMs: 20 }))).toEqual({ kind: 'nothing' });
  expect(hear(keysOf('12345678', { gapMs: 20 }))).toEqual({ kind: 'foreign' });
});

test('a code typed by a quick barista is typing', () => {
  expect(hear(keysOf('7F3K9QPD', { gapMs: 60 }))).toEqual({ kind: 'nothing' });
  expect(hear(keysOf('7F3K9QPD', { gapMs: 36 }))).toEqual({ kind: 'nothing' });
  expect(hear(keysOf('7F3K9QPD', { gapMs: 35 }))).toEqual({ kind: 'foreign' });
});

test('a PIN put in at once is not a scan', () => {
  expect(hear(keysOf('4711', { gapMs: 1 }))).toEqual({ kind: 'nothing' });
});

test('Enter long after a burst is somebody pressing a button', () => {
  expect(hear(keysOf(MILK, { gapMs: 8 }), { enterAfterMs: 400 })).toEqual({ kind: 'nothing' });
});

test('letters typed before a pause do not spoil the scan after it', () => {
  const keys = [...keysOf('7F3', { gapMs: 150, from: 0 }), ...keysOf(CARD, { gapMs: 8, from: 1_000 })];
  expect(hear(keys)).toEqual({ kind: 'card', cardCode: CARD });
});

test('the start of a burst is told once, so that a field can be put back as it was', () => {
  const wedge = createWedge();
  const heard = keysOf(CARD, { gapMs: 8 }).map((key) => wedge(key).kind);
  expect(heard.filter((kind) => kind === 'start')).toHaveLength(1);
});

test('every card is heard at any speed of a scanner', () => {
  const letter = fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'));
  fc.assert(
    fc.property(
      fc.array(letter, { minLength: 26, maxLength: 26 }),
      fc.integer({ min: 0, max: 119 }),
      (letters, gapMs) => {
        const cardCode = `GST1:${letters.join('')}`;
        expect(hear(keysOf(cardCode, { gapMs }), { enterAfterMs: gapMs })).toEqual({
          kind: 'card',
          cardCode,
        });
      },
    ),
  );
});

test('nothing typed by hand is ever taken for a scan, unless it is a card', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...Array.from('AZ09:3f')), { minLength: 1, maxLength: 40 }),
      (letters) => {
        expect(hear(keysOf(letters.join(''), { gapMs: 45 }), { enterAfterMs: 45 }).kind).toBe('nothing');
      },
    ),
  );
});
