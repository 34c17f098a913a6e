import type { ComponentChildren } from 'preact';
import { formatMoment } from '../parts/day.tsx';
import { formatMoney } from '../parts/money.tsx';
import { formatNumber, formatPercent } from '../format.ts';
import { texts } from '../texts/gestures.ts';
import type { GestureTotals } from './report-types.ts';

const words = texts.totals;

/**
 * What the gestures add up to. Finished and maturing gestures are never averaged together, and nothing here says that
 * a gesture caused anything.
 */
export function Totals({ report }: { report: GestureTotals }) {
  const { totals, windowDays, asOf } = report;
  const { all, complete, maturing } = totals;
  const spent = formatMoney(complete.attributedSpendMinor);
  return (
    <section class="totals" aria-label={words.title}>
      <dl class="figures">
        <Figure name={words.given} figure={formatNumber(all.gestures)}>
          {all.priceMinor > 0 && words.price(formatMoney(all.priceMinor))}
        </Figure>
        <Figure name={words.cost} figure={formatMoney(all.costMinor)}>
          {words.costHint}
        </Figure>
        <Figure
          name={words.cameBack}
          figure={complete.gestures > 0 ? formatPercent(complete.gesturesReturned / complete.gestures) : '–'}
        >
          {complete.gestures > 0
            ? words.cameBackHint(complete.gesturesReturned, complete.gestures, windowDays)
            : words.noneFinished(windowDays)}
        </Figure>
        <Figure name={words.spent} figure={complete.gestures > 0 ? spent : '–'}>
          {complete.gestures > 0
            ? words.spentHint(complete.attributedSales, windowDays)
            : words.noneFinished(windowDays)}
        </Figure>
      </dl>
      <div class="afterwards">
        {complete.gestures > 0 && (
          <p>
            {words.afterwards(spent, windowDays)} <strong>{words.anyway}</strong>
          </p>
        )}
        {maturing.gestures > 0 && (
          <p class="hint">
            {words.maturing(
              maturing.gestures,
              maturing.gesturesReturned,
              formatMoney(maturing.attributedSpendMinor),
            )}
          </p>
        )}
        <p class="hint not-printed">
          {words.evidence} <a href="/desk/evidence">{words.toEvidence}</a>
        </p>
        <p class="hint">{words.asOf(formatMoment(asOf))}</p>
      </div>
    </section>
  );
}

function Figure({ name, figure, children }: { name: string; figure: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="figure number">{figure}</span>
        <span class="hint">{children}</span>
      </dd>
    </div>
  );
}
