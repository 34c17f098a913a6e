import { expect, it } from 'vitest';
import { takeGuess } from '../../src/operations/guess-limit.ts';
import { aShop } from '../support/a-shop.ts';
import { useDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const database = useDatabase();

async function open() {
  const { merchantId } = await aShop(database.db);
  const clock = new FixedClock('2026-03-02T09:00:00Z');
  const guess = () =>
    database.db.transact((tx) => takeGuess(tx, { merchantId, subject: 'pin', now: clock.now() }));
  /** Waits as long as it takes, guesses, and answers with the seconds until the next guess. */
  const waitAndGuess = async (): Promise<number | null> => {
    const answer = await guess();
    if ('refused' in answer) throw new Error(answer.refused);
    if (answer.lockedUntil === null) return null;
    const seconds = (answer.lockedUntil.getTime() - clock.now().getTime()) / 1_000;
    clock.advance({ seconds });
    return seconds;
  };
  return { clock, guess, waitAndGuess };
}

it('after five wrong guesses, each wait is twice the one before, up to a quarter of an hour', async () => {
  const { waitAndGuess } = await open();
  const waits: (number | null)[] = [];
  for (let guesses = 0; guesses < 12; guesses++) waits.push(await waitAndGuess());
  expect(waits).toEqual([null, null, null, null, 30, 60, 120, 240, 480, 900, 900, 900]);
});

it('nobody guesses while they have to wait, and asking does not make the wait longer', async () => {
  const { clock, guess } = await open();
  for (let guesses = 0; guesses < 5; guesses++) await guess();
  const retryAt = new Date(clock.now().getTime() + 30_000);
  clock.advance({ seconds: 29 });
  for (let asked = 0; asked < 3; asked++) expect(await guess()).toEqual({ refused: 'locked', retryAt });
  clock.advance({ seconds: 1 });
  expect(await guess()).toMatchObject({ triesLeft: 0 });
});

it('a day after the last wrong guess there are five again', async () => {
  const { clock, guess } = await open();
  for (let guesses = 0; guesses < 4; guesses++) await guess();
  clock.advance({ hours: 23, minutes: 59, seconds: 59 });
  expect(await guess()).toMatchObject({ triesLeft: 0 });
  clock.advance({ days: 1 });
  expect(await guess()).toEqual({ triesLeft: 4, lockedUntil: null });
});
