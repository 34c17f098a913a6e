/*
 * Starts the till without a network: it keeps the files the page is made of, all of one build, and answers with them.
 * It never keeps an answer of the server's API, where the customers' names are.
 */

/** The part of a browser's service workers that is used here; the DOM's types do not know them. */
interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends WorkerEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: { installing: object | null; waiting: object | null };
  addEventListener(kind: 'install' | 'activate', listener: (event: WorkerEvent) => void): void;
  addEventListener(kind: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(kind: 'message', listener: (event: WorkerEvent & { data: unknown }) => void): void;
}

/** Written in by the build. */
declare const __FILES__: readonly string[];
declare const __VERSION__: string;

const worker = self as unknown as Worker;
const ROOT = '/till/';
const PAGE = `${ROOT}index.html`;
/** Each has its content's hash in its name. */
const ASSETS = `${ROOT}assets/`;
const CACHE = `till-${__VERSION__}`;
/** Large, and only for tills with a camera: kept when such a till has time for it, or when it was first used. */
const isHeavy = (file: string): boolean => file.endsWith('.wasm');

worker.addEventListener('install', (event) => {
  const files = __FILES__
    .filter((file) => !isHeavy(file))
    .map((file) => new Request(ROOT + file, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim());
});

/**
 * The page says when nothing would be lost by changing to the new build, that it is of this build and needs no other any
 * more, and that the tablet has a camera.
 */
worker.addEventListener('message', (event) => {
  if (event.data === 'page-started') event.waitUntil(dropOldBuilds());
  if (event.data === 'skip-waiting') void worker.skipWaiting();
  if (event.data === 'keep-heavy') event.waitUntil(keepHeavy());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || !pathname.startsWith(ROOT)) return;
  if (request.mode === 'navigate') event.respondWith(answer(PAGE, request));
  else if (__FILES__.includes(pathname.slice(ROOT.length))) event.respondWith(answer(pathname, request));
  else if (pathname.startsWith(ASSETS)) event.respondWith(answerOldPage(request));
});

/** Once, with what the network has to spare; without a network it is asked for again. */
async function keepHeavy(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const file of __FILES__.filter(isHeavy)) {
    if (await cache.match(ROOT + file)) continue;
    const response = await fetch(ROOT + file, { priority: 'low' }).catch(() => undefined);
    if (response?.ok) await cache.put(ROOT + file, response);
  }
}

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && isHeavy(path)) await cache.put(path, response.clone());
  return response;
}

/** A page of the build before, in use until the next lock, may come to need another of its own files. */
async function answerOldPage(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function dropOldBuilds(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith('till-') && name !== CACHE);
  const { installing, waiting } = worker.registration;
  if (installing || waiting) return; // one of them is its
  await Promise.all(old.map((name) => caches.delete(name)));
}
