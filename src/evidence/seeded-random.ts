/**
 * Chance that can be repeated: the same seed, the same numbers, each from 0 up to, not including, 1. Not for secrets.
 * Chris Doty-Humphrey's sfc32, from PractRand.
 */
export function createSeededRandom(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round++) next(); // until seeds that are alike no longer show
  return next;
}
