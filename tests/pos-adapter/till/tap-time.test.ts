import { beforeEach, expect, test, vi } from 'vitest';

const MINUTE_MS = 60_000;
const T = Date.parse('2026-03-02T09:00:00Z');

beforeEach(() => {
  vi.resetModules(); // a page opened anew
  vi.useFakeTimers({ now: T });
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

async function openPage() {
  const [time, server] = await Promise.all([
    import('../../../pos-adapter/till/queue/tap-time.ts'),
    import('../../../pos-adapter/till/server-time.ts'),
  ]);
  const { serverNow } = server;
  return {
    ...time,
    serverNow,
    hear: (instant: number) => server.noteServerTime(new Date(instant).toUTCString()),
  };
}

test('a tap made before the server was heard was made as long ago as the tablet’s clock says, however wrong that is', async () => {
  const before = await openPage();
  const tappedAt = before.tapTimeNow();
  vi.resetModules();
  const after = await openPage();
  vi.advanceTimersByTime(20 * MINUTE_MS);
  after.hear(Date.now() + 120 * MINUTE_MS); // the tablet is two hours behind
  expect(after.needsServerTime(tappedAt)).toBe(false);
  expect(after.tappedAgoMs(tappedAt)).toBe(20 * MINUTE_MS);
});

test('what an earlier page heard of the server’s time moves no tap that was made before this one heard it', async () => {
  const stored = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
  });
  (await openPage()).hear(T + 120 * MINUTE_MS);
  vi.resetModules();
  const before = await openPage();
  expect(before.serverNow()).toBe(T + 120 * MINUTE_MS);
  const tappedAt = before.tapTimeNow();
  vi.resetModules();
  const after = await openPage();
  vi.advanceTimersByTime(20 * MINUTE_MS);
  after.hear(Date.now()); // the clock was put right meanwhile
  expect(after.tappedAgoMs(tappedAt)).toBe(20 * MINUTE_MS);
});

test('a tap from before the page was opened anew, on a tablet whose clock is wrong, needs the server’s', async () => {
  const before = await openPage();
  before.hear(T + 120 * MINUTE_MS);
  const tappedAt = before.tapTimeNow();
  expect(before.needsServerTime(tappedAt)).toBe(false);
  vi.resetModules();
  const after = await openPage();
  vi.advanceTimersByTime(20 * MINUTE_MS);
  expect(after.needsServerTime(tappedAt)).toBe(true);
  after.hear(Date.now() + 120 * MINUTE_MS);
  expect(after.needsServerTime(tappedAt)).toBe(false);
  expect(after.tappedAgoMs(tappedAt)).toBe(20 * MINUTE_MS);
});
