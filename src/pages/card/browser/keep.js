// What stays on the phone, so that the card is there without a network. Each card has a cache of its own, named by its
// address, with the page and all it needs, and goes with it.

const CLOCK = 'clock-offset';

let keeping = Promise.resolve();

/**
 * Keeps the card as it is now. Only where there is https, as browsers have it. One after the other: else an answer that
 * was long under way could take the place of a later one.
 */
export function keepForOffline() {
  keeping = keeping.then(keep);
}

async function keep() {
  if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return;
  try {
    await navigator.serviceWorker.register('/c/worker.js');
    const path = location.pathname;
    const response = await fetch(path, { headers: { accept: 'text/html' } });
    if (!response.ok || response.redirected) return;
    // What that page needs and not this one, which may be older: by now the shop may have another colour, or version.
    const page = new DOMParser().parseFromString(await response.clone().text(), 'text/html');
    const assets = [
      ...page.querySelectorAll(
        'link[rel~=stylesheet],link[rel~=icon],link[rel~=modulepreload],script[src],img[src]',
      ),
    ];
    const urls = new Set(
      assets.map((element) => element.href || element.src).filter((url) => url.startsWith(location.origin)),
    );
    const cache = await caches.open(`card ${path}`);
    for (const url of urls) if (!(await cache.match(url))) await cache.add(url);
    await cache.put(path, response);
    // What only an older copy needed.
    urls.add(location.origin + path);
    for (const request of await cache.keys()) if (!urls.has(request.url)) await cache.delete(request);
  } catch {
    // No room, or no network just now: the next time then.
  }
}

export function readClockOffset() {
  try {
    return Number(localStorage.getItem(CLOCK)) || 0;
  } catch {
    return 0;
  }
}

export function saveClockOffset(offsetMs) {
  try {
    localStorage.setItem(CLOCK, String(Math.round(offsetMs)));
  } catch {
    // A browser that keeps nothing for us.
  }
}
