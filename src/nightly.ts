import type { Logger } from 'pino';

/** Often enough that the report of a day is there when the shop opens; when it is there, asking again costs little. */
const EVERY_MS = 10 * 60_000;
/** A server that has just started has better things to do. */
const FIRST_AFTER_MS = 20_000;

/**
 * Does a night's work soon after the start, to catch up, and then every ten minutes; the work itself knows when there is
 * nothing to do. What fails is logged and tried again. Returns the way to stop, which waits for what is under way.
 */
export function startNightly(
  work: () => Promise<unknown>,
  { log, what }: { log: Logger; what: string },
): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  const run = (): void => {
    underWay ??= work()
      .then(() => undefined)
      .catch((error: unknown) => log.error({ err: error }, `${what} failed`))
      .finally(() => {
        underWay = undefined;
      });
  };
  const first = setTimeout(run, FIRST_AFTER_MS);
  const again = setInterval(run, EVERY_MS);
  for (const timer of [first, again]) timer.unref();
  return async () => {
    clearTimeout(first);
    clearInterval(again);
    await underWay;
  };
}
