import { useMemo } from 'preact/hooks';
import { Day, formatDay } from '../parts/day.tsx';
import { formatMoney, Money } from '../parts/money.tsx';
import { formatPercent } from '../format.ts';
import { texts } from '../texts/gestures.ts';
import { Chart, NoChart } from './chart.tsx';
import type { WeekSpend } from './plot-charts.ts';
import type { GestureTotals } from './report-types.ts';

const words = texts.charts;
const WEEK_MS = 7 * 86_400_000;

/** Two pictures of what came afterwards. */
export function ReportCharts({ report }: { report: GestureTotals }) {
  return (
    <div class="charts">
      <WeeksChart report={report} />
      <ReturnsChart report={report} />
    </div>
  );
}

function WeeksChart({ report }: { report: GestureTotals }) {
  const weeks = useMemo(() => listWeeks(report), [report]);
  const spentOf = ({ finishedMinor, maturingMinor }: WeekSpend): number => finishedMinor + maturingMinor;
  const most = weeks.reduce<WeekSpend | undefined>(
    (found, week) => (!found || spentOf(week) > spentOf(found) ? week : found),
    undefined,
  );
  if (!most || spentOf(most) <= 0) return <NoChart title={words.weeks}>{words.noWeeks}</NoChart>;
  const summary = words.weeksSummary(
    weeks.length,
    formatDay(weeks[0]!.weekStart),
    formatDay(weeks.at(-1)!.weekStart),
    formatMoney(spentOf(most)),
    formatDay(most.weekStart),
  );
  return (
    <Chart
      title={words.weeks}
      summary={summary}
      of={weeks}
      draw={(plots, drawing) => plots.drawWeeks(weeks, report.currency, drawing)}
      legend={
        <ul class="unmarked legend">
          <li>
            <span class="swatch finished" /> {words.finished}
          </li>
          {report.totals.maturing.gestures > 0 && (
            <li>
              <span class="swatch maturing" /> {words.maturing}
            </li>
          )}
        </ul>
      }
      table={
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{words.week}</th>
              <th scope="col" class="number">
                {words.finished}
              </th>
              <th scope="col" class="number">
                {words.maturing}
              </th>
            </tr>
          </thead>
          <tbody>
            {weeks.toReversed().map(({ weekStart, finishedMinor, maturingMinor }) => (
              <tr key={weekStart}>
                <th scope="row">
                  <Day day={weekStart} />
                </th>
                <td class="number">
                  <Money minor={finishedMinor} />
                </td>
                <td class="number">
                  <Money minor={maturingMinor} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

function ReturnsChart({ report: { totals, windowDays } }: { report: GestureTotals }) {
  const { gestures } = totals.complete;
  const shares = useMemo(
    () => totals.returnedWithinDays.map((returned) => (gestures > 0 ? returned / gestures : 0)),
    [totals],
  );
  const title = words.returns(windowDays);
  if (gestures === 0) return <NoChart title={title}>{words.noReturns(windowDays)}</NoChart>;
  const steps = [1, 7, 14, 30, 60, 90].filter((day) => day <= windowDays);
  const summary = words.returnsSummary(
    gestures,
    steps
      .filter((day) => day !== 1)
      .map((day) => words.returnsStep(formatPercent(shares[day - 1]!), day))
      .join(', '),
  );
  return (
    <Chart
      title={title}
      summary={summary}
      of={shares}
      draw={(plots, drawing) => plots.drawReturns(shares, drawing)}
      table={
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{words.days}</th>
              <th scope="col" class="number">
                {words.ofGestures}
              </th>
              <th scope="col" class="number">
                {words.share}
              </th>
            </tr>
          </thead>
          <tbody>
            {shares.map((share, index) => (
              <tr key={index}>
                <th scope="row">{index + 1}</th>
                <td class="number">{totals.returnedWithinDays[index]}</td>
                <td class="number">{formatPercent(share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

/** Every week from the first with a gesture to the last: one without any is a gap, not a leap. */
function listWeeks({ totals: { byWeek } }: GestureTotals): WeekSpend[] {
  const [first, last] = [byWeek[0], byWeek.at(-1)];
  if (!first || !last) return [];
  const known = new Map(byWeek.map((week) => [week.weekStart, week]));
  const weeks: WeekSpend[] = [];
  for (let at = Date.parse(first.weekStart); at <= Date.parse(last.weekStart); at += WEEK_MS) {
    const weekStart = new Date(at).toISOString().slice(0, 10);
    const week = known.get(weekStart);
    weeks.push({
      weekStart,
      finishedMinor: week?.complete.attributedSpendMinor ?? 0,
      maturingMinor: week?.maturing.attributedSpendMinor ?? 0,
    });
  }
  return weeks;
}
