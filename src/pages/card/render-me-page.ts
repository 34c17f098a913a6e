import type { CardPage } from '../../operations/read-card-page.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { framePage, icon } from './page-frame.ts';
import { MAX_NAME_LENGTH } from './render-join-page.ts';
import { notices, texts } from './texts.ts';
import type { NoticeName } from './texts.ts';

export const MAX_PREFERENCES_LENGTH = 120;
export const MAX_PHONE_LENGTH = 30;
export const MAX_EMAIL_LENGTH = 200;

const words = texts.me;

interface MePage {
  page: CardPage;
  secret: string;
  notice?: NoticeName | undefined;
  canSendMail: boolean;
}

/** What customers say about themselves, and what they may do with their card. Forms, and no script. */
export function renderMePage(me: MePage): string {
  const { page, secret, notice } = me;
  return framePage({
    title: `${words.title} · ${page.shopName}`,
    colour: page.colour,
    kind: 'form-page',
    body: html`
      <header>
        <p><a href="/c/${secret}">‹ ${words.back}</a></p>
        <h1>${words.title}</h1>
      </header>
      <main>${notice && renderNotice(notice)} ${details(me)} ${safe(me)} ${joining(me)} ${data(me)}</main>
    `,
  });
}

export function renderNotice(name: NoticeName): Html {
  const { isGood, text } = notices[name];
  return html`<p class="notice ${isGood ? 'good' : 'warn'}" role="${isGood ? 'status' : 'alert'}">
    ${text}
  </p>`;
}

function details({ page, secret }: MePage): Html {
  return html`
    <section>
      <h2>${words.details}</h2>
      <p>${words.detailsLead}</p>
      <form method="post" action="/c/${secret}/me">
        <label>
          ${words.name}
          <input
            name="name"
            maxlength="${MAX_NAME_LENGTH}"
            autocomplete="given-name"
            autocapitalize="words"
            value="${page.customerName}"
          />
        </label>
        <label>
          ${words.likes}
          <input
            name="preferences"
            maxlength="${MAX_PREFERENCES_LENGTH}"
            placeholder="${words.likesExample}"
            value="${page.preferences}"
          />
        </label>
        <label>
          ${words.phone}
          <input
            name="phone"
            type="tel"
            maxlength="${MAX_PHONE_LENGTH}"
            autocomplete="tel"
            aria-describedby="phone-hint"
            value="${page.phone}"
          />
        </label>
        <p class="hint" id="phone-hint">${words.phoneHint}</p>
        <button>${words.save}</button>
      </form>
    </section>
  `;
}

function safe({ page, secret, canSendMail }: MePage): Html {
  return html`
    <section id="safe">
      <h2>${words.safe}</h2>
      ${
        page.email
          ? html`<p class="is-safe">${icon('heart')} <span>${words.isSafe(page.email)}</span></p>`
          : html`<p>${canSendMail ? words.safeLead : words.noMail}</p>`
      }
      ${canSendMail && page.pendingEmail && codeForm(secret, page.pendingEmail)}
      ${canSendMail && emailForm(page, secret)}
      ${
        page.email &&
        html`<form method="post" action="/c/${secret}/me/no-email">
          <button class="quiet">${words.removeEmail}</button>
        </form>`
      }
    </section>
  `;
}

function codeForm(secret: string, email: string): Html {
  return html`
    <form method="post" action="/c/${secret}/me/code">
      <p>${words.codeSent(email)}</p>
      <label>${words.code} ${codeField('code')}</label>
      <button>${words.confirm}</button>
      <p class="hint">${words.codeHint}</p>
    </form>
  `;
}

function emailForm({ email, pendingEmail }: CardPage, secret: string): Html {
  const isFirst = !email && !pendingEmail;
  return html`
    <form method="post" action="/c/${secret}/me/email">
      <label>
        ${isFirst ? words.email : words.otherAddress}
        <input
          name="email"
          type="email"
          required
          maxlength="${MAX_EMAIL_LENGTH}"
          autocomplete="email"
          value="${email ? '' : pendingEmail}"
        />
      </label>
      <button class="${isFirst ? '' : 'quiet'}">${words.sendCode}</button>
    </form>
  `;
}

/** Six figures, from a mail or another phone. */
export function codeField(name: string): Html {
  return html`<input
    class="code"
    name="${name}"
    required
    inputmode="numeric"
    pattern="[0-9 ]{6,7}"
    maxlength="7"
    autocomplete="one-time-code"
  />`;
}

function joining({ secret }: MePage): Html {
  return html`
    <section id="join">
      <details>
        <summary><h2>${words.join}</h2></summary>
        <p>${words.joinLead}</p>
        <form method="post" action="/c/${secret}/me/join">
          <label>
            ${words.otherCode}
            <input
              class="code"
              name="otherCode"
              required
              maxlength="60"
              autocomplete="off"
              autocapitalize="characters"
              spellcheck="false"
              aria-describedby="other-hint"
            />
          </label>
          <p class="hint" id="other-hint">${words.otherCodeHint}</p>
          <label>${words.liveCode} ${codeField('liveCode')}</label>
          <p class="hint">${words.liveCodeHint}</p>
          <button>${words.joinButton}</button>
        </form>
      </details>
    </section>
  `;
}

function data({ secret }: MePage): Html {
  return html`
    <section>
      <h2>${words.data}</h2>
      <p>${words.dataLead}</p>
      <p class="buttons">
        <a class="button quiet" href="/c/${secret}/my-data.json" download>${words.export}</a>
        <a class="button quiet" href="/c/${secret}/forget">${words.forget}</a>
      </p>
    </section>
  `;
}

/** Asks a second time. */
export function renderForgetPage({
  page,
  secret,
  notice,
}: {
  page: CardPage;
  secret: string;
  notice?: NoticeName | undefined;
}): string {
  const { title, lead, noWayBack, sure, button, keep } = texts.forget;
  return framePage({
    title: `${title} · ${page.shopName}`,
    colour: page.colour,
    kind: 'form-page',
    body: html`
      <header><h1>${title}</h1></header>
      <main>
        ${notice && renderNotice(notice)}
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

export function renderForgottenPage({ page, secret }: { page: CardPage; secret: string }): string {
  const { doneTitle, done } = texts.forget;
  return framePage({
    title: doneTitle,
    colour: page.colour,
    kind: 'plain-page',
    script: 'goodbye.js',
    body: html`
      <main data-forgotten="/c/${secret}">
        ${icon('heart')}
        <h1>${doneTitle}</h1>
        ${done.map((sentence) => html`<p>${sentence}</p>`)}
      </main>
    `,
  });
}
