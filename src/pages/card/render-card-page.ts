import { hash } from 'node:crypto';
import { computeCardCode, formatShortCode } from '../../operations/card-codes.ts';
import { computeLiveCode } from '../../operations/live-code.ts';
import type { CardPage } from '../../operations/read-card-page.ts';
import { STEP_MS } from '../../operations/time-code.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { appIconPath } from './app-icon.ts';
import { framePage, icon, picturePath, renderLogo } from './page-frame.ts';
import { drawQrCode } from './qr-code.ts';
import { renderStamps } from './render-stamps.ts';
import { texts } from './texts.ts';
import {
  firstNameOf,
  sayDay,
  sayReason,
  sayWhatWasGiven,
  sayHistoryLine,
  sayProgress,
  sayToGo,
} from './words.ts';

/** "9 of 10 stamps · The Kind Bean" */
export function titleOf(page: CardPage): string {
  return `${sayProgress(countOf(page))} · ${page.shopName}`;
}

/** The part of the page that changes when the till stamps. */
export interface LivePart {
  /** Changes whenever the markup does. */
  version: string;
  /** What a screen reader says of the change. */
  announcement: string;
  content: Html;
}

/** The customer's page, complete without a script. */
export async function renderCardPage({ page, secret }: { page: CardPage; secret: string }): Promise<string> {
  const live = await renderLivePart({ page, secret });
  const now = page.readAt.getTime();
  return framePage({
    title: titleOf(page),
    colour: page.colour,
    kind: 'card-page',
    script: 'card.js',
    head: html`
      <link rel="manifest" href="/c/${secret}/card.webmanifest" />
      <link rel="apple-touch-icon" href="${appIconPath(page, 192)}" />
      <meta name="apple-mobile-web-app-title" content="${page.shopName}" />
      <noscript><meta http-equiv="refresh" content="${secondsToNextStep(now) + 1}" /></noscript>
    `,
    body: html`
      <header>
        ${renderLogo(page)}
        <h1><bdi>${page.shopName}</bdi></h1>
        <p class="greeting">
          ${page.customerName ? html`Hello, <bdi>${firstNameOf(page.customerName)}</bdi>` : 'Your stamp card'}
        </p>
        <p id="show-code" ${page.isBlocked && 'hidden'}>
          <a class="button" href="#code">${icon('qr')} ${texts.card.showCode}</a>
        </p>
      </header>
      <p id="news" class="visually-hidden" role="status"></p>
      <p id="offline" class="notice warn" hidden>${texts.card.offline} <time></time>.</p>
      <main id="card" data-version="${live.version}" data-now="${now}">${live.content}</main>
      <dialog id="large-code" aria-labelledby="large-code-title">
        <h2 id="large-code-title">${texts.card.showAtTill}</h2>
        <div></div>
        <form method="dialog"><button autofocus>${texts.card.codeShown}</button></form>
      </dialog>
      <footer>
        <p><a class="button quiet" href="/c/${secret}/me">${texts.card.more}</a></p>
        <noscript
          ><p><a class="button quiet" href="?">Show new stamps</a></p></noscript
        >
        <details>
          <summary>Keep this page</summary>
          <p>This page is your card: whoever has its link has the card, so keep it to yourself.</p>
          <ul>
            <li><strong>iPhone:</strong> tap Share, then “Add to Home Screen”.</li>
            <li><strong>Android:</strong> tap the menu ⋮, then “Add to Home screen”.</li>
            <li><strong>Anywhere:</strong> bookmark it, or send the link to yourself.</li>
          </ul>
        </details>
      </footer>
    `,
  });
}

/** What is sent to an open page after a stamp, and is in the page from the start. */
export async function renderLivePart({
  page,
  secret,
}: {
  page: CardPage;
  secret: string;
}): Promise<LivePart> {
  const render = (code: Html | false): Html => html`
    ${page.isBlocked && blockedNote} ${page.gift && giftNote(page, page.gift)}
    ${page.rewards.filter(({ isUsed }) => !isUsed).map((reward) => ticket(page, reward))} ${pass(page, code)}
    ${page.rewards.filter(({ isUsed }) => isUsed).map((reward) => ticket(page, reward))} ${likes(page)}
    ${history(page)}
  `;
  return {
    // Without the live code: that is another one every half minute, and the phone draws it by itself.
    version: hash('sha256', render(false).text).slice(0, 16),
    announcement: sayNews(page),
    content: render(!page.isBlocked && (await shownCode(page, secret))),
  };
}

/** What the QR says at an instant: which card it is, and the live code. */
export function computeShownCode(page: CardPage, secret: string): string {
  return `${computeCardCode(secret)}:${computeLiveCode(page.liveKey, page.readAt)}`;
}

