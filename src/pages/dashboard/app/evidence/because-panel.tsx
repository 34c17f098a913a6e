import { locale } from '../language.ts';
import { formatDay } from '../parts/day.tsx';
import { formatMoney } from '../parts/money.tsx';
import { Panel } from '../parts/panel.tsx';
import { texts } from '../texts/evidence.ts';
import { boundsOf } from './effect-bounds.ts';
import type { Evidence } from './evidence-types.ts';
import { signedCount, signedMoney } from './signed.ts';
import { moneyOf, tellEstimate, tellMissing, tellVerdict } from './tell-verdict.ts';

const visitCounts = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** The verdict, the estimate with its doubt, and how we know. */
export function BecausePanel({ view }: { view: Evidence }) {
  const { currency, cost, acceptance, draws, restated } = view;
  const words = texts.because;
  const missing = tellMissing(view);
  const visits = boundsOf(view.visits);
  const money = (minor: number) => signedMoney(minor, currency);
  return (
    <Panel title={words.title}>
      <p class="evidence-verdict">{tellVerdict(view)}</p>
      {view.verdict === 'cost-more' && view.gesture?.high != null && (
        <p>{texts.atMost(money(view.gesture.high))}</p>
      )}
      {missing && <p>{missing}</p>}
      <BestEstimate view={view} />
      {visits && (
        <p class="hint">
          {words.visits(signedCount(visits.effect), signedCount(visits.low), signedCount(visits.high))}
        </p>
      )}
      <p class="hint">
        {cost.gestureMinor === 0
          ? words.noCost
          : words.cost(
              formatMoney(Math.round(cost.gestureMinor), currency),
              formatMoney(Math.round(cost.breakEvenMinor), currency),
              cost.breakEvenVisits === null ? null : visitCounts.format(cost.breakEvenVisits),
            )}{' '}
        {acceptance && words.acceptance(acceptance.rate)}
      </p>
      <p class="hint">{texts.soFar(draws.made, draws.matured, draws.treated)}</p>
      {restated && (
        <p class="hint">{texts.restated(formatDay(restated.since), money(restated.spendMinor), restated)}</p>
      )}
      <p class="hint">{words.how(view.chanceMillionths, view.kind)}</p>
    </Panel>
  );
}

/** The effect of a gesture and beside it that of an offer; of an offer alone, while nothing bounds the other. */
function BestEstimate({ view }: { view: Evidence }) {
  const words = texts.because;
  const estimate = tellEstimate(view);
  const bounds = boundsOf(view.offer);
  const offer = bounds && moneyOf(bounds, view.currency);
  if (!estimate) return <p>{offer ? words.unbounded(...offer) : words.nothing}</p>;
  return (
    <>
      <p>{estimate}</p>
      {offer && <p class="hint">{words.offer(...offer)}</p>}
    </>
  );
}
