import { pointsOf } from './points-of.ts';
import type { Heard } from './read-worker.ts';

/** Pictures wider than this say nothing more about a code held before a tablet, and take longer to read. */
const PICTURE_WIDTH = 960;
/** Ten looks a second: as quick as a hand, and cool on a tablet all day. */
const LOOK_EVERY_MS = 100;
/** What reads the pictures is 0.4 MB on its way here: if that takes longer, typing is quicker. */
const READER_WITHIN_MS = 10_000;

let canvas: HTMLCanvasElement | undefined;

export type CameraTrouble = 'not-allowed' | 'none' | 'failed' | 'no-reader';

export interface CameraListener {
  /** From now on pictures are looked at. */
  onReady: () => void;
  onText: (text: string) => void;
  /** It is off again. */
  onTrouble: (trouble: CameraTrouble) => void;
}

/**
 * Shows the camera that looks away from the barista, if there are two, and tells every text it reads. Returns how to
 * switch it off.
 */
export function openCamera(video: HTMLVideoElement, listener: CameraListener): () => void {
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), { type: 'module' });
  let stream: MediaStream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function stop(): void {
    isStopped = true;
    clearTimeout(timer);
    worker.terminate();
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  }

  function giveUp(trouble: CameraTrouble): void {
    if (isStopped) return;
    stop();
    listener.onTrouble(trouble);
  }

  async function start(): Promise<void> {
    const opened = await openStream();
    if (typeof opened === 'string') return giveUp(opened);
    stream = opened;
    if (isStopped) return stop(); // closed while the browser asked for leave
    video.srcObject = stream;
    await video.play().catch(() => undefined); // when it was closed meanwhile
  }

  async function look(): Promise<void> {
    if (isStopped) return;
    if (video.readyState < video.HAVE_CURRENT_DATA) return lookAgain();
    const resizeWidth = Math.min(video.videoWidth, PICTURE_WIDTH);
    if (!Reflect.has(globalThis, 'OffscreenCanvas')) return worker.postMessage(draw(video, resizeWidth));
    const picture = await createImageBitmap(video, { resizeWidth });
    if (isStopped) return picture.close();
    worker.postMessage(picture, [picture]);
  }

  function lookAgain(): void {
    timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  }

  worker.addEventListener('message', ({ data: heard }: MessageEvent<Heard>) => {
    if (isStopped) return;
    if (heard.kind === 'no-reader') return giveUp('no-reader');
    clearTimeout(timer);
    if (heard.kind === 'ready') listener.onReady();
    else if (heard.text !== null) listener.onText(heard.text);
    lookAgain();
  });
  worker.addEventListener('error', () => giveUp('no-reader')); // the worker itself could not be fetched
  timer = setTimeout(() => giveUp('no-reader'), READER_WITHIN_MS);
  void start();
  return stop;
}

/** Safari before 16.4 has a canvas only here, where drawing makes the page wait. */
function draw(video: HTMLVideoElement, width: number): ImageData {
  canvas ??= document.createElement('canvas');
  return pointsOf(video, canvas, width, Math.round((video.videoHeight * width) / video.videoWidth));
}

async function openStream(): Promise<MediaStream | CameraTrouble> {
  // Browsers have no camera for a page that came over plain HTTP.
  if (!navigator.mediaDevices) return 'none';
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 } },
    });
  } catch (error) {
    const { name } = error as DOMException;
    if (name === 'NotAllowedError') return 'not-allowed';
    return name === 'NotFoundError' ? 'none' : 'failed';
  }
}
