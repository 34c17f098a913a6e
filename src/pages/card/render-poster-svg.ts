import type { JoinPage } from '../../operations/read-join-page.ts';
import { html, markup } from './html.ts';
import type { PaperSize } from './render-join-page.ts';
import { measureLetters } from './measure-letters.ts';
import { computePalette } from './palette.ts';
import { drawQrCode } from './qr-code.ts';
import type { Words } from './words.ts';

/** Of A5; A4 is the same, larger by the root of two. */
const WIDTH = 148;
const HEIGHT = 210;
const MILLIMETRES: Record<PaperSize, [number, number]> = { a5: [148, 210], a4: [210, 297] };
/** A letter of the font is about this wide for each unit of its size. */
const LETTER = 0.56;

/** The poster as a drawing, for a printer's shop or a layout program. */
export async function renderPosterSvg({
  page,
  program,
  joinUrl,
  size,
  words,
}: {
  page: JoinPage;
  program: NonNullable<JoinPage['program']>;
  joinUrl: string;
  size: PaperSize;
  words: Words;
}): Promise<string> {
  const says = words.texts.poster;
  const offer = says.offer(words.texts.offer(program.stampsRequired));
  const { card, onCard } = computePalette(program.colour);
  const [width, height] = MILLIMETRES[size];
  const code = (await drawQrCode(joinUrl)).text.replace(
    '<svg ',
    '<svg x="34" y="88" width="80" height="80" ',
  );
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${width}mm"
    height="${height}mm"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    font-family="system-ui, 'Noto Sans', Arial, sans-serif"
    text-anchor="middle"
    fill="#2b211a"
  >
    <rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff" />
    <rect width="${WIDTH}" height="40" fill="${card}" />
    <text x="74" y="25" fill="${onCard}" font-weight="700" font-size="${fit(page.shopName, 14)}">
      ${page.shopName}
    </text>
    <text x="74" y="60" font-size="${fit(offer, 8)}">${offer}</text>
    <text x="74" y="76" font-weight="700" font-size="${fit(program.rewardName, 12)}">
      ${program.rewardName}
    </text>
    ${markup(code)}
    ${says.how.map((line, place) => html`<text x="74" y="${184 + 10 * place}" font-size="${fit(line, 7)}">${line}</text>`)}
  </svg>`.text;
}

/** The largest size, up to `most`, at which a line fits between the margins. */
function fit(line: string, most: number): string {
  return Math.min(most, 128 / (Math.max(1, measureLetters(line)) * LETTER)).toFixed(2);
}
