import { formatShortCode } from '../../operations/card-codes.ts';
import type { CardPage } from '../../operations/read-card-page.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { framePage, icon, joinPathOf } from './page-frame.ts';
import { MAX_NAME_LENGTH } from './render-join-page.ts';
import type { NoticeName } from './texts.ts';
import type { Words } from './words.ts';

export const MAX_PREFERENCES_LENGTH = 120;
export const MAX_PHONE_LENGTH = 30;
export const MAX_EMAIL_LENGTH = 200;

type MeTexts = Words['texts']['me'];

/** Where on the page it is said what came of a form: beside that form, where the page is opened again. */
type Place = 'details' | 'safe' | 'join' | 'forget';
const PLACES: Record<NoticeName, Place> = {
  saved: 'details',
  'phone-unreadable': 'details',
  'code-sent': 'safe',
  'email-unreadable': 'safe',
  'too-many': 'safe',
  safe: 'safe',
  'code-wrong': 'safe',
  removed: 'safe',
  joined: 'join',
  'join-wrong': 'join',
  'join-locked': 'join',
  'join-same': 'join',
  'join-other': 'join',
  'not-sure': 'forget',
};

/** What was typed and refused, so that nobody types it twice. */
export interface Typed {
  name?: string | undefined;
  preferences?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  otherCode?: string | undefined;
}

interface MePage {
  page: CardPage;
  secret: string;
  notice?: NoticeName | undefined;
  typed?: Typed | undefined;
  canSendMail: boolean;
  words: Words;
}

/** What customers say about themselves, and what they may do with their card. Forms, and no script. */
export function renderMePage(me: MePage): string {
  const { page, secret, words } = me;
  const says = words.texts.me;
  return framePage({
    title: words.texts.card.title(says.title, page.shopName),
    words,
    colour: page.colour,
    kind: 'form-page',
    body: html`
      <header>
        <p><a href="/c/${secret}">‹ ${says.back}</a></p>
        <h1>${says.title}</h1>
      </header>
      <main>${details(me)} ${safe(me)} ${joining(me)} ${data(me)}</main>
    `,
  });
}

function noticeAt(place: Place, { notice, words }: Pick<MePage, 'notice' | 'words'>): Html | undefined {
  if (!notice || PLACES[notice] !== place) return undefined;
  const { isGood, text } = words.texts.notices[notice];
  return html`<p class="notice ${isGood ? 'good' : 'warn'}" role="${isGood ? 'status' : 'alert'}">
    ${text}
  </p>`;
}

function details(me: MePage): Html {
  const { page, secret, typed } = me;
  const says = me.words.texts.me;
  return html`
    <section>
      <h2>${says.details}</h2>
      ${noticeAt('details', me)}
      <p>${says.detailsLead}</p>
      <form method="post" action="/c/${secret}/me">
        ${asShown(page)}
        <label>
          ${says.name}
          <input
            name="name"
            maxlength="${MAX_NAME_LENGTH}"
            autocomplete="given-name"
            autocapitalize="words"
            value="${typed?.name ?? page.customerName}"
          />
        </label>
        <label>
          ${says.likes}
          <input
            name="preferences"
            maxlength="${MAX_PREFERENCES_LENGTH}"
            placeholder="${says.likesExample}"
            value="${typed?.preferences ?? page.preferences}"
          />
        </label>
        <label>
          ${says.phone}
          <input
            name="phone"
            type="tel"
            maxlength="${MAX_PHONE_LENGTH}"
            autocomplete="tel"
            aria-describedby="phone-hint"
            value="${typed?.phone ?? page.phone}"
          />
        </label>
        <p class="hint" id="phone-hint">${says.phoneHint}</p>
        <button>${says.save}</button>
      </form>
    </section>
  `;
}

/** What the page shows goes along, so that of one that was left open only what was typed there is changed. */
function asShown({ customerName, preferences, phone }: CardPage): Html {
  return html`
    <input type="hidden" name="shownName" value="${customerName}" />
    <input type="hidden" name="shownPreferences" value="${preferences}" />
    <input type="hidden" name="shownPhone" value="${phone}" />
  `;
}

function safe(me: MePage): Html {
  const { page, secret, canSendMail } = me;
  const says = me.words.texts.me;
  return html`
    <section id="safe">
      <h2>${says.safe}</h2>
      ${noticeAt('safe', me)}
      ${
        page.email && canSendMail
          ? html`<p class="is-safe">${icon('heart')} <span>${says.isSafe(page.email)}</span></p>`
          : html`<p>${canSendMail ? says.safeLead : says.noMail}</p>`
      }
      ${canSendMail && page.pendingEmail && codeForm(secret, page.pendingEmail, says)}
      ${canSendMail && emailForm(me)}
      ${
        (page.email || page.pendingEmail) &&
        html`<form method="post" action="/c/${secret}/me/no-email#safe">
          <button class="quiet">${says.removeEmail}</button>
        </form>`
      }
    </section>
  `;
}

