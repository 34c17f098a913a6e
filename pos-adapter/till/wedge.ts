/**
 * A keyboard-wedge scanner types what it reads, quicker than any hand, and ends with Enter or Tab. This tells such
 * bursts from typing: ours (a card) from a foreign barcode (a carton of milk), and both from a quick barista.
 */

/** Letters of a burst come closer together than this, on average; two hands rolling over keys manage it for three or four. */
const BURST_GAP_MS = 35;
/** A slow Bluetooth scanner, or a hiccup of the browser. Only our own prefix is believed at this speed. */
const LONGEST_GAP_MS = 120;
const SHORTEST_BARCODE = 8;
const LONGEST_BARCODE = 512;
const EDITING = /^(Escape|Backspace|Delete|Home|End|Page\w+|Arrow\w+)$/;
/**
 * With the live code after it, when it comes from the customer's phone. Before it some scanners say what kind of code it
 * was: `]Q1`.
 */
const CARD_CODE = /^.{0,3}?(GST1:[A-Z2-7]{16,52}(?::\d{6})?)$/su;

/** What the browser says about a key that went down. */
export interface Key {
  /** What the keyboard's layout makes of it: `a`, `:`, `Enter`, `Shift`. */
  key: string;
  /** The place of the key, whatever its layout: `KeyA`, `Semicolon`. */
  code: string;
  isShifted: boolean;
  /** Milliseconds on a clock that never jumps. */
  at: number;
}

/** The code of one of our cards, with its live code, in what was scanned or photographed; null for anything else. */
export function readCardCode(text: string): string | null {
  const [, code = null] = CARD_CODE.exec(text.trim().toUpperCase()) ?? [];
  return code;
}

export type Heard =
  /** A hand at the keyboard, or a burst that is not over. */
  | { kind: 'nothing' }
  /** The first letter of what may become a burst: the time to remember what a field says. */
  | { kind: 'start' }
  /** A space that no hand typed: a foreign code may hold some. */
  | { kind: 'space' }
  /** Enter after a burst that is not one of our cards. */
  | { kind: 'foreign' }
  /** The end of a scan's end: some scanners press Tab and Enter, or Enter twice, and a foreign code may have several lines. */
  | { kind: 'rest' }
  | { kind: 'card'; cardCode: string };

const NOTHING: Heard = { kind: 'nothing' };
const REST: Heard = { kind: 'rest' };

/** The name of no key: nothing was pressed for a while. Some scanners press no key at the end of a code. */
export const SILENCE = '';
/** Without a key at its end a code is believed when it is as long as ours are. */
const WHOLE_CODE = /^GST1:[A-Z2-7]{26}(:\d{6})?$/;

/** Listens to one keyboard; give it every key in the order they came, and `SILENCE` after the last of them. */
export function createWedge(): (key: Key) => Heard {
  let letters = '';
  /** The same by the places of the keys: a scanner set to US keys on, say, a German keyboard swaps Y and Z. */
  let places = '';
  let startedAt = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  /** When a scan was last heard to its end. */
  let endedAt = Number.NEGATIVE_INFINITY;

  return ({ key, code, isShifted, at }) => {
    if (key === SILENCE) return hearSilence();
    if (key === 'Shift' || key === 'CapsLock') return NOTHING;
    const isPause = at - lastAt > LONGEST_GAP_MS;
    if (key === 'Enter' || key === 'Tab') {
      const isAtOnce = (letters === '' ? at : startedAt) - endedAt <= BURST_GAP_MS;
      const heard = decideEnd({ isPause, isAtOnce });
      if (heard.kind !== 'nothing' && letters !== '') endedAt = at; // not by what comes after: a key may be held
      letters = places = '';
      return heard;
    }
    if (EDITING.test(key)) {
      letters = places = ''; // no scanner does that: what comes next begins anew
      return NOTHING;
    }
    const isStart = isPause || letters === '';
    if (isStart || letters.length >= LONGEST_BARCODE) {
      letters = places = '';
      startedAt = at;
    }
    letters += [...key].length === 1 ? key : '\u{fffd}';
    places += letterAt(code, isShifted);
    lastAt = at;
    if (isStart) return { kind: 'start' };
    return key === ' ' && letters.trim() !== '' && isQuick() ? { kind: 'space' } : NOTHING;
  };

  function hearSilence(): Heard {
    const cardCode = findCardCode();
    if (cardCode === null || !isQuick() || !WHOLE_CODE.test(cardCode)) return NOTHING;
    letters = places = '';
    return { kind: 'card', cardCode };
  }

  function findCardCode(): string | null {
    return readCardCode(letters) ?? readCardCode(places);
  }

  function decideEnd({ isPause, isAtOnce }: { isPause: boolean; isAtOnce: boolean }): Heard {
    if (letters === '') return isAtOnce ? REST : NOTHING;
    if (isPause) return NOTHING;
    const cardCode = findCardCode();
    if (cardCode) return { kind: 'card', cardCode };
    if (!isQuick()) return NOTHING;
    if (letters.length >= SHORTEST_BARCODE) return { kind: 'foreign' };
    return isAtOnce ? REST : NOTHING;
  }

  function isQuick(): boolean {
    return meanGap() <= BURST_GAP_MS;
  }

  function meanGap(): number {
    return (lastAt - startedAt) / Math.max(letters.length - 1, 1);
  }
}

/** What a US keyboard has there; only what our codes are made of. */
function letterAt(code: string, isShifted: boolean): string {
  const [, letter] = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code) ?? [];
  if (letter) return letter;
  return code === 'Semicolon' && isShifted ? ':' : '\u{fffd}';
}
