import { ask } from '../api.ts';
import { formatDay, formatMoment } from '../parts/day.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/gestures.ts';
import { GestureTable } from './gesture-table.tsx';
import { ReportCharts } from './report-charts.tsx';
import { readFilter, reportPath, withFilter } from './report-filter.ts';
import type { GestureReport, GestureTotals } from './report-types.ts';
import { Totals } from './totals.tsx';
import './gestures.css';

/** What paper is good for; a file holds the rest. */
const MAX_ROWS = '500';

const words = texts.print;

/** The report on A4: the same view as the page it was asked from. */
export function PrintPage() {
  const filter = readFilter();
  const { merchant } = useSession();
  const report = useLoad(async () => {
    const [totals, rows] = await Promise.all([
      ask<GestureTotals>('GET', reportPath('/reports/gestures/totals', filter)),
      ask<GestureReport>('GET', reportPath('/reports/gestures', filter, { limit: MAX_ROWS })),
    ]);
    return { totals, rows };
  });
  return (
    <Page
      title={`${merchant.name}: ${words.title.toLowerCase()}`}
      back={{ href: withFilter('/desk/gestures', filter), text: words.back }}
      actions={
        <button type="button" onClick={() => window.print()}>
          <Icon name="print" /> {words.print}
        </button>
      }
    >
      <div class="print-sheet">
        <Loaded of={report}>
          {({ totals, rows }) => (
            <>
              <p>
                <strong>
                  {words.period(
                    totals.from && formatDay(totals.from),
                    totals.to ? formatDay(totals.to) : formatMoment(totals.asOf),
                  )}
                </strong>
                {describeChoice(totals).map((part) => ` · ${part}`)}
              </p>
              {totals.totals.all.gestures > 0 && (
                <>
                  <Totals report={totals} />
                  <ReportCharts report={totals} />
                </>
              )}
              <GestureTable
                rows={rows.items}
                hasLocations={totals.totals.byLocation.length > 1}
                empty={<p>{texts.empty.filtered}</p>}
              />
              {rows.nextCursor !== null && (
                <p class="hint">{words.cut(rows.items.length, totals.totals.all.gestures)}</p>
              )}
              <p class="hint">
                {words.counted(totals.windowDays, totals.visitMinutes, texts.filters.models[totals.model])}
              </p>
            </>
          )}
        </Loaded>
      </div>
    </Page>
  );
}

function describeChoice({ locationName, staffName, kind, reason }: GestureTotals): string[] {
  return [locationName, staffName, kind && texts.kinds[kind], reason && texts.reasons[reason]].filter(
    (part) => part !== null,
  );
}
