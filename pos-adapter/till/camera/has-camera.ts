import { signal } from '@preact/signals';

/** Whether this tablet has a camera that the page could ask for. */
export const hasCamera = signal(false);

/** Looks for one without asking anybody for leave, and goes on looking: one may be plugged in. */
export async function watchForCamera(): Promise<void> {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return; // a page without https
  const look = async () => {
    const devices = await mediaDevices.enumerateDevices().catch(() => []);
    hasCamera.value = devices.some(({ kind }) => kind === 'videoinput');
  };
  mediaDevices.addEventListener('devicechange', () => void look());
  await look();
}
