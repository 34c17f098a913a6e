import type { Clock } from '../../src/clock.ts';

/** A clock that stands still until a test moves it. */
export class FixedClock implements Clock {
  #now: Date;

  constructor(now: string | Date) {
    this.#now = new Date(now);
  }

  now(): Date {
    return this.#now;
  }

  set(now: string | Date): void {
    this.#now = new Date(now);
  }

  advance({ seconds = 0, minutes = 0, hours = 0, days = 0 }): void {
    this.#now = new Date(this.#now.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
  }
}
