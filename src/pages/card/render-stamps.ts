import type { StampMark } from '../../operations/read-card-page.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { icon } from './page-frame.ts';
import type { Words } from './words.ts';

/** A card's stamps, drawn: a bean for one that was earned, a heart for one that was given, the cup at the end. */
export function renderStamps({
  marks,
  stampsRequired,
  words,
}: {
  marks: readonly StampMark[];
  stampsRequired: number;
  words: Words;
}): Html {
  return html`
    <ol
      role="list"
      class="stamps ${columnsFor(stampsRequired)}"
      aria-label="${words.sayProgress({ stamps: marks.length, stampsRequired })}"
    >
      ${Array.from({ length: stampsRequired }, (_, place) => stampAt({ marks, stampsRequired, place, words }))}
    </ol>
  `;
}

function stampAt({
  marks,
  stampsRequired,
  place,
  words,
}: {
  marks: readonly StampMark[];
  stampsRequired: number;
  place: number;
  words: Words;
}): Html {
  const says = words.texts.stamp;
  const mark = marks[place];
  if (mark === 'gift')
    return html`<li class="stamp filled">
      ${icon('heart')}<span class="visually-hidden">${says.gift}</span>
    </li>`;
  if (mark)
    return html`<li class="stamp filled">
      ${icon('bean')}<span class="visually-hidden">${says.earned}</span>
    </li>`;
  if (place === stampsRequired - 1)
    return html`<li class="stamp last">${icon('cup')}<span class="visually-hidden">${says.last}</span></li>`;
  return html`<li class="stamp">
    <span aria-hidden="true">${place + 1}</span><span class="visually-hidden">${says.empty}</span>
  </li>`;
}

/** As many in a row as makes rows of one length, and stamps that are still big on the narrowest phone. */
function columnsFor(stampsRequired: number): string {
  const columns =
    MOST_EVEN_COLUMNS[stampsRequired] ?? (stampsRequired < 16 || stampsRequired % 5 === 0 ? 5 : 6);
  return `columns-${columns}`;
}

const MOST_EVEN_COLUMNS: Record<number, number> = { 1: 1, 2: 2, 3: 3, 4: 4, 6: 3, 7: 4, 8: 4, 11: 4, 12: 4 };
