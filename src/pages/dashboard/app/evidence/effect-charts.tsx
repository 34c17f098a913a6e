import { Chart } from '../gestures/chart.tsx';
import { formatDay } from '../parts/day.tsx';
import { Table } from '../parts/table.tsx';
import { texts } from '../texts/evidence.ts';
import { boundsOf } from './effect-bounds.ts';
import type { Evidence } from './evidence-types.ts';
import { signedMoney } from './signed.ts';

/** The estimate and its band against break-even. Nothing, while nothing bounds it. */
export function EffectChart({ view }: { view: Evidence }) {
  const { cost, currency, trueEffectMinor: truth } = view;
  const bounds = boundsOf(view.gesture);
  if (!bounds) return null;
  const words = texts.chart;
  const money = (minor: number) => signedMoney(minor, currency);
  const breakEven = cost.breakEvenMinor;
  const rows = [
    { what: words.effect, minor: bounds.effect },
    { what: words.low, minor: bounds.low },
    { what: words.high, minor: bounds.high },
    { what: words.breakEven, minor: breakEven },
    ...(truth === null ? [] : [{ what: words.truth, minor: truth }]),
  ];
  return (
    <Chart
      title={words.title}
      summary={words.summary(money(bounds.effect), money(bounds.low), money(bounds.high), money(breakEven))}
      of={view}
      draw={(plots, drawing) => plots.drawEffect({ ...bounds, breakEven, truth }, words, currency, drawing)}
      table={
        <Table
          caption={words.title}
          rows={rows}
          rowKey={({ what }) => what}
          empty={null}
          columns={[
            { key: 'what', head: words.what, cell: ({ what }) => what, isRowHead: true },
            { key: 'amount', head: words.amount, cell: ({ minor }) => money(minor), isNumber: true },
          ]}
        />
      }
    />
  );
}

/** What was told on the days before, and today. Nothing, until it can be told for the second time. */
export function EffectOverTimeChart({ view }: { view: Evidence }) {
  const days = view.series.flatMap((told) => {
    const bounds = boundsOf(told);
    return bounds ? [{ day: told.day, ...bounds }] : [];
  });
  if (days.length < 2) return null;
  const words = texts.chart;
  const money = (minor: number) => signedMoney(minor, view.currency);
  return (
    <Chart
      title={words.over}
      summary={words.overSummary(days.length)}
      of={view}
      draw={(plots, drawing) =>
        plots.drawToldOverTime(days, view.cost.breakEvenMinor, view.currency, drawing)
      }
      table={
        <Table
          caption={words.over}
          rows={days}
          rowKey={({ day }) => day}
          empty={null}
          columns={[
            { key: 'day', head: words.day, cell: ({ day }) => formatDay(day), isRowHead: true },
            { key: 'effect', head: words.effect, cell: ({ effect }) => money(effect), isNumber: true },
            { key: 'low', head: words.low, cell: ({ low }) => money(low), isNumber: true },
            { key: 'high', head: words.high, cell: ({ high }) => money(high), isNumber: true },
          ]}
        />
      }
    />
  );
}
