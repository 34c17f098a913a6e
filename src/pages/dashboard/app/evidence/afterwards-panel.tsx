import { ask } from '../api.ts';
import type { GestureTotals } from '../gestures/report-types.ts';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { formatMoney } from '../parts/money.tsx';
import { Panel } from '../parts/panel.tsx';
import { texts } from '../texts/evidence.ts';
import type { Evidence } from './evidence-types.ts';
import type { seasonDays } from './season-days.ts';

/** What was spent afterwards: bookkeeping, in a panel of its own so that nobody adds it to the estimate. */
export function AfterwardsPanel({
  view,
  days: { from, to },
}: {
  view: Evidence;
  days: ReturnType<typeof seasonDays>;
}) {
  const words = texts.afterwards;
  // Where the evidence is from: a season of one location has none from the others.
  const locationId = view.locationId ?? view.seasonLocationId;
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
        <a href={`/desk/gestures?period=days&${query}`}>{words.link}</a>
      </p>
    </Panel>
  );
}
