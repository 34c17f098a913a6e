import { afterAll, beforeAll } from 'vitest';
import { openTillWorld } from './till-tablet.ts';
import type { TillWorld } from './till-tablet.ts';

/** The world of all tests of a file: open from before the first of them until after the last. */
export function useTillWorld(): TillWorld {
  const world: Partial<TillWorld> = {};
  beforeAll(async () => {
    Object.assign(world, await openTillWorld());
  });
  afterAll(() => world.close?.());
  return world as TillWorld;
}
