import { ask } from '../api.ts';
import { Empty } from '../parts/empty.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { setQuery } from '../router.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/gestures.ts';
import { usePages } from '../use-pages.ts';
import { Filters } from './filters.tsx';
import { GestureTable } from './gesture-table.tsx';
import { ReportCharts } from './report-charts.tsx';
import { isEverything, readFilter, reportPath, withFilter } from './report-filter.ts';
import type { ReportFilter } from './report-filter.ts';
import type { GestureReport, GestureRow, GestureTotals } from './report-types.ts';
import { Totals } from './totals.tsx';
import './gestures.css';

const ROWS = '/reports/gestures';
const TOTALS = '/reports/gestures/totals';

/** What was given, and what followed. The rows come at once; what they add up to when every one has been followed. */
export function GesturesPage() {
  const filter = readFilter();
  const view = reportPath('', filter);
  const totals = useLoad(() => ask<GestureTotals>('GET', reportPath(TOTALS, filter)), [view]);
  const counted = totals.value.value?.totals.all.gestures;
  return (
    <Page title={texts.title} lead={texts.lead} actions={<Exports filter={filter} />}>
      <Filters filter={filter} />
      <div class="report" aria-busy={totals.isBusy.value}>
        <Loaded of={totals}>
          {(report) =>
            report.totals.all.gestures > 0 && (
              <>
                <Totals report={report} />
                <ReportCharts report={report} />
              </>
            )
          }
        </Loaded>
      </div>
      <Rows key={view} filter={filter} counted={counted} />
    </Page>
  );
}

function Rows({ filter, counted }: { filter: ReportFilter; counted: number | undefined }) {
  const rows = usePages((cursor) => ask<GestureReport>('GET', reportPath(ROWS, filter, { cursor })));
  const shown = rows.value.value?.items.length ?? 0;
  return (
    <Panel
      title={texts.rows.title}
      actions={
        counted !== undefined &&
        counted > 0 && <span class="hint">{texts.rows.shown(Math.min(shown, counted), counted)}</span>
      }
    >
      <Loaded of={rows}>
        {({ items }) => (
          <GestureTable
            rows={items}
            hasLocations={hasSeveral(items)}
            empty={<Nothing filter={filter} />}
            onMore={rows.more}
            isBusy={rows.isComing}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function hasSeveral(rows: readonly GestureRow[]): boolean {
  return rows.some(({ locationId }) => locationId !== rows[0]?.locationId);
}

/** A shop that has given nothing yet, or a choice that fits nothing. */
function Nothing({ filter }: { filter: ReportFilter }) {
  const any = useLoad(async () =>
    isEverything(filter) ? false : (await ask<GestureReport>('GET', `${ROWS}?limit=1`)).items.length > 0,
  );
  return (
    <Loaded of={any}>
      {(hasOthers) =>
        hasOthers ? (
          <Empty
            icon="gift"
            title={texts.empty.filtered}
            action={
              <button type="button" class="quiet" onClick={showEverything}>
                {texts.filters.periods.all}
              </button>
            }
          >
            {texts.empty.filteredHint}
          </Empty>
        ) : (
          <Empty
            icon="gift"
            title={texts.empty.none}
            action={
              <a class="button quiet" href="/desk/allowance">
                {texts.empty.toAllowance}
              </a>
            }
          >
            {texts.empty.noneHint}
          </Empty>
        )
      }
    </Loaded>
  );
}

function showEverything(): void {
  setQuery({
    period: 'all',
    from: null,
    to: null,
    locationId: null,
    staffId: null,
    kind: null,
    reason: null,
  });
}

function Exports({ filter }: { filter: ReportFilter }) {
  const { isOwner } = useSession();
  return (
    <div class="panel-actions" role="group" aria-label={texts.export.label}>
      {isOwner && (
        <>
          <FileButton path={reportPath(`${ROWS}.csv`, filter)} text={texts.export.csv} />
          <FileButton path={reportPath(`${ROWS}.xlsx`, filter)} text={texts.export.xlsx} />
        </>
      )}
      <a class="button quiet" href={withFilter('/desk/gestures/print', filter)}>
        <Icon name="print" /> {texts.export.print}
      </a>
    </div>
  );
}
