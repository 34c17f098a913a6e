/** Tablets at tills are often minutes off: instants of the server are compared with the server's own clock. */
let offsetMs = 0;
let isKnown = false;

/** Takes note of the `Date` header of an answer, which is good to a second. */
export function noteServerTime(date: string | null): void {
  const instant = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(instant)) return;
  isKnown = true;
  const newOffsetMs = instant - Date.now();
  if (Math.abs(newOffsetMs - offsetMs) > 2_000) offsetMs = newOffsetMs;
}

/** Now, as the server would say; milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** Whether the server was heard since the page was opened. */
export function isServerTimeKnown(): boolean {
  return isKnown;
}
