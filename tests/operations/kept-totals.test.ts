import { expect, test } from 'vitest';
import { KeptTotals } from '../../src/operations/kept-totals.ts';
import type { GestureReportTotals } from '../../src/operations/total-gestures.ts';

/** Totals that take so long to make, by a clock of their own. */
function aMaker(tookMs: number) {
  let nowMs = 0;
  let made = 0;
  const kept = new KeptTotals({ nowMs: () => nowMs });
  const make = async (): Promise<GestureReportTotals> => {
    const number = ++made;
    await Promise.resolve();
    nowMs += tookMs;
    return { number } as unknown as GestureReportTotals;
  };
  return { kept, make, wait: (ms: number) => (nowMs += ms) };
}

test('totals that are quick to make are made afresh each time', async () => {
  const { kept, make } = aMaker(20);
  expect(await kept.find('a', make)).toEqual({ number: 1 });
  expect(await kept.find('a', make)).toEqual({ number: 2 });
});

test('totals that took two seconds are shown for forty, and then made again', async () => {
  const { kept, make, wait } = aMaker(2_000);
  await kept.find('a', make);
  wait(39_000);
  expect(await kept.find('a', make)).toEqual({ number: 1 });
  expect(await kept.find('b', make)).toEqual({ number: 2 });
  wait(1_001);
  expect(await kept.find('a', make)).toEqual({ number: 3 });
});

test('no totals are older than ten minutes', async () => {
  const { kept, make, wait } = aMaker(100_000);
  await kept.find('a', make);
  wait(599_999);
  expect(await kept.find('a', make)).toEqual({ number: 1 });
  wait(2);
  expect(await kept.find('a', make)).toEqual({ number: 2 });
});

test('two who ask the same at once wait for the same totals', async () => {
  const { kept, make } = aMaker(20);
  expect(await Promise.all([kept.find('a', make), kept.find('a', make)])).toEqual([
    { number: 1 },
    { number: 1 },
  ]);
});

test('totals that failed are not kept', async () => {
  const { kept, make, wait } = aMaker(20);
  const fail = async (): Promise<GestureReportTotals> => {
    wait(5_000);
    throw new Error('no database');
  };
  await expect(kept.find('a', fail)).rejects.toThrow('no database');
  expect(await kept.find('a', make)).toEqual({ number: 1 });
});
