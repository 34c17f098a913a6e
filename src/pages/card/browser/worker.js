// Opens a card without a network: as it was when it was last seen, and says so.

const CARD = /^\/c\/[a-z2-7]{26}$/;
const BEHIND_CARD = /^(\/c\/[a-z2-7]{26})\/(me|forget)$/;
/** After so long with a bad line the kept card is shown; it turns into the present one when the line is back. */
const PATIENCE_MS = 4_000;

addEventListener('install', () => self.skipWaiting());
addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  const [, cardBefore] = BEHIND_CARD.exec(pathname) ?? [];
  if (CARD.test(pathname) && request.mode === 'navigate') event.respondWith(openCard(request, pathname));
  // Without a network these are not there. A card that is kept like an app has no button to come back by.
  else if (cardBefore && request.mode === 'navigate')
    event.respondWith(fetch(request).catch(() => Response.redirect(cardBefore)));
  else if (/^\/(assets|pictures)\//.test(pathname)) event.respondWith(openAsset(request));
});

async function openCard(request, path) {
  const fresh = fetch(request).then(async (response) => {
    // The link is no longer good: on a phone that is shared nothing stays behind it.
    if (response.status === 404) await caches.delete(`card ${path}`);
    return response;
  });
  const kept = await caches.match(path, { cacheName: `card ${path}` });
  if (!kept) return fresh;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const first = await Promise.race([fresh.catch(() => undefined), patience]);
  // A shop that is being restarted is like one out of reach.
  return first && first.status < 500 ? first : asKept(kept);
}

/** The page with the time it was kept at, for its script to tell. */
async function asKept(kept) {
  const at = new Date(kept.headers.get('date') ?? 0).toISOString();
  const html = (await kept.text()).replace('<html', `<html data-kept-at="${at}"`);
  return new Response(html, { headers: kept.headers });
}

async function openAsset(request) {
  const kept = await caches.match(request);
  return kept ?? fetch(request);
}
