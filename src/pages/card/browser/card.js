// Keeps an open card up to date. Without it the page is complete as it was sent.

import { computeLiveCode, STEP_MS } from './live-code.js';
import { drawQrPath } from './qr.js';
import { largeCode, openLargeCode } from './large-code.js';
import { keepForOffline, readClockOffset, saveClockOffset } from './keep.js';

/** The server says something at least every 20 s; after this long the line is dead, whatever the browser thinks. */
const SILENCE_MS = 50_000;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

const card = document.getElementById('card');
const news = document.getElementById('news');
const offline = document.getElementById('offline');
const showCode = document.getElementById('show-code');
/** When this copy was kept, if it comes from the phone and not from the shop. */
const keptAt = document.documentElement.dataset.keptAt;
let source;
let timer;
let codeTimer;
let pauseMs = SHORTEST_PAUSE_MS;
/** How far the shop's clock is ahead of the phone's. */
let offsetMs = keptAt ? readClockOffset() : Number(card.dataset.now) - Date.now();

function watch() {
  stop();
  const query = new URLSearchParams(location.search);
  query.set('version', card.dataset.version);
  source = new EventSource(`${location.pathname}/events?${query}`);
  source.onopen = heard;
  source.addEventListener('beat', (event) => {
    heard();
    setClock(Number(event.data));
  });
  source.onmessage = (event) => {
    heard();
    show(JSON.parse(event.data));
  };
  // The browser tries again by itself, except after an answer that is not a stream (a proxy's "bad gateway").
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    timer = setTimeout(watch, pauseMs);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    void leaveIfGone();
  };
}

/** The link leads nowhere any more: the card was forgotten, or found again on another phone. This page says so too. */
async function leaveIfGone() {
  const answer = await fetch(location.pathname, { method: 'HEAD' }).catch(() => undefined);
  if (answer?.status === 404) location.reload();
}

function heard() {
  clearTimeout(timer);
  timer = setTimeout(watch, SILENCE_MS);
  pauseMs = SHORTEST_PAUSE_MS;
  // The shop answers: what is shown is what it says, or is about to be.
  if (!offline.hidden) keepForOffline();
  offline.hidden = true;
}

function stop() {
  clearTimeout(timer);
  source?.close();
}

function setClock(serverNow) {
  offsetMs = serverNow - Date.now();
  saveClockOffset(offsetMs);
  showLiveCode();
}

function show({ version, announcement, title, greeting, html }) {
  if (version === card.dataset.version) return;
  const before = count();
  card.innerHTML = html;
  document.querySelector('.greeting').innerHTML = greeting;
  card.dataset.version = version;
  document.title = title;
  showCode.hidden = !card.querySelector('.qr');
  const isNews = markNew(before, count()) || showCode.hidden;
  // What arrived is worth more than the code that brought it. And behind an open dialog nothing is read out.
  if (isNews) largeCode.close?.();
  news.textContent = announcement;
  showLiveCode();
  keepForOffline();
}

function count() {
  return {
    stamps: card.querySelectorAll('.stamp.filled').length,
    rewards: new Set(ticketsOnCard().map(({ dataset }) => dataset.reward)),
    used: card.querySelectorAll('.ticket.used').length,
    gift: card.querySelector('.gift')?.dataset.gesture,
  };
}

function ticketsOnCard() {
  return [...card.querySelectorAll('.ticket')];
}

/** What was not there a moment ago arrives with a small movement, where it is seen. Whether there is anything new. */
function markNew(before, now) {
  const tickets = ticketsOnCard().filter(({ dataset }) => !before.rewards.has(dataset.reward));
  // Not so what was sent: it comes beside the card.
  const isNextCard = tickets.some((ticket) => ticket.querySelector('.full-card'));
  const arrived = [
    ...[...card.querySelectorAll('.stamp.filled')].slice(isNextCard ? 0 : before.stamps),
    ...tickets,
    ...(now.gift !== before.gift ? card.querySelectorAll('.gift') : []),
  ];
  arrived.forEach((element, place) => {
    element.classList.add('new', `new-${Math.min(place, 5)}`);
  });
  arrived[0]?.scrollIntoView({ block: 'nearest' });
  return arrived.length > 0 || now.used > before.used;
}

/** Draws the code of this half minute, and again when the next one begins. */
function showLiveCode() {
  clearTimeout(codeTimer);
  const qr = card.querySelector('.qr[data-key]');
  if (!qr) return;
  const now = Date.now() + offsetMs;
  const intoStepMs = now % STEP_MS;
  codeTimer = setTimeout(showLiveCode, STEP_MS - intoStepMs);
  const { code, key } = qr.dataset;
  const liveCode = computeLiveCode(
    Uint8Array.from(key.match(/../g), (hex) => parseInt(hex, 16)),
    Math.floor(now / STEP_MS),
  );
  const shown = {
    path: drawQrPath(`${code}:${liveCode}`),
    digits: `${liveCode.slice(0, 3)} ${liveCode.slice(3)}`,
    intoStepMs,
  };
  drawCode(card, shown);
  if (largeCode.open) drawCode(largeCode, shown);
}

function openCode() {
  openLargeCode(card.querySelector('.pass-code'));
  showLiveCode();
}

function drawCode(place, { path, digits, intoStepMs }) {
  place.querySelector('.qr path[stroke]').setAttribute('d', path);
  place.querySelector('.live-code data').textContent = digits;
  const left = place.querySelector('.live-left');
  left.replaceChildren(document.createElement('i'));
  left.firstChild.style.animationDelay = `-${intoStepMs}ms`;
}

if (keptAt) {
  const when = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(new Date(keptAt));
  offline.querySelector('time').textContent = when;
  offline.hidden = false;
} else {
  saveClockOffset(offsetMs);
  keepForOffline();
}

function wake() {
  showLiveCode();
  watch();
}

// A phone in a pocket needs no line, and one that wakes up may hold a dead one.
document.addEventListener('visibilitychange', () => (document.hidden ? stop() : wake()));
// Without this script the link leads to the code on the card; so it does on an older phone, which knows no dialog.
showCode.addEventListener('click', (event) => {
  if (!largeCode.showModal) return;
  event.preventDefault();
  openCode();
});
if (largeCode.showModal) card.addEventListener('click', (event) => event.target.closest('.qr') && openCode());
addEventListener('online', () => document.hidden || watch());
addEventListener('pagehide', stop);
addEventListener('pageshow', (event) => event.persisted && wake());
showLiveCode();
if (!document.hidden) watch();
