import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html } from '../../src/pages/card/html.ts';
import { makeStyle } from '../../src/pages/card/page-assets.ts';
import { computeContrast, computePalette } from '../../src/pages/card/palette.ts';
import { wordsIn } from '../../src/pages/card/words.ts';

const words = wordsIn('en');

const colours = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

test('whatever colour an owner chooses, the card can be read', () => {
  fc.assert(
    fc.property(colours, (colour) => {
      const { card, onCard } = computePalette(colour);
      expect(card).toMatch(/^#[0-9a-f]{6}$/);
      expect(computeContrast(card, onCard)).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 2_000 },
  );
});

test('a colour that can be read is taken as it is', () => {
  for (const colour of ['#7a4a2b', '#f2c14e', '#000000', '#ffffff'])
    expect(computePalette(colour).card).toBe(colour);
});

test('phones of some years ago draw the rings of the stamps that are still to come, and buttons in the card’s colour', () => {
  const style = makeStyle('#2f6b5e').body.toString();
  expect(style).not.toContain('color-mix(');
  expect(style).not.toMatch(/:not\([^()]*,/); // one that a browser does not know voids the whole rule
  expect(style).toContain('--on-card-line: #fffdf973;');
});

test('contrast is what WCAG says it is', () => {
  expect(computeContrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(computeContrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

test('no text becomes markup, wherever it is put', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
      const page = html`<p title="${text}">${[text]}</p>`.text;
      expect(page.slice('<p title="'.length, -'</p>'.length)).not.toMatch(/[<'&](?!amp;|lt;|gt;|quot;|#39;)/);
      expect(page.match(/"/g)).toHaveLength(2);
      expect(page.match(/[<>]/g)).toHaveLength(4);
    }),
  );
  expect(html`${null}${undefined}${false}${0}${html`<b>${'<'}</b>`}`.text).toBe('0<b>&lt;</b>');
});

test('a day is told in the shop’s zone, with its year when that is another', () => {
  const now = new Date('2026-03-02T12:00:00Z');
  const at = new Date('2026-03-01T23:30:00Z');
  expect(words.sayDay({ at, now, timeZone: 'Europe/London' })).toBe('Sun 1 March');
  expect(words.sayDay({ at, now, timeZone: 'Asia/Kathmandu' })).toBe('Mon 2 March');
  const lastYear = new Date('2025-12-31T23:30:00Z');
  expect(words.sayDay({ at: lastYear, now, timeZone: 'Europe/London' })).toBe('31 December 2025');
});

test('what ends in the middle of a day is told with the time, in the shop’s zone and as the phone writes it', () => {
  const now = new Date('2026-03-02T12:00:00Z');
  const told = { at: new Date('2026-04-01T14:10:00Z'), now, timeZone: 'Europe/London' };
  expect(words.sayMoment(told)).toBe('Wed 1 April at 15:10');
  expect(wordsIn('en', 'en-US').sayMoment(told)).toMatch(/^Wed, April 1 at 3:10\sPM$/);
});

test('what is missing is said at every edge', () => {
  const say = (stampsOnCard: number) => words.sayToGo({ stampsOnCard, stampsRequired: 10 });
  expect([say(0), say(1), say(9)]).toEqual(['10 stamps to go', '9 more to go', 'Just one more to go']);
  expect(say(-2)).toContain('2 stamps behind');
});
