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
import { firstNameOf } from './words.ts';
import type { Words } from './words.ts';

/** A card of more stamps is not drawn small. */
const MAX_DOTS = 12;

/** "9 of 10 stamps · The Kind Bean" */
export function titleOf(page: CardPage, { texts, sayProgress }: Words): string {
  return texts.card.title(sayProgress(countOf(page)), page.shopName);
}

/** The part of the page that changes when the till stamps. */
export interface LivePart {
  /** Changes whenever the markup does. */
  version: string;
  /** What a screen reader says of the change. */
  announcement: string;
  /** Above the card: by name, once somebody has said it or two cards were joined. */
  greeting: Html;
  content: Html;
}

interface Shown {
  page: CardPage;
  secret: string;
  words: Words;
}

/** The customer's page, complete without a script. */
export async function renderCardPage({
  page,
  secret,
  words,
  canSendMail,
}: Shown & { canSendMail: boolean }): Promise<string> {
  const live = await renderLivePart({ page, secret, words });
  const { texts } = words;
  const now = page.readAt.getTime();
  return framePage({
    title: titleOf(page, words),
    words,
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
        <p class="greeting">${live.greeting}</p>
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
          ><p><a class="button quiet" href="?">${texts.card.update}</a></p></noscript
        >
        <details>
          <summary>${texts.card.keep}</summary>
          <p>${texts.card.keepLead}</p>
          <ul>
            ${texts.card.keepWays.map(({ on, how }) => html`<li><strong>${on}</strong> ${how}</li>`)}
          </ul>
          <p>${canSendMail ? texts.card.lost : texts.card.lostWithoutMail}</p>
        </details>
      </footer>
    `,
  });
}

/** What is sent to an open page after a stamp, and is in the page from the start. */
export async function renderLivePart({ page, secret, words }: Shown): Promise<LivePart> {
  const render = (code: Html | false): Html => html`
    ${page.isBlocked && html`<p class="notice warn">${words.texts.card.blocked}</p>`}
    ${page.gift && giftNote({ page, secret, words }, page.gift)}
    ${page.rewards.filter(({ isUsed }) => !isUsed).map((reward) => ticket(page, reward, words))}
    ${pass(page, code, words)}
    ${page.rewards.filter(({ isUsed }) => isUsed).map((reward) => ticket(page, reward, words))}
    ${likes(page, words)} ${history(page, words)}
  `;
  const greeting = greet(page, words);
  return {
    // Without the live code: that is another one every half minute, and the phone draws it by itself.
    version: hash('sha256', greeting.text + render(false).text).slice(0, 16),
    announcement: sayNews(page, words),
    greeting,
    content: render(!page.isBlocked && (await shownCode({ page, secret, words }))),
  };
}

/** What the QR says at an instant: which card it is, and the live code. */
export function computeShownCode(page: CardPage, secret: string): string {
  return `${computeCardCode(secret)}:${computeLiveCode(page.liveKey, page.readAt)}`;
}

/** The code as it is now. The key goes along for the phone, which keeps drawing the next one, with a network or without. */
async function shownCode({ page, secret, words: { texts } }: Shown): Promise<Html> {
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

function likes({ preferences }: CardPage, { texts }: Words): Html | false {
  if (!preferences) return false;
  return html`<p class="likes">
    ${texts.card.likesIt} <strong><bdi>${preferences}</bdi></strong>
  </p>`;
}

function greet({ customerName }: CardPage, { texts }: Words): Html {
  if (!customerName) return html`${texts.card.nameless}`;
  const [before, after] = texts.card.hello.split('{name}');
  return html`${before}<bdi>${firstNameOf(customerName)}</bdi>${after}`;
}

type ShownGift = NonNullable<CardPage['gift']>;

function giftNote({ page, secret, words }: Shown, gift: ShownGift): Html {
  return html`
    <div class="gift" data-gesture="${gift.gestureId}">
      <span>
        <strong>${words.sayWhatWasGiven(gift)}</strong>
        <span class="why">
          <span>${words.sayReason(gift)}</span>
          <small>${day(page, gift.at, words)}</small>
        </span>
      </span>
      ${gift.isThanked ? thanked(words) : thankForm(gift, secret, words)}
    </div>
  `;
}

/** A thank-you takes no words: nobody has to read it before it is passed on. */
function thankForm({ gestureId }: ShownGift, secret: string, { texts }: Words): Html {
  return html`
    <form class="thank" method="post" action="/c/${secret}/thanks">
      <input type="hidden" name="gesture" value="${gestureId}" />
      <button class="quiet">${icon('heart')} ${texts.gift.thank}</button>
    </form>
  `;
}

function thanked({ texts }: Words): Html {
  return html`<p class="thanked">${icon('heart')} ${texts.gift.thanked}</p>`;
}

type Reward = CardPage['rewards'][number];

function ticket(page: CardPage, reward: Reward, words: Words): Html {
  const { texts } = words;
  const { name, isUsed, expiresAt } = reward;
  return html`
    <section class="ticket ${isUsed && 'used'}" data-reward="${reward.rewardId}">
      <div class="stub">${icon('cup')}</div>
      <div class="ticket-text">
        <h2>${name}</h2>
        <p>
          ${isUsed ? texts.card.used : !page.isBlocked && texts.card.waiting}
          ${!isUsed && expiresAt && html`<small>${texts.card.goodUntil} ${time(page, expiresAt, words.sayMoment)}</small>`}
        </p>
        ${reward.kind === 'stamps' && fullCard(reward, words)}
      </div>
    </section>
  `;
}

/** The card that earned a reward, small. */
function fullCard({ stamps }: Reward, { texts, sayProgress }: Words): Html {
  return html`
    <p class="full-card">
      ${stamps <= MAX_DOTS && html`<span class="dots" aria-hidden="true">${Array.from({ length: stamps }, () => html`<i></i>`)}</span>`}
      <span class="visually-hidden"
        >${texts.card.fullCard(sayProgress({ stamps, stampsRequired: stamps }))}</span
      >
    </p>
  `;
}

function pass(page: CardPage, code: Html | false, words: Words): Html {
  const { texts } = words;
  return html`
    <article class="pass">
      <div class="pass-stamps">
        ${page.pictureId && html`<img class="pass-picture" src="${picturePath(page, page.pictureId)}" alt="" />`}
        <p class="progress">
          <strong>${words.sayProgress(countOf(page))}</strong>
          <span>${words.sayToGo(page)}</span>
        </p>
        ${renderStamps({ ...page, words })}
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

function history(page: CardPage, words: Words): Html | false {
  if (page.history.length === 0) return false;
  return html`
    <section class="history">
      <h2>${words.texts.history.title}</h2>
      <ul>
        ${page.history.map((line) => html`<li><span>${words.sayHistoryLine(line)}</span> ${day(page, line.at, words)}</li>`)}
      </ul>
    </section>
  `;
}

function day(page: CardPage, at: Date, words: Words): Html {
  return time(page, at, words.sayDay);
}

function time({ readAt, timeZone }: CardPage, at: Date, say: Words['sayDay']): Html {
  return html`<time datetime="${at.toISOString()}">${say({ at, now: readAt, timeZone })}</time>`;
}

function sayNews(page: CardPage, words: Words): string {
  const waiting = page.rewards.filter(({ isUsed }) => !isUsed).map(({ name }) => name);
  const newest = page.history[0];
  return [
    words.sayProgress(countOf(page)),
    ...waiting.map((name) => words.texts.card.isYours(name)),
    newest && words.sayHistoryLine(newest),
    page.isBlocked && words.texts.card.blocked,
  ]
    .filter(Boolean)
    .join('. ');
}

/** The stamps to draw: a card that is behind after a refund is drawn empty. */
function countOf({ stampsOnCard, stampsRequired }: CardPage): { stamps: number; stampsRequired: number } {
  return { stamps: Math.max(0, stampsOnCard), stampsRequired };
}
