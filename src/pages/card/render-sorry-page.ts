import { html } from './html.ts';
import { framePage, icon } from './page-frame.ts';
import type { SorryName } from './texts.ts';
import { wordsIn } from './words.ts';

/** By the status of an answer; any other is a fault. */
const SORRY_OF: Partial<Record<number, SorryName>> = {
  400: 'unknownPage',
  404: 'unknownPage',
  429: 'tooManyTries',
};

/** What a person sees of an answer that is a problem document for programs; `requestId` is in the log. */
export function renderRefusalPage({ status, requestId }: { status: number; requestId?: string }): string {
  return renderSorryPage(SORRY_OF[status] ?? 'fault', wordsIn('en'), requestId);
}

/** A friendly no, and what to do now. */
export function renderSorryPage(name: SorryName, words = wordsIn('en'), requestId?: string): string {
  const { title, advice } = words.texts.sorry[name];
  return framePage({
    title,
    kind: 'plain-page',
    words,
    body: html`
      <main>
        ${icon('cup')}
        <h1>${title}</h1>
        ${advice.map((sentence) => html`<p>${sentence}</p>`)}
        ${requestId && html`<p class="hint">${requestId}</p>`}
      </main>
    `,
  });
}