/** The code as it is now. The key goes along for the phone, which keeps drawing the next one, with a network or without. */
async function shownCode(page: CardPage, secret: string): Promise<Html> {
  const digits = computeLiveCode(page.liveKey, page.readAt);
  return html`
    <div
      class="qr"
      role="img"
      aria-label="${texts.card.qr}"
      data-code="${computeCardCode(secret)}"
      data-key="${Buffer.from(page.liveKey).toString('hex')}"
    >
      ${await drawQrCode(computeShownCode(page, secret))}
    </div>
    <p class="live-code">
      <span>${texts.card.liveCode}</span> <data>${digits.slice(0, 3)} ${digits.slice(3)}</data>
      <span class="live-left" aria-hidden="true"></span>
    </p>
  `;
}

function secondsToNextStep(now: number): number {
  return Math.ceil((STEP_MS - (now % STEP_MS)) / 1_000);
}

function likes({ preferences }: CardPage): Html | false {
  if (!preferences) return false;
  return html`<p class="likes">
    ${texts.card.likesIt} <strong><bdi>${preferences}</bdi></strong>
  </p>`;
}

const blockedNote = html`
  <p class="notice warn">
    This card is paused, so it cannot be stamped or used just now. Your stamps are safe: please ask at the
    till and we will sort it out.
  </p>
`;

function giftNote(page: CardPage, gift: NonNullable<CardPage['gift']>): Html {
  return html`
    <p class="gift">
      ${icon('heart')}
      <span>
        <strong>${sayWhatWasGiven(gift)}</strong>
        <span class="why">
          <span>${sayReason(gift)}</span>
          <small>${day(page, gift.at)}</small>
        </span>
      </span>
    </p>
  `;
}

type Reward = CardPage['rewards'][number];

function ticket(page: CardPage, reward: Reward): Html {
  const { name, isUsed, expiresAt } = reward;
  return html`
    <section class="ticket ${isUsed && 'used'}">
      <div class="stub">${icon('cup')}</div>
      <div class="ticket-text">
        <h2>${name}</h2>
        <p>
          ${isUsed ? 'Used just now. Enjoy it!' : 'Yours: show this at the till.'}
          ${!isUsed && expiresAt && html`<small>Good until ${day(page, expiresAt)}</small>`}
        </p>
        ${reward.kind === 'stamps' && fullCard(reward)}
      </div>
    </section>
  `;
}

/** The card that earned a reward, small. */
function fullCard({ stamps }: Reward): Html {
  return html`
    <p class="full-card">
      ${stamps <= MAX_DOTS && html`<span class="dots" aria-hidden="true">${Array.from({ length: stamps }, () => html`<i></i>`)}</span>`}
      <span class="visually-hidden"
        >${texts.card.fullCard(sayProgress({ stamps, stampsRequired: stamps }))}</span
      >
    </p>
  `;
}

function pass(page: CardPage, code: Html | false): Html {
  const { stampsOnCard, stampsRequired } = page;
  const stamps = countOf(page).stamps;
  return html`
    <article
      class="pass ${page.pictureId && 'pictured'}"
      data-stamps="${stamps}"
      data-rewards="${page.rewards.length}"
    >
      <div class="pass-stamps">
        ${page.pictureId && html`<img class="pass-picture" src="${picturePath(page, page.pictureId)}" alt="" />`}
        <p class="progress">
          <strong>${sayProgress({ stamps, stampsRequired })}</strong>
          <span>${sayToGo({ stampsOnCard, stampsRequired })}</span>
        </p>
        ${renderStamps(page)}
        <p class="goal">${icon('cup')} <span>${page.rewardName}</span></p>
      </div>
      <div class="pass-code" id="code">
        ${code}
        <p>
          <span>${texts.card.number}</span>
          <strong class="short-code">${formatShortCode(page.shortCode)}</strong>
        </p>
      </div>
    </article>
  `;
}

const MAX_DOTS = 12;

function history(page: CardPage): Html | false {
  if (page.history.length === 0) return false;
  return html`
    <section class="history">
      <h2>On this card</h2>
      <ul>
        ${page.history.map((line) => html`<li><span>${sayHistoryLine(line)}</span> ${day(page, line.at)}</li>`)}
      </ul>
    </section>
  `;
}

function day({ readAt, timeZone }: CardPage, at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${sayDay({ at, now: readAt, timeZone })}</time>`;
}

function sayNews(page: CardPage): string {
  const waiting = page.rewards.filter(({ isUsed }) => !isUsed).map(({ name }) => name);
  const newest = page.history[0];
  return [
    sayProgress(countOf(page)),
    ...waiting.map((name) => `Yours: ${name}`),
    newest && sayHistoryLine(newest),
  ]
    .filter(Boolean)
    .join('. ');
}

/** The stamps to draw: a card that is behind after a refund is drawn empty. */
function countOf({ stampsOnCard, stampsRequired }: CardPage): { stamps: number; stampsRequired: number } {
  return { stamps: Math.max(0, stampsOnCard), stampsRequired };
}
