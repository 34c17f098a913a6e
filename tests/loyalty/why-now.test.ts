import { expect, test } from 'vitest';
import { computeWhyNow } from '../../src/loyalty/why-now.ts';

const now = new Date('2026-03-02T09:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const why = (known: Partial<Parameters<typeof computeWhyNow>[0]>) =>
  computeWhyNow({
    stamps: 4,
    stampsRequired: 10,
    lastVisitAt: daysAgo(2),
    isBlocked: false,
    now,
    ...known,
  });

test('on an ordinary day there is nothing to say', () => {
  expect(why({})).toBeNull();
});

test.each([
  [7, null],
  [8, { kind: 'extra-fills-card', stampsLeft: 2 }],
  [9, { kind: 'extra-fills-card', stampsLeft: 1 }],
  [10, null],
])('a card of ten with %i stamps: %j', (stamps, said) => expect(why({ stamps })).toEqual(said));

test.each([
  [20.9, null],
  [21, { kind: 'back-after', days: 21 }],
  [60.5, { kind: 'back-after', days: 60 }],
])('somebody who was last here %d days ago: %j', (days, said) =>
  expect(why({ lastVisitAt: daysAgo(days) })).toEqual(said),
);

test('a first visit is one, unless the card came with stamps from elsewhere', () => {
  expect(why({ stamps: 0, lastVisitAt: null })).toEqual({ kind: 'first-visit' });
  expect(why({ stamps: 4, lastVisitAt: null })).toBeNull();
});

test('an empty card of two is no nearly full card', () => {
  expect(why({ stamps: 0, stampsRequired: 2, lastVisitAt: null })).toEqual({ kind: 'first-visit' });
});

test('that a card owes a stamp after a refund is nobody’s first visit', () => {
  expect(why({ stamps: -1, lastVisitAt: null })).toBeNull();
});

test('about a blocked card nothing is said, and a nearly full one comes before a long absence', () => {
  expect(why({ stamps: 9, isBlocked: true })).toBeNull();
  expect(why({ stamps: 9, lastVisitAt: daysAgo(40) })).toMatchObject({ kind: 'extra-fills-card' });
});
