import { html } from './html.ts';
import { framePage, icon } from './page-frame.ts';
import type { SorryName } from './texts.ts';
import { wordsIn } from './words.ts';

/** A friendly no, and what to do now. */
export function renderSorryPage(name: SorryName, words = wordsIn('en')): string {
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
      </main>
    `,
  });
}