function codeForm(secret: string, email: string, says: MeTexts): Html {
  return html`
    <form method="post" action="/c/${secret}/me/code#safe">
      <p>${says.codeSent(email)}</p>
      <label>${says.code} ${codeField('code')}</label>
      <button>${says.confirm}</button>
      <p class="hint">${says.codeHint}</p>
    </form>
  `;
}

function emailForm({ page: { email, pendingEmail }, secret, typed, words }: MePage): Html {
  const says = words.texts.me;
  const isFirst = !email && !pendingEmail;
  return html`
    <form method="post" action="/c/${secret}/me/email#safe">
      <label>
        ${isFirst ? says.email : says.otherAddress}
        ${addressField(typed?.email ?? (email ? undefined : pendingEmail))}
      </label>
      <button class="${isFirst ? '' : 'quiet'}">${says.sendCode}</button>
    </form>
  `;
}

/** An e-mail address; `value` is what was typed before. */
export function addressField(value: string | null | undefined): Html {
  return html`<input
    name="email"
    type="email"
    required
    maxlength="${MAX_EMAIL_LENGTH}"
    autocomplete="email"
    value="${value}"
  />`;
}

/** Longer than six figures with room between them: a line is copied out of a mail with what is around them. */
const MAX_CODE_FIELD_LENGTH = 30;

/** Six figures, from a mail or another phone. */
export function codeField(name: string): Html {
  return html`<input
    class="code"
    name="${name}"
    required
    inputmode="numeric"
    pattern="(\\s*\\p{Nd}){6}\\s*"
    maxlength="${MAX_CODE_FIELD_LENGTH}"
    autocomplete="one-time-code"
  />`;
}

function joining(me: MePage): Html {
  const { page, secret, typed } = me;
  const says = me.words.texts.me;
  return html`
    <section id="join">
      ${noticeAt('join', me)}
      <details ${typed?.otherCode !== undefined && 'open'}>
        <summary><h2>${says.join}</h2></summary>
        <p>${says.joinLead}</p>
        ${page.email && html`<p>${says.joinEmail(page.email)}</p>`}
        <form method="post" action="/c/${secret}/me/join#join">
          <label>
            ${says.otherCode}
            <input
              class="code"
              name="otherCode"
              required
              maxlength="60"
              autocomplete="off"
              autocapitalize="characters"
              spellcheck="false"
              aria-describedby="other-hint"
              value="${typed?.otherCode}"
            />
          </label>
          <p class="hint" id="other-hint">${says.otherCodeHint}</p>
          <label>${says.joiningCode} ${codeField('joiningCode')}</label>
          <p class="hint">${says.joiningCodeHint}</p>
          <button>${says.joinButton}</button>
        </form>
        <p>
          ${says.joinOwn} ${says.joinOwnNumber} <strong>${formatShortCode(page.shortCode)}</strong>,
          ${says.joinOwnCode} <strong class="joining-code">${spaced(page.joiningCode)}</strong>
        </p>
      </details>
    </section>
  `;
}

/** `123456` as people read it: `123 456`. */
function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

function data({ secret, words: { texts } }: MePage): Html {
  const says = texts.me;
  return html`
    <section>
      <h2>${says.data}</h2>
      <p>${says.dataLead}</p>
      <p class="buttons">
        <a class="button quiet" href="/c/${secret}/my-data.json" download>${says.export}</a>
        <a class="button quiet" href="/c/${secret}/forget">${says.forget}</a>
      </p>
    </section>
  `;
}

/** Asks a second time. */
export function renderForgetPage({ page, secret, notice, words }: Omit<MePage, 'canSendMail'>): string {
  const { title, lead, noWayBack, sure, button, keep } = words.texts.forget;
  return framePage({
    title: words.texts.card.title(title, page.shopName),
    words,
    colour: page.colour,
    kind: 'form-page',
    body: html`
      <header><h1>${title}</h1></header>
      <main>
        ${noticeAt('forget', { notice, words })}
        <p>${lead}</p>
        <p><strong>${noWayBack}</strong></p>
        <form method="post" action="/c/${secret}/forget">
          <label class="check"><input type="checkbox" name="sure" value="yes" required /> ${sure}</label>
          <button class="danger">${button}</button>
        </form>
        <p><a class="button quiet" href="/c/${secret}">${keep}</a></p>
      </main>
    `,
  });
}

/** Says that it is done; a script takes what the phone keeps of the card away. */
export function renderForgottenPage({ page, secret, words }: Omit<MePage, 'canSendMail'>): string {
  const { doneTitle, done } = words.texts.forget;
  return framePage({
    title: doneTitle,
    words,
    colour: page.colour,
    kind: 'plain-page',
    script: 'goodbye.js',
    body: html`
      <main data-forgotten="/c/${secret}" data-anew="${joinPathOf(page)}">
        ${icon('heart')}
        <h1>${doneTitle}</h1>
        ${done.map((sentence) => html`<p>${sentence}</p>`)}
      </main>
    `,
  });
}
