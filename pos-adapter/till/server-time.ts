const STORED = 'doublestamp-server-time';

/**
 * Tablets at tills are often minutes off: instants of the server are compared with the server's own clock. A page that is
 * opened without a connection goes by what an earlier one heard.
 */
let offsetMs = readStored();
let isKnown = false;

/** Takes note of the `Date` header of an answer, which is good to a second. */
export function noteServerTime(date: string | null): void {
  const instant = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(instant)) return;
  isKnown = true;
  const newOffsetMs = instant - Date.now();
  if (Math.abs(newOffsetMs - offsetMs) <= 2_000) return;
  offsetMs = newOffsetMs;
  try {
    localStorage.setItem(STORED, String(offsetMs));
  } catch {
    // A full tablet knows it for as long as this page is open.
  }
}

/** Now, as the server would say; milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** Whether the server was heard since the page was opened. */
export function isServerTimeKnown(): boolean {
  return isKnown;
}

function readStored(): number {
  try {
    return Number(localStorage.getItem(STORED)) || 0;
  } catch {
    return 0;
  }
}
