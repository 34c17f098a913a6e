// Opens a card without a network: as it was when it was last seen, and says so.

const CARD = /^\/c\/[a-z2-7]{26}$/;
const BEHIND_CARD = /^(\/c\/[a-z2-7]{26})\/(me|forget|thanks)$/;
/** After so long with a bad line the kept card is shown; it turns into the present one when the line is back. */
const PATIENCE_MS = 4_000;
/** Chrome's caches answer nobody any more once a page was closed in the middle of writing there, until it is ended. */
const CACHE_PATIENCE_MS = 1_000;

addEventListener('install', () => self.skipWaiting());
addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  const isThanks = pathname.endsWith('/thanks');
  if ((request.method !== 'GET' && !isThanks) || origin !== location.origin) return;
  const [, cardBefore] = BEHIND_CARD.exec(pathname) ?? [];
  if (CARD.test(pathname) && request.mode === 'navigate') event.respondWith(openCard(event, pathname));
  // Without a network these are not there. A card that is kept like an app has no button to come back by.
  else if (cardBefore && request.mode === 'navigate')
    event.respondWith(fetch(request).catch(() => Response.redirect(cardBefore)));
  else if (/^\/(assets|pictures)\//.test(pathname)) event.respondWith(openAsset(request));
});

async function openCard(event, path) {
  const cacheName = `card ${path}`;
  const kept = caches.match(path, { cacheName });
  const fresh = fetch(event.request).then((response) => {
    // The link is no longer good: on a phone that is shared nothing stays behind it.
    if (response.status === 404) event.waitUntil(caches.delete(cacheName));
    return response;
  });
  const first = await soon(
    fresh.catch(() => undefined),
    PATIENCE_MS,
  );
  // A shop that is being restarted is like one out of reach.
  if (first?.status < 500) return first;
  const page = await soon(kept, PATIENCE_MS);
  return page ? asKept(page) : fresh;
}

/** The page with the time it was kept at, for its script to tell. */
async function asKept(kept) {
  const at = new Date(kept.headers.get('date') ?? 0).toISOString();
  const html = (await kept.text()).replace('<html', `<html data-kept-at="${at}"`);
  return new Response(html, { headers: kept.headers });
}

async function openAsset(request) {
  const kept = caches.match(request);
  return (await soon(kept, CACHE_PATIENCE_MS)) ?? fetch(request).catch(() => kept);
}

/** What comes of it within that time, else undefined. */
function soon(promise, ms) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms))]);
}
