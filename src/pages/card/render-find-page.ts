import type { FoundCard } from '../../operations/find-my-card.ts';
import type { JoinPage } from '../../operations/read-join-page.ts';
import { html } from './html.ts';
import { framePage, renderLogo } from './page-frame.ts';
import { codeField, MAX_EMAIL_LENGTH } from './render-me-page.ts';
import { texts } from './texts.ts';
import { sayProgress } from './words.ts';

const words = texts.find;

export type FindStep =
  | { at: 'email' }
  /** A code may be on its way; `challenge` says which. */
  | { at: 'code'; challenge: string; isWrong: boolean }
  | { at: 'found'; cards: readonly FoundCard[] };

/** "I lost my phone": an address, a code, a new link. */
export function renderFindPage({
  page,
  path,
  step,
  canSendMail,
}: {
  page: JoinPage;
  path: string;
  step: FindStep;
  canSendMail: boolean;
}): string {
  return framePage({
    title: `${words.title} · ${page.shopName}`,
    ...(page.program && { colour: page.program.colour }),
    kind: 'form-page',
    body: html`
      <header>
        ${renderLogo(page)}
        <p class="greeting"><bdi>${page.shopName}</bdi></p>
        <h1>${words.title}</h1>
      </header>
      <main>${canSendMail ? renderStep(step, path) : html`<p>${words.noMail}</p>`}</main>
    `,
  });
}

function renderStep(step: FindStep, path: string) {
  switch (step.at) {
    case 'email':
      return html`
        <p>${words.lead}</p>
        <form method="post" action="${path}">
          <label>
            ${words.email}
            <input name="email" type="email" required maxlength="${MAX_EMAIL_LENGTH}" autocomplete="email" />
          </label>
          <button>${words.send}</button>
        </form>
      `;
    case 'code':
      return html`
        ${
          step.isWrong
            ? html`<p class="notice warn" role="alert">${words.wrong}</p>`
            : html`<p class="notice good" role="status">${words.sent}</p>`
        }
        <form method="post" action="${path}">
          <input type="hidden" name="challenge" value="${step.challenge}" />
          <label>${words.code} ${codeField('code')}</label>
          <button>${words.open}</button>
        </form>
        <p class="hint">${words.notYet}</p>
        <p><a href="${path}">${words.again}</a></p>
      `;
    case 'found':
      return html`
        <h2>${words.found}</h2>
        <p>${words.foundLead}</p>
        <ul class="found">
          ${step.cards.map(
            ({ secret, stamps, stampsRequired, rewardName }) =>
              html`<li>
                <a href="/c/${secret}"
                  >${sayProgress({ stamps: Math.max(0, stamps), stampsRequired })} · ${rewardName}</a
                >
              </li>`,
          )}
        </ul>
      `;
  }
}
