import type { ComponentChildren } from 'preact';
import { ask } from '../api.ts';
import type { Evidence, Season } from '../evidence/evidence-types.ts';
import { tellEstimate, tellMissing, tellVerdict } from '../evidence/tell-verdict.ts';
import { readFilter, reportPath } from '../gestures/report-filter.ts';
import type { GestureTotals } from '../gestures/report-types.ts';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { formatMoney } from '../parts/money.tsx';
import { formatPercent } from '../format.ts';
import { Panel } from '../parts/panel.tsx';
import { texts as gestureTexts } from '../texts/gestures.ts';
import { texts } from '../texts/home.ts';

/** What the page of the gestures shows when nothing is chosen: the link below leads to the same figures. */
const USUAL = readFilter(new URLSearchParams());

/**
 * Did it come back? The bookkeeping and the evidence stand beside each other, each with the way to its page, and never
 * in one sentence. Asked once, not with every refresh: neither changes within minutes.
 */
export function CameBack() {
  const totals = useLoad(() => ask<GestureTotals>('GET', reportPath('/reports/gestures/totals', USUAL)));
  const evidence = useLoad(readEvidence);
  return (
    <div class="home-pair">
      <Panel title={texts.afterwards} actions={<SeeMore href="/desk/gestures">{texts.toGestures}</SeeMore>}>
        <Loaded of={totals}>{(report) => <Afterwards report={report} />}</Loaded>
      </Panel>
      <Panel title={texts.because} actions={<SeeMore href="/desk/evidence">{texts.toEvidence}</SeeMore>}>
        <Loaded of={evidence}>
          {(view) => (view ? <Because view={view} /> : <p class="hint">{texts.noSeason}</p>)}
        </Loaded>
      </Panel>
    </div>
  );
}

/** A shop that has never planned a season has no evidence. */
async function readEvidence(): Promise<Evidence | null> {
  const seasons = await ask<{ items: Season[] }>('GET', '/seasons');
  return seasons.items.length > 0 ? ask<Evidence>('GET', '/reports/evidence') : null;
}

function Afterwards({ report: { totals, windowDays } }: { report: GestureTotals }) {
  const { complete, maturing } = totals;
  const words = gestureTexts.totals;
  if (complete.gestures === 0)
    return (
      <p class="hint">
        {maturing.gestures === 0 ? texts.noneGiven : texts.soFar(maturing.gestures, windowDays)}
      </p>
    );
  return (
    <>
      <p class="home-answer">
        {texts.cameBack(formatPercent(complete.gesturesReturned / complete.gestures), windowDays)}
      </p>
      <p class="hint">
        {words.afterwards(formatMoney(complete.attributedSpendMinor), windowDays)} {words.anyway}
      </p>
    </>
  );
}

/** The verdict, never without its doubt. */
function Because({ view }: { view: Evidence }) {
  const missing = tellMissing(view);
  const isOpen = view.verdict === 'not-enough-data' || view.verdict === 'checks-failed';
  return (
    <>
      <p class="home-answer">{tellVerdict(view)}</p>
      {!isOpen && <p class="hint">{tellEstimate(view)}</p>}
      {missing && <p class="hint">{missing}</p>}
    </>
  );
}

function SeeMore({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="small" href={href}>
      {children}
    </a>
  );
}
