import { isServerTimeKnown, serverNow } from '../server-time.ts';

/** When something was tapped, in ways that survive a tablet's clock being wrong. */
export interface TapTime {
  /** Names the page that was open: `performance.now()` of another one counts from elsewhere. */
  page: string;
  /** On `performance.now()`, which no setting of the clock moves. */
  monotonicMs: number;
  /** As the server would say, milliseconds since 1970; by the tablet's clock alone if the server had not been heard yet. */
  serverMs: number;
  isServerTimeKnown: boolean;
}

/** How exactly the server's clock is known, and more: a tablet that slept has slept longer. */
const CLOCK_SLACK_MS = 5_000;

const page = crypto.getRandomValues(new Uint32Array(2)).join('-');

export function tapTimeNow(): TapTime {
  return {
    page,
    monotonicMs: performance.now(),
    serverMs: isServerTimeKnown() ? serverNow() : Date.now(),
    isServerTimeKnown: isServerTimeKnown(),
  };
}

/** Whether it can't be said how long ago it was before the server was heard: only its clock has been at both moments. */
export function needsServerTime(tappedAt: TapTime): boolean {
  return tappedAt.page !== page && tappedAt.isServerTimeKnown && !isServerTimeKnown();
}

/**
 * How long ago it was, in whole milliseconds, never negative.
 *
 * Within the page `performance.now()` says so, whatever is done to the clock; but it stands still while some tablets
 * sleep, so it is the least it can have been. After a restart only the clocks are left: the server's, by the difference
 * last seen between it and the tablet's, or the tablet's own when the server was never heard before the tap.
 */
export function tappedAgoMs(tappedAt: TapTime): number {
  // Each with its own: the tablet's clock of then says nothing beside the server's of now.
  const byClocks = (tappedAt.isServerTimeKnown ? serverNow() : Date.now()) - tappedAt.serverMs;
  if (tappedAt.page !== page) return Math.round(Math.max(byClocks, 0));
  const byPage = performance.now() - tappedAt.monotonicMs;
  const isClockGood = tappedAt.isServerTimeKnown && isServerTimeKnown();
  const hasSlept = isClockGood && byClocks > byPage + CLOCK_SLACK_MS;
  return Math.round(Math.max(hasSlept ? byClocks : byPage, 0));
}
