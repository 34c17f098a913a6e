import type { PublicSeason } from '../../operations/read-season-draws.ts';
import { html } from '../card/html.ts';
import type { Html } from '../card/html.ts';
import { framePage } from '../card/page-frame.ts';
import { texts } from './texts.ts';

const MILLION = 1_000_000;

/** What everybody may know of a season's draws. */
export function renderDrawsPage(season: PublicSeason): string {
  const { merchantName, timeZone, kind, chanceMillionths, startedAt, endedAt, keyHash, revealedKey } = season;
  const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone });
  const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
  const fact = (name: string, value: string | Html): Html =>
    html`<dt>${name}</dt>
      <dd>${value}</dd>`;
  return framePage({
    title: `${texts.title} · ${merchantName}`,
    kind: 'plain-page',
    body: html`
      <main class="draws">
        <h1>${texts.title}</h1>
        <p>${texts.lead(merchantName, texts.kinds[kind])}</p>
        <p>${texts.why}</p>
        <dl>
          ${fact(texts.chance, share.format(chanceMillionths / MILLION))}
          ${fact(texts.from, days.format(startedAt))}
          ${fact(texts.until, endedAt ? days.format(endedAt) : texts.stillOn)}
          ${fact(texts.keyHash, html`<code>${keyHash}</code>`)}
          ${fact(texts.key, revealedKey ? html`<code>${revealedKey}</code>` : endedAt ? texts.lost : texts.sealed)}
        </dl>
        ${season.audit && renderAudit(season.seasonId, season.audit)}
      </main>
    `,
  });
}

function renderAudit(seasonId: string, audit: NonNullable<PublicSeason['audit']>): Html {
  const number = new Intl.NumberFormat('en');
  const verdict = !audit.isKeyRight
    ? texts.keyWrong
    : audit.mismatched > 0
      ? texts.wrong(number.format(audit.mismatched))
      : texts.right;
  return html`
    <p>
      ${texts.checked(number.format(audit.draws), number.format(audit.drawn))} <strong>${verdict}</strong>
    </p>
    <p><a href="/draws/${seasonId}/draws.csv">${texts.download}</a></p>
    <h2>${texts.howTitle}</h2>
    <p>${texts.how}</p>
  `;
}
