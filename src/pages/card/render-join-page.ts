import type { JoinPage } from '../../operations/read-join-page.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { framePage, picturePath, renderLogo } from './page-frame.ts';
import { drawQrCode } from './qr-code.ts';
import { renderStamps } from './render-stamps.ts';
import { texts } from './texts.ts';
import { sayOffer } from './words.ts';

export const MAX_NAME_LENGTH = 40;

/** More rows of stamps would leave the code no room. */
const MAX_POSTER_STAMPS = 12;

export type PaperSize = 'a4' | 'a5';

type Program = NonNullable<JoinPage['program']>;

/** What somebody sees who scanned the poster. `hasCard`: this browser got a card here before. */
export function renderJoinPage({
  page,
  program,
  joinPath,
  findPath,
  hasCard,
}: {
  page: JoinPage;
  program: Program;
  joinPath: string;
  findPath: string;
  hasCard: boolean;
}): string {
  return framePage({
    title: `Your stamp card · ${page.shopName}`,
    colour: program.colour,
    kind: 'join-page',
    body: html`
      <main>
        <header>
          ${renderLogo(page)}
          <h1><bdi>${page.shopName}</bdi></h1>
          ${page.locationName !== page.shopName && html`<p class="greeting"><bdi>${page.locationName}</bdi></p>`}
        </header>
        ${offer(page, program)}
        ${
          hasCard
            ? html`
                <form method="post" action="${joinPath}">
                  <p>You have a card here already.</p>
                  <button>Open my card</button>
                </form>
                <form method="post" action="${joinPath}">
                  <input type="hidden" name="another" value="yes" />
                  <p class="hint">For somebody else who uses this phone:</p>
                  ${nameField}
                  <button class="quiet">Start another card</button>
                </form>
              `
            : html`
                <form method="post" action="${joinPath}">
                  ${nameField}
                  <button>Get my card</button>
                  <p class="hint">No app, no account. The card is a page that you keep.</p>
                </form>
              `
        }
        <p class="find-link"><a href="${findPath}">${texts.find.link}</a></p>
      </main>
    `,
  });
}

const nameField = html`
  <label>
    First name <span class="hint">if you like</span>
    <input
      name="name"
      maxlength="${MAX_NAME_LENGTH}"
      autocomplete="given-name"
      autocapitalize="words"
      enterkeyhint="go"
    />
  </label>
`;

function offer(page: JoinPage, program: Program): Html {
  return html`
    <div class="offer">
      ${program.pictureId && html`<img class="pass-picture" src="${picturePath(page, program.pictureId)}" alt="" />`}
      <p>
        <span>${sayOffer(program)} and it is yours:</span>
        <strong>${program.rewardName}</strong>
      </p>
      ${renderStamps({ marks: [], stampsRequired: program.stampsRequired })}
    </div>
  `;
}

/** The poster for the counter, to be printed from the browser. */
export async function renderPoster({
  page,
  program,
  joinPath,
  joinUrl,
  size,
}: {
  page: JoinPage;
  program: Program;
  joinPath: string;
  joinUrl: string;
  size: PaperSize;
}): Promise<string> {
  const otherSize = size === 'a5' ? 'a4' : 'a5';
  return framePage({
    title: `Poster · ${page.shopName}`,
    colour: program.colour,
    kind: `poster-page ${size}`,
    body: html`
      <aside class="print-hint">
        Print this page on ${size.toUpperCase()}: Ctrl P, or Cmd P on a Mac.
        <a href="${joinPath}/poster?size=${otherSize}">As ${otherSize.toUpperCase()} instead</a>
        · <a href="${joinPath}/poster.svg?size=${size}" download>As a drawing</a>
      </aside>
      <main class="poster ${size}">
        ${renderLogo(page)}
        <h1><bdi>${page.shopName}</bdi></h1>
        <p class="poster-offer">${sayOffer(program)}:<br /><strong>${program.rewardName}</strong></p>
        ${program.stampsRequired <= MAX_POSTER_STAMPS && renderStamps({ marks: [], stampsRequired: program.stampsRequired })}
        <div class="qr" role="img" aria-label="QR code that opens ${joinUrl}">
          ${await drawQrCode(joinUrl)}
        </div>
        <p class="poster-how">Point your camera here for your stamp card.<br />No app, no account.</p>
      </main>
    `,
  });
}
