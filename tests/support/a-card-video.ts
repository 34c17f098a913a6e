import { writeFileSync } from 'node:fs';
import { create } from 'qrcode';

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES = 4;
/** Modules of white around a code, as the standard asks. */
const QUIET_ZONE = 4;
const BLACK = 20;
const WHITE = 235;
/** Both colour planes: no colour. */
const GREY = 128;

/**
 * Writes what a camera sees when somebody holds a QR code before it: a film in YUV4MPEG2, which Chromium plays in place
 * of a camera (`--use-file-for-fake-video-capture`).
 */
export function writeCardVideo(path: string, text: string): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + 2 * QUIET_ZONE;
  const scale = Math.floor((HEIGHT * 0.8) / side);
  const left = Math.floor((WIDTH - side * scale) / 2);
  const top = Math.floor((HEIGHT - side * scale) / 2);
  const luma = Buffer.alloc(WIDTH * HEIGHT, WHITE - 40);
  for (let y = 0; y < side * scale; y++)
    for (let x = 0; x < side * scale; x++) {
      const row = Math.floor(y / scale) - QUIET_ZONE;
      const column = Math.floor(x / scale) - QUIET_ZONE;
      const isInside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      luma[(top + y) * WIDTH + left + x] = isInside && modules.get(row, column) ? BLACK : WHITE;
    }
  const colours = Buffer.alloc((WIDTH * HEIGHT) / 2, GREY);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, colours]);
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(path, Buffer.concat([header, ...Array.from({ length: FRAMES }, () => frame)]));
}
