import { v4 as uuid } from 'uuid';
import type { CardPage } from '../../operations/read-card-page.ts';
import type { JoinPage } from '../../operations/read-join-page.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { framePage, picturePath, renderLogo } from './page-frame.ts';
import { measureLetters } from './measure-letters.ts';
import { drawQrCode } from './qr-code.ts';
import { renderStamps } from './render-stamps.ts';
import { firstNameOf } from './words.ts';
import type { Words } from './words.ts';

/** As at the desk: on a card that was given a name there it is sent along with whatever its customer changes. */
export const MAX_NAME_LENGTH = 80;

/** More rows of stamps, or these below a longer name and reward, would leave the code no room. */
const MAX_POSTER_STAMPS = 12;
const MAX_LETTERS_ABOVE = 74;
/** Beyond so many stamps there is a third row. */
const TWO_ROWS = 10;
const MAX_LETTERS_ABOVE_THREE_ROWS = 34;

export type PaperSize = 'a4' | 'a5';

type Program = NonNullable<JoinPage['program']>;

/** A card that this browser was given, or opened, before. */
export interface KnownCard {
  secret: string;
  card: CardPage;
}

/** What somebody sees who scanned the poster: also while no cards are given out, the ones they have. */
export function renderJoinPage({
  page,
  joinPath,
  findPath,
  cards,
  words,
}: {
  page: JoinPage;
  joinPath: string;
  findPath: string;
  cards: readonly KnownCard[];
  words: Words;
}): string {
  const says = words.texts.join;
  const { noProgram } = words.texts.sorry;
  const { program } = page;
  return framePage({
    title: words.texts.card.title(says.title, page.shopName),
    words,
    ...(program && { colour: program.colour }),
    kind: 'join-page',
    body: html`
      <main>
        <header>
          ${renderLogo(page)}
          <h1><bdi>${page.shopName}</bdi></h1>
          ${page.locationName !== page.shopName && html`<p class="greeting"><bdi>${page.locationName}</bdi></p>`}
        </header>
        ${
          program
            ? offer(page, program, words)
            : html`<section>
                <h2>${noProgram.title}</h2>
                ${noProgram.advice.map((sentence) => html`<p>${sentence}</p>`)}
              </section>`
        }
        ${
          cards.length > 0 &&
          html`<section>
            <p>${says.hasCard(cards.length)}</p>
            ${cards.map((known) => linkTo(known, words))}
          </section>`
        }
        ${program && joinForm({ joinPath, hasCard: cards.length > 0, words })}
        <p class="find-link"><a href="${findPath}">${words.texts.find.link}</a></p>
      </main>
    `,
  });
}

/** Whose it is, and how full: a phone is lent, and a family shares one. */
function linkTo({ secret, card }: KnownCard, words: Words): Html {
  const { customerName, stampsOnCard, stampsRequired } = card;
  return html`
    <a class="button" href="/c/${secret}">
      <span
        >${customerName && html`<bdi>${firstNameOf(customerName)}</bdi> · `}
        ${words.sayProgress({ stamps: Math.max(0, stampsOnCard), stampsRequired })}</span
      >
    </a>
  `;
}

function joinForm({ joinPath, hasCard, words }: { joinPath: string; hasCard: boolean; words: Words }): Html {
  const says = words.texts.join;
  const nameField = nameFieldOf(words);
  return hasCard
    ? html`
        <form method="post" action="${joinPath}">
          <input type="hidden" name="another" value="yes" />
          <p class="hint">${says.notYours}</p>
          ${nameField}
          <button class="quiet">${says.another}</button>
        </form>
      `
    : html`
        <form method="post" action="${joinPath}">
          ${nameField}
          <button>${says.get}</button>
          <p class="hint">${says.noApp}</p>
        </form>
      `;
}

/** With a number of its own: whoever taps twice is given one card. */
function nameFieldOf({ texts }: Words): Html {
  return html`
    <input type="hidden" name="once" value="${uuid()}" />
    <label>
      ${texts.join.name} <span class="hint">${texts.join.optional}</span>
      <input
        name="name"
        maxlength="${MAX_NAME_LENGTH}"
        autocomplete="given-name"
        autocapitalize="words"
        enterkeyhint="go"
      />
    </label>
  `;
}

function offer(page: JoinPage, program: Program, words: Words): Html {
  return html`
    <div class="offer">
      ${program.pictureId && html`<img class="pass-picture" src="${picturePath(page, program.pictureId)}" alt="" />`}
      <p>
        <span>${words.texts.join.andItIsYours(words.texts.offer(program.stampsRequired))}</span>
        <strong>${program.rewardName}</strong>
      </p>
      ${renderStamps({ marks: [], stampsRequired: program.stampsRequired, words })}
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
  words,
}: {
  page: JoinPage;
  program: Program;
  joinPath: string;
  joinUrl: string;
  size: PaperSize;
  words: Words;
}): Promise<string> {
  const says = words.texts.poster;
  const otherSize = size === 'a5' ? 'a4' : 'a5';
  const { stampsRequired, rewardName } = program;
  const letters = measureLetters(page.shopName) + measureLetters(rewardName);
  const isLong = letters > MAX_LETTERS_ABOVE;
  const hasStamps =
    stampsRequired <= MAX_POSTER_STAMPS &&
    letters <= (stampsRequired > TWO_ROWS ? MAX_LETTERS_ABOVE_THREE_ROWS : MAX_LETTERS_ABOVE);
  return framePage({
    title: says.title(page.shopName),
    words,
    colour: program.colour,
    kind: `poster-page ${size}`,
    body: html`
      <aside class="print-hint">
        ${says.print(size.toUpperCase())}
        <a href="${joinPath}/poster?size=${otherSize}">${says.otherSize(otherSize.toUpperCase())}</a>
        · <a href="${joinPath}/poster.svg?size=${size}" download>${says.drawing}</a>
      </aside>
      <main class="poster ${size} ${isLong && 'long'}">
        ${renderLogo(page)}
        <h1><bdi>${page.shopName}</bdi></h1>
        <p class="poster-offer">
          ${says.offer(words.texts.offer(stampsRequired))}<br /><strong>${rewardName}</strong>
        </p>
        ${hasStamps && renderStamps({ marks: [], stampsRequired, words })}
        <div class="qr" role="img" aria-label="${says.qr(joinUrl)}">${await drawQrCode(joinUrl)}</div>
        <p class="poster-how">${says.how.map((line) => html`${line}<br />`)}</p>
      </main>
    `,
  });
}
