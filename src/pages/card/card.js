// Keeps an open card up to date. Without it the page is complete as it was sent.

/** The server says something at least every 20 s; after this long the line is dead, whatever the browser thinks. */
const SILENCE_MS = 50_000;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

const card = document.getElementById('card');
const news = document.getElementById('news');
let source;
let timer;
let pauseMs = SHORTEST_PAUSE_MS;

function watch() {
  stop();
  source = new EventSource(`${location.pathname}/events?version=${card.dataset.version}`);
  source.onopen = heard;
  source.addEventListener('beat', heard);
  source.addEventListener('enough', stop);
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
  };
}

function heard() {
  clearTimeout(timer);
  timer = setTimeout(watch, SILENCE_MS);
  pauseMs = SHORTEST_PAUSE_MS;
}

function stop() {
  clearTimeout(timer);
  source?.close();
}

function show({ version, announcement, title, html }) {
  if (version === card.dataset.version) return;
  const before = count();
  card.innerHTML = html;
  card.dataset.version = version;
  document.title = title;
  news.textContent = announcement;
  markNew(before, count());
}

function count() {
  const { stamps, rewards } = card.querySelector('.pass').dataset;
  return { stamps: Number(stamps), rewards: Number(rewards), gift: card.querySelector('.gift')?.textContent };
}

/** What was not there a moment ago arrives with a small movement. */
function markNew(before, now) {
  const isNextCard = now.rewards > before.rewards;
  const arrived = [
    ...[...card.querySelectorAll('.stamp.filled')].slice(isNextCard ? 0 : before.stamps),
    ...(isNextCard ? [...card.querySelectorAll('.ticket')].slice(before.rewards) : []),
    ...(now.gift !== before.gift ? card.querySelectorAll('.gift') : []),
  ];
  arrived.forEach((element, place) => {
    element.classList.add('new', `new-${Math.min(place, 5)}`);
  });
}

// A phone in a pocket needs no line, and one that wakes up may hold a dead one.
document.addEventListener('visibilitychange', () => (document.hidden ? stop() : watch()));
addEventListener('pagehide', stop);
addEventListener('pageshow', (event) => event.persisted && watch());
if (!document.hidden) watch();
