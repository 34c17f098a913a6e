import qrcode from 'qrcode';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/** Modules of white around the code: what the standard asks for, and what cheap scanners need. */
const QUIET_ZONE = 4;

/** A QR code as SVG, black on white whatever the page's colours are. */
export async function drawQrCode(text: string): Promise<Html> {
  const svg = await qrcode.toString(text, {
    type: 'svg',
    margin: QUIET_ZONE,
    errorCorrectionLevel: 'M',
    color: { dark: '#000000', light: '#ffffff' },
  });
  return markup(svg.trim());
}
