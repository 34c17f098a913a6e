import { v7 } from 'uuid';
import { createSeededRandom } from '../evidence/seeded-random.ts';

/** Chance that can be repeated: the same seed, the same draws. Not for secrets. */
export interface Random {
  chance(probability: number): boolean;
  /** Both included. */
  integer(from: number, to: number): number;
  pick<Choice>(choices: readonly Choice[]): Choice;
  pickWeighted<Choice>(choices: readonly (readonly [choice: Choice, weight: number])[]): Choice;
  normal(): number;
  exponential(mean: number): number;
  poisson(mean: number): number;
  /** Of mean `shape`. */
  gamma(shape: number): number;
  /** A UUIDv7 of that moment; those made later sort later. */
  id(at: Date): string;
}

export function createRandom(seed: number): Random {
  const next = createSeededRandom(seed);
  let idsMade = 0;
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  // Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; shapes below 1 by their note.
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - next()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - next()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return {
    normal,
    gamma,
    chance: (probability) => next() < probability,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (choices) => choices[Math.floor(next() * choices.length)]!,
    pickWeighted(choices) {
      let left = next() * choices.reduce((total, [, weight]) => total + weight, 0);
      for (const [choice, weight] of choices) if ((left -= weight) < 0) return choice;
      return choices.at(-1)![0];
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    poisson(mean) {
      let count = 0;
      for (let left = Math.exp(-mean), product = next(); product > left; product *= next()) count++;
      return count;
    },
    id(at) {
      const words = Uint32Array.from([next(), next(), next(), next()], (draw) => draw * 2 ** 32);
      return v7({ msecs: at.getTime(), seq: ++idsMade, random: new Uint8Array(words.buffer) });
    },
  };
}
