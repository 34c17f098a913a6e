import { effect, signal, untracked } from '@preact/signals';
import { hasCamera } from './camera/has-camera.ts';
import { isOffline } from './send.ts';
import { session } from './state/session.ts';
import { isReloadable } from './state/sign-in.ts';

const LOOK_FOR_UPDATE_MS = 60 * 60_000;
/** By then the till has what it needs itself, and somebody has most likely signed in. */
const KEEP_READER_AFTER_MS = 20_000;

/** A newer build is on the tablet and waits to be used. */
const waiting = signal<ServiceWorker | null>(null);
/** A newer build answers for the tablet; the page is still of the one before. */
const isPageOld = signal(false);

/**
 * Keeps the page on the tablet, so that it starts without a network, and changes to a newer build when nobody is at the
 * till: a new page loses what is on the screen, and never what waits in the queue, which is on the disk.
 */
export function watchForUpdates(): void {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return; // a page without https; the till says so
  let isFirst = serviceWorker.controller === null;
  serviceWorker.addEventListener('controllerchange', () => {
    isPageOld.value = !isFirst;
    isFirst = false;
  });
  serviceWorker.controller?.postMessage('page-started');
  void register(serviceWorker);
  keepReader(serviceWorker);
  effect(() => {
    if (waiting.value && isReloadable()) waiting.value.postMessage('skip-waiting');
  });
  // The build before may have had something to finish, and meanwhile somebody has begun to sell: then at the next lock.
  effect(() => {
    if (isPageOld.value && isReloadable()) location.reload();
  });
}

/** What reads the camera's pictures is on the tablet before the network goes, on a tablet that has a camera. */
function keepReader(container: ServiceWorkerContainer): void {
  effect(() => {
    if (!hasCamera.value || isOffline.value) return undefined;
    const timer = setTimeout(() => container.controller?.postMessage('keep-heavy'), KEEP_READER_AFTER_MS);
    return () => clearTimeout(timer);
  });
}

async function register(container: ServiceWorkerContainer): Promise<void> {
  // A browser may refuse, as private windows do: then the till works with a connection only.
  const registration = await container
    .register('/till/sw.js', { scope: '/till/', type: 'module' })
    .catch(() => undefined);
  if (!registration) return;
  const note = () => {
    if (container.controller) waiting.value = registration.waiting;
  };
  note();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', note);
  });
  const look = () => void registration.update().catch(() => undefined); // no network is no news
  setInterval(look, LOOK_FOR_UPDATE_MS);
  // Whenever the till is locked: then is the time to change.
  effect(() => {
    if (session.value === null) untracked(look);
  });
}
