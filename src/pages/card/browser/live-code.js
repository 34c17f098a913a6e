// The six digits under the QR: TOTP (RFC 6238) with SHA-256. Written out, because a page that is served without
// https has no crypto.subtle, and so that the code runs on when the phone is offline.

export const STEP_MS = 30_000;

const ROUND_CONSTANTS = new Uint32Array(64);
const START = new Uint32Array(8);
fillConstants();

/** `key` as bytes; `step` counts half minutes since 1970. */
export function computeLiveCode(key, step) {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setUint32(4, step);
  const digest = hmac(key, counter);
  const offset = digest[31] & 15;
  const number = new DataView(digest.buffer).getUint32(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** `key` is at most 64 bytes long. */
function hmac(key, message) {
  const inner = new Uint8Array(64 + message.length).fill(0x36, 0, 64);
  const outer = new Uint8Array(96).fill(0x5c, 0, 64);
  key.forEach((byte, place) => {
    inner[place] ^= byte;
    outer[place] ^= byte;
  });
  inner.set(message, 64);
  outer.set(sha256(inner), 64);
  return sha256(outer);
}

/** FIPS 180-4. */
export function sha256(message) {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  const state = START.slice();
  const words = new Uint32Array(64);
  for (let block = 0; block < padded.length; block += 64) {
    for (let round = 0; round < 64; round++)
      words[round] = round < 16 ? view.getUint32(block + 4 * round) : nextWord(words, round);
    mix(state, words);
  }
  const digest = new Uint8Array(32);
  state.forEach((word, place) => new DataView(digest.buffer).setUint32(4 * place, word));
  return digest;
}

function nextWord(words, round) {
  const [early, late] = [words[round - 15], words[round - 2]];
  const one = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
  const two = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
  return words[round - 16] + one + words[round - 7] + two;
}

function mix(state, words) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let round = 0; round < 64; round++) {
    const one = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + one + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[round] + words[round]) | 0;
    const two = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (two + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => {
    state[place] += word;
  });
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits behind the point of the square and cube roots of the first primes. */
function fillConstants() {
  let found = 0;
  for (let number = 2; found < 64; number++) {
    if (isPrime(number)) {
      if (found < 8) START[found] = fractionOf(number ** (1 / 2));
      ROUND_CONSTANTS[found++] = fractionOf(Math.cbrt(number));
    }
  }
}

function isPrime(number) {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

function fractionOf(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}
