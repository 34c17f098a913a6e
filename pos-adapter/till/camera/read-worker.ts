import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

/** A picture of the camera in, the text of a QR code in it, or null, out. */
const ready = prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
let canvas: OffscreenCanvas | undefined;

addEventListener('message', ({ data }: MessageEvent<ImageBitmap>) => {
  void read(data).then((text) => postMessage(text));
});

async function read(picture: ImageBitmap): Promise<string | null> {
  await ready;
  const { width, height } = picture;
  canvas ??= new OffscreenCanvas(width, height);
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0);
  picture.close();
  const [code] = await readBarcodes(context.getImageData(0, 0, width, height), {
    formats: ['QRCode'],
    maxNumberOfSymbols: 1,
    tryDownscale: true,
  });
  return code?.text ?? null;
}
