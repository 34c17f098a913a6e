import { problems } from '../../http/problem.ts';
import type { RefusalName } from '../../http/problem.ts';
import type { ApiDocument } from '../../http/openapi.ts';
import { html } from '../card/html.ts';
import type { Html } from '../card/html.ts';
import { frameReference } from './reference-frame.ts';

/** Of more uses a list would say nothing. */
const MOST_USES = 12;

interface Use {
  operationId: string;
  summary: string;
}

/** Every reason for "no", under the anchor that the `type` of its problem names. */
export function renderProblems(document: ApiDocument): string {
  const usesOf = findUses(document);
  const names = Object.keys(problems) as RefusalName[];
  const body = html`
    <header>
      <h1>When the answer is no</h1>
      <p>
        A “no” is <code>application/problem+json</code> (RFC 9457). Its <code>type</code> leads here; programs
        compare <code>refused</code>, which stays the same. What the reader needs next, such as
        <code>resetsAt</code> or <code>remaining</code>, stands beside it.
      </p>
      <p><a href="/api">Back to the API</a></p>
    </header>
    <main id="content">${names.map((name) => renderProblem(name, usesOf.get(name) ?? []))}</main>
  `;
  return frameReference({ title: 'Doublestamp API: problems', body });
}

function renderProblem(name: RefusalName, uses: readonly Use[]): Html {
  const { status, title } = problems[name];
  return html`
    <article aria-labelledby="${name}">
      <h2 id="${name}">${title}</h2>
      <p><code>${name}</code>, status ${status}</p>
      ${
        uses.length > 0 &&
        html`<p>
          From:
          ${uses.map(({ operationId, summary }, place) => html`${place > 0 && '; '}<a href="/api#${operationId}">${summary}</a>`)}
        </p>`
      }
    </article>
  `;
}

function findUses(document: ApiDocument): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const item of Object.values(document.paths ?? {}))
    for (const operation of Object.values(item as Record<string, Use & { 'x-refusals': string[] }>))
      for (const name of operation['x-refusals']) uses.set(name, [...(uses.get(name) ?? []), operation]);
  return new Map([...uses].filter(([, list]) => list.length <= MOST_USES));
}
