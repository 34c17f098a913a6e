import { signal } from '@preact/signals';
import { historyEntry, noteInHistory, pushHistory, returnToEntry } from './history-entry.ts';
import { forgetChanges, hasUnsaved, leaveFor } from './parts/unsaved.ts';

/** Where the desk is: `/desk/people`. */
export const path = signal(trim(location.pathname));
/** What follows the question mark. Pages keep their filters here, so that a link, or Back, leads to the same view. */
export const query = signal(new URLSearchParams(location.search));
/** Counts navigations: the heading of a page takes the focus when it changes. */
export const visit = signal(0);

/** Goes to a page of the desk, as a link does. */
export function go(to: string): void {
  const url = new URL(to, location.href);
  if (url.href !== location.href) {
    noteInHistory({ top: scrollY });
    pushHistory({ from: path.value }, url);
  }
  arrive();
  scrollTo(0, 0);
}

/** As `go`, when an answer has come that was asked for at `from`: whoever has gone elsewhere meanwhile stays there. */
export function goFrom(from: string, to: string): void {
  if (path.value === from) go(to);
}

/** Notes filters in the address without a new page: Back does not step through them. An empty value is left out. */
export function setQuery(change: Record<string, string | null>): void {
  const next = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  if (next.toString() === query.value.toString()) return;
  query.value = next;
  noteInHistory({ openPages: undefined }, addressShown());
}

/** `{ customerId: '…' }` when `/desk/customers/:customerId` is the path; null when it is not. */
export function match(pattern: string, actual: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = actual.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(given[index]!);
    else if (part !== given[index]) return null;
  }
  return params;
}

/** From now on, links within the desk do not load it anew, and whoever comes back to a page finds it as they left it. */
export function followLinks(): void {
  history.scrollRestoration = 'manual';
  returnToEntry();
  // Firefox forgets what is noted as late as `pagehide`; browsers of phones may know nothing else.
  for (const leaving of ['beforeunload', 'pagehide'])
    addEventListener(leaving, () => noteInHistory({ top: scrollY }));
  addEventListener('popstate', () => {
    if (!hasUnsaved()) {
      returnToEntry(addressShown());
      return arrive();
    }
    // The browser has gone already: it comes back to ask.
    pushHistory(historyEntry(), addressShown());
    leaveFor(goBack);
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (!isOfTheDesk(link.pathname)) return;
    event.preventDefault();
    const isWayBack = link.matches('.page-back') && trim(link.pathname) === historyEntry().from;
    leaveFor(() => (isWayBack ? goBack() : go(link.href)));
  });
}

function goBack(): void {
  forgetChanges();
  history.back();
}

function isOfTheDesk(pathname: string): boolean {
  return /^\/desk(\/|$)/.test(pathname) && !/\.\w+$/.test(pathname);
}

function addressShown(): string {
  const search = query.value.toString();
  return search ? `${path.value}?${search}` : path.value;
}

function arrive(): void {
  path.value = trim(location.pathname);
  query.value = new URLSearchParams(location.search);
  visit.value += 1;
}

function trim(pathname: string): string {
  return pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname;
}
