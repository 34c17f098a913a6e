/** Pictures wider than this say nothing more about a code held before a tablet, and take longer to read. */
const PICTURE_WIDTH = 960;
/** Ten looks a second: as quick as a hand, and cool on a tablet all day. */
const LOOK_EVERY_MS = 100;

export type CameraTrouble = 'not-allowed' | 'none' | 'failed';

/** Shows the camera that looks away from the barista, if there are two, and tells every text it reads. */
export async function openCamera(
  video: HTMLVideoElement,
  onText: (text: string) => void,
): Promise<{ stop: () => void } | CameraTrouble> {
  const opened = await openStream();
  if (typeof opened === 'string') return opened;
  const stream = opened;
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), { type: 'module' });
  let timer: ReturnType<typeof setTimeout>;
  let isStopped = false;

  function stop(): void {
    isStopped = true;
    clearTimeout(timer);
    worker.terminate();
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }

  async function look(): Promise<void> {
    if (isStopped) return;
    if (video.readyState < video.HAVE_CURRENT_DATA) return lookAgain();
    const resizeWidth = Math.min(video.videoWidth, PICTURE_WIDTH);
    const picture = await createImageBitmap(video, { resizeWidth });
    if (isStopped) return picture.close();
    worker.postMessage(picture, [picture]);
  }

  function lookAgain(): void {
    timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  }

  worker.addEventListener('message', ({ data }: MessageEvent<string | null>) => {
    if (isStopped) return;
    if (data !== null) onText(data);
    lookAgain();
  });
  video.srcObject = stream;
  await video.play().catch(() => undefined); // when it was closed meanwhile
  void look();
  return { stop };
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
