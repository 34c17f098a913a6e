import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { pointsOf } from './points-of.ts';

/** First whether pictures can be read at all; then, for each picture, the text of a QR code in it, or null. */
export type Heard = { kind: 'ready' } | { kind: 'no-reader' } | { kind: 'read'; text: string | null };

const ready = prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
let canvas: OffscreenCanvas | undefined;

ready.then(
  () => say({ kind: 'ready' }),
  () => say({ kind: 'no-reader' }), // not fetched before, and no network now
);

addEventListener('message', ({ data }: MessageEvent<ImageBitmap | ImageData>) => {
  void read(data).then((text) => say({ kind: 'read', text }));
});

function say(heard: Heard): void {
  postMessage(heard);
}

async function read(picture: ImageBitmap | ImageData): Promise<string | null> {
  const [code] = await readBarcodes(picture instanceof ImageData ? picture : draw(picture), {
    formats: ['QRCode'],
    maxNumberOfSymbols: 1,
    tryDownscale: true,
  });
  return code?.text ?? null;
}

function draw(picture: ImageBitmap): ImageData {
  const { width, height } = picture;
  canvas ??= new OffscreenCanvas(width, height);
  const points = pointsOf(picture, canvas, width, height);
  picture.close();
  return points;
}
