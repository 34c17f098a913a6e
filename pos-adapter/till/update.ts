import { effect, signal } from '@preact/signals';
import { hasCamera } from './camera/has-camera.ts';
import { isOffline } from './send.ts';
import { isReloadable } from './state/sign-in.ts';

const LOOK_FOR_UPDATE_MS = 60 * 60_000;
/** By then the till has what it needs itself, and somebody has most likely signed in. */
const KEEP_READER_AFTER_MS = 20_000;

/** A newer build is on the tablet and waits to be used. */
const waiting = signal<ServiceWorker | null>(null);

/**
 * Keeps the page on the tablet, so that it starts without a network, and changes to a newer build when nobody is signed
 * in: a new page loses what is on the screen, and never what waits in the queue, which is on the disk.
 */
export function watchForUpdates(): void {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return; // a page without https; the till says so
  let isFirst = serviceWorker.controller === null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (!isFirst) location.reload();
    isFirst = false;
  });
  void register(serviceWorker);
  keepReader(serviceWorker);
  effect(() => {
    if (waiting.value && isReloadable()) waiting.value.postMessage('skip-waiting');
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
  setInterval(() => void registration.update().catch(() => undefined), LOOK_FOR_UPDATE_MS); // no network is no news
}
