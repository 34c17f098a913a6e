import type { FoundCard } from '../../operations/find-my-card.ts';
import type { JoinPage } from '../../operations/read-join-page.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { framePage, renderLogo } from './page-frame.ts';
import { addressField, codeField } from './render-me-page.ts';
import type { Words } from './words.ts';

export type FindStep =
  /** `typed` is what was sent, and `refused` why no code is sent to it. */
  | { at: 'email'; typed?: string; refused?: 'email-unreadable' | 'too-many' }
  /** A code may be on its way; `challenge` says which. */
  | { at: 'code'; challenge: string; isWrong: boolean }
  | { at: 'found'; cards: readonly FoundCard[] };

/** "I lost my phone": an address, a code, a new link. */
export function renderFindPage({
  page,
  path,
  step,
  canSendMail,
  words,
}: {
  page: JoinPage;
  path: string;
  step: FindStep;
  canSendMail: boolean;
  words: Words;
}): string {
  const says = words.texts.find;
  return framePage({
    title: words.texts.card.title(says.title, page.shopName),
    words,
    ...(page.program && { colour: page.program.colour }),
    kind: 'form-page',
    body: html`
      <header>
        ${renderLogo(page)}
        <p class="greeting"><bdi>${page.shopName}</bdi></p>
        <h1>${says.title}</h1>
      </header>
      <main>${canSendMail ? renderStep(step, path, words) : html`<p>${says.noMail}</p>`}</main>
    `,
  });
}

function renderStep(step: FindStep, path: string, words: Words): Html {
  const says = words.texts.find;
  switch (step.at) {
    case 'email':
      return html`
        ${step.refused && html`<p class="notice warn" role="alert">${words.texts.notices[step.refused].text}</p>`}
        <p>${says.lead}</p>
        <form method="post" action="${path}">
          <label>${says.email} ${addressField(step.typed)}</label>
          <button>${says.send}</button>
        </form>
      `;
    case 'code':
      return html`
        ${
          step.isWrong
            ? html`<p class="notice warn" role="alert">${says.wrong}</p>`
            : html`<p class="notice good" role="status">${says.sent}</p>`
        }
        <form method="post" action="${path}">
          <input type="hidden" name="challenge" value="${step.challenge}" />
          <label>${says.code} ${codeField('code')}</label>
          <button>${says.open}</button>
        </form>
        <p class="hint">${says.notYet}</p>
        <p><a href="${path}">${says.again}</a></p>
      `;
    // Each in a tab of its own: the new links are shown this once, on a page that nobody can go back to.
    case 'found':
      return html`
        <h2>${says.found}</h2>
        <p>${says.foundLead}</p>
        <ul class="found">
          ${step.cards.map(
            ({ secret, stamps, stampsRequired, rewardName }) =>
              html`<li>
                <a href="/c/${secret}" target="_blank"
                  >${words.sayProgress({ stamps: Math.max(0, stamps), stampsRequired })} · ${rewardName}</a
                >
              </li>`,
          )}
        </ul>
      `;
  }
}
