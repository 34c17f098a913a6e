import { html } from '../card/html.ts';
import type { Html } from '../card/html.ts';

/** A sentence of the API's document, where `this` is code. */
export function prose(text: string | undefined): Html {
  const parts = (text ?? '').split('`');
  return html`${parts.map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
