import { html } from './html.ts';
import { framePage, icon } from './page-frame.ts';

export interface Sorry {
  title: string;
  /** What to do now. */
  advice: readonly string[];
}

export const unknownPage: Sorry = {
  title: 'There is nothing at this address',
  advice: [
    'Perhaps a letter of the link got lost. A stamp card opens from the link you saved, or ask at the till.',
  ],
};

export const unknownCard: Sorry = {
  title: 'We do not know this card',
  advice: [
    'Perhaps a letter of the link got lost: open it again from where you saved it.',
    'Your stamps are safe. Ask at the till: they can find your card by its eight letters and figures, or start a new one.',
  ],
};

export const unknownJoinLink: Sorry = {
  title: 'This link does not lead to a stamp card',
  advice: ['It may be from an older poster. Ask at the till: they will give you a card in a moment.'],
};

export const noProgram: Sorry = {
  title: 'There are no new stamp cards just now',
  advice: ['Ask at the till when the next one starts. Cards that were given out go on as before.'],
};

export const tooManyJoins: Sorry = {
  title: 'A lot of new cards at once',
  advice: ['Please try again in a little while, or ask for a card at the till.'],
};

export const tooManyTries: Sorry = {
  title: 'A lot of tries at once',
  advice: ['Please wait a little, or ask at the till: they can find your card too.'],
};

/** A friendly no. */
export function renderSorryPage({ title, advice }: Sorry): string {
  return framePage({
    title,
    kind: 'plain-page',
    body: html`
      <main>
        ${icon('cup')}
        <h1>${title}</h1>
        ${advice.map((sentence) => html`<p>${sentence}</p>`)}
      </main>
    `,
  });
}
