import { expect } from 'vitest';

interface Refused {
  refused: string;
}

/** What an operation answered when it said yes; fails the test when it said no. */
export function granted<Outcome extends object>(outcome: Outcome): Granted<Outcome> {
  const answer = 'answer' in outcome ? outcome.answer : outcome;
  expect(answer).not.toHaveProperty('refused');
  return answer as Granted<Outcome>;
}

/** The reason an operation said no with; null when it said yes. */
export function refusalOf(outcome: object): string | null {
  const answer = ('answer' in outcome ? outcome.answer : outcome) as object;
  return 'refused' in answer ? String(answer.refused) : null;
}

type Granted<Outcome> = Exclude<
  Outcome extends { answer: infer Answer } ? Answer : Outcome extends Refused ? never : Outcome,
  Refused
>;
