/** What the browser keeps beside an address of the desk: Back, or a reload, finds the page as it was left. */
interface HistoryEntry {
  /** The path it was come to from. */
  from?: string;
  /** How far down it was when it was left, in CSS pixels. */
  top?: number;
  /** How many pages of its list are open; one when nothing is noted. */
  openPages?: number | undefined;
}

/** Whoever does one of these moves on the page by themselves. */
const MOVES = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

let shown = read();
let stopReturning = (): void => {};

/** The entry that is shown; another object after each change. */
export function historyEntry(): Readonly<HistoryEntry> {
  return shown;
}

/** Notes this with the entry that is shown, and its address when that changes too. */
export function noteInHistory(change: HistoryEntry, address?: string): void {
  shown = { ...shown, ...change };
  history.replaceState(shown, '', address);
}

/** Puts an entry after the one that is shown, and shows it. */
export function pushHistory(entry: HistoryEntry, address: string | URL): void {
  stopReturning();
  shown = entry;
  history.pushState(shown, '', address);
}

/**
 * The browser shows another entry: this is it from now on. Scrolls to where it was left as soon as what comes reaches
 * that far, and the link that led to `left` has the focus again. Whoever moves meanwhile stays where they are.
 */
export function returnToEntry(left?: string): void {
  stopReturning();
  shown = read();
  const { top } = shown;
  if (top === undefined) return scrollTo(0, 0);
  const watch = new ResizeObserver(() => {
    scrollTo(0, top);
    if (!left) return;
    document.querySelector<HTMLElement>(`main a[href="${CSS.escape(left)}"]`)?.focus({ preventScroll: true });
  });
  const stop = (): void => {
    watch.disconnect();
    for (const move of MOVES) removeEventListener(move, stop);
  };
  for (const move of MOVES) addEventListener(move, stop);
  watch.observe(document.body);
  stopReturning = stop;
}

function read(): HistoryEntry {
  return (history.state as HistoryEntry | null) ?? {};
}
