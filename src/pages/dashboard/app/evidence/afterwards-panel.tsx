import { ask } from '../api.ts';
import type { GestureTotals } from '../gestures/report-types.ts';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { formatMoney } from '../parts/money.tsx';
import { Panel } from '../parts/panel.tsx';
import { texts } from '../texts/evidence.ts';
import type { Evidence } from './evidence-types.ts';

/** What was spent afterwards: bookkeeping, in a panel of its own so that nobody adds it to the estimate. */
export function AfterwardsPanel({ view, locationId }: { view: Evidence; locationId: string }) {
  const words = texts.afterwards;
  const from = view.startedAt.slice(0, 10);
  const to = view.endedAt?.slice(0, 10);
  const query = new URLSearchParams({
    from,
    windowDays: '30',
    ...(to && { to }),
    ...(locationId && { locationId }),
  });
  const totals = useLoad(() => ask<GestureTotals>('GET', `/reports/gestures/totals?${query}`));
  return (
    <Panel title={words.title}>
      <Loaded of={totals}>
        {({ totals: { complete } }) => (
          <p>
            {complete.gestures === 0
              ? words.none
              : words.says(formatMoney(complete.attributedSpendMinor, view.currency))}
          </p>
        )}
      </Loaded>
      <p class="hint">{words.note}</p>
      <p>
        <a href={`/desk/gestures?${query}`}>{words.link}</a>
      </p>
    </Panel>
  );
}
