// The only file that knows Observable Plot. It is loaded when a chart is to be drawn, and weighs nothing before.
import { areaY, axisX, axisY, dot, gridY, line, plot, rect, ruleX, ruleY, text } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';
import { currencyDigits } from '../../../../loyalty/money.ts';
import { locale } from '../language.ts';
import { formatPercent } from '../format.ts';

export interface WeekSpend {
  weekStart: string;
  finishedMinor: number;
  maturingMinor: number;
}

export interface Drawing {
  width: number;
  /** What it shows, for those who do not see it. */
  summary: string;
}

const WEEK_MS = 7 * 86_400_000;
const HEIGHT = 240;
/** Two days below an axis, in CSS pixels. Of weeks there may be twice as many as asked for: what is nearest in ratio. */
const DAYS_APART = 120;
/** As wide as a plus, where Intl writes a hyphen. */
const MINUS = '−';

/** Money by week: what was spent after finished gestures, and on top of it, in outline, what is still coming in. */
export function drawWeeks(weeks: readonly WeekSpend[], currency: string, drawing: Drawing): SVGElement {
  const unit = 10 ** currencyDigits(currency);
  const months = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'short' });
  const days = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' });
  const bars = weeks.flatMap(({ weekStart, finishedMinor, maturingMinor }) => {
    const from = Date.parse(weekStart);
    const span = { x1: new Date(from), x2: new Date(from + WEEK_MS) };
    const [finished, both] = [finishedMinor / unit, (finishedMinor + maturingMinor) / unit];
    return [
      { ...span, y1: 0, y2: finished, isFinished: true },
      { ...span, y1: finished, y2: both, isFinished: false },
    ].filter(({ y1, y2 }) => y1 !== y2);
  });
  const isLong = weeks.length > 16;
  const bar = { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', insetLeft: 1, insetRight: 1, ry: 1 };
  return finish(
    plot({
      ...frame(drawing),
      x: { type: 'utc' },
      marks: [
        gridY({ stroke: 'var(--line)', strokeOpacity: 1 }),
        rect(
          bars.filter(({ isFinished }) => isFinished),
          { ...bar, fill: 'var(--accent)' },
        ),
        rect(
          bars.filter(({ isFinished }) => !isFinished),
          { ...bar, fill: 'var(--accent-soft)', stroke: 'var(--accent)', strokeWidth: 1 },
        ),
        ruleY([0], { stroke: 'var(--line-strong)' }),
        axisX({
          ticks: Math.max(2, Math.floor(drawing.width / DAYS_APART)),
          tickSize: 0,
          tickFormat: oncePerLabel(isLong ? months : days),
          label: null,
        }),
        axisY({ tickFormat: moneyFormat(currency), ticks: 4, tickSize: 0, label: null }),
      ],
    }),
    drawing,
  );
}

/** The share of gestures after which the customer had come back, day by day. */
export function drawReturns(shares: readonly number[], drawing: Drawing): SVGElement {
  const days = [0, ...shares].map((share, day) => ({ day, share }));
  const last = days.at(-1)!;
  const xs = { x: 'day', y: 'share' };
  return finish(
    plot({
      ...frame(drawing),
      x: { domain: [0, last.day] },
      y: { domain: [0, 1] },
      marks: [
        gridY([0.25, 0.5, 0.75, 1], { stroke: 'var(--line)', strokeOpacity: 1 }),
        areaY(days, { ...xs, fill: 'var(--accent-soft)', fillOpacity: 0.6 }),
        line(days, { ...xs, stroke: 'var(--accent)', strokeWidth: 2.5 }),
        ruleY([0], { stroke: 'var(--line-strong)' }),
        dot([last], { ...xs, r: 4.5, fill: 'var(--accent)', stroke: 'var(--surface)', strokeWidth: 2 }),
        text([last], {
          ...xs,
          text: ({ share }: { share: number }) => formatPercent(share),
          dy: last.share > 0.85 ? 18 : -14,
          dx: -4,
          textAnchor: 'end',
          fontWeight: 700,
          fill: 'currentColor',
        }),
        axisX({
          ticks: last.day <= 7 ? 7 : 6,
          tickSize: 0,
          label: null,
          tickFormat: (day: number) => String(day),
        }),
        axisY([0, 0.25, 0.5, 0.75, 1], {
          tickFormat: (share: number) => formatPercent(share),
          tickSize: 0,
          label: null,
        }),
      ],
    }),
    drawing,
  );
}

/** An effect as a dot in the band of what it may be, against nothing at all and against what it costs; minor units. */
export function drawEffect(
  told: { effect: number; low: number; high: number; breakEven: number; truth: number | null },
  words: { none: string; breakEven: string; truth: string },
  currency: string,
  drawing: Drawing,
): SVGElement {
  const unit = 10 ** currencyDigits(currency);
  const [effect, low, high, breakEven] = [told.effect, told.low, told.high, told.breakEven].map(
    (minor) => minor / unit,
  ) as [number, number, number, number];
  const format = moneyFormat(currency);
  const marked = [
    { at: 0, says: words.none, dy: -40 },
    { at: breakEven, says: words.breakEven, dy: -26 },
    ...(told.truth === null ? [] : [{ at: told.truth / unit, says: words.truth, dy: 34 }]),
  ];
  const all = [low, high, ...marked.map(({ at }) => at)];
  const room = (Math.max(...all) - Math.min(...all)) * 0.12;
  return finish(
    plot({
      ...frame(drawing),
      height: 168,
      marginTop: 40,
      marginBottom: 40,
      marginLeft: 16,
      marginRight: 16,
      x: { domain: [Math.min(...all) - room, Math.max(...all) + room] },
      y: { domain: [-1, 1], axis: null },
      marks: [
        rect([{ low, high }], {
          x1: 'low',
          x2: 'high',
          y1: -0.32,
          y2: 0.32,
          fill: 'var(--accent-soft)',
          stroke: 'var(--accent)',
          rx: 5,
        }),
        ruleX(marked, { x: 'at', stroke: 'var(--line-strong)', strokeDasharray: '3 3' }),
        dot([{ effect }], {
          x: 'effect',
          y: 0,
          r: 7,
          fill: 'var(--accent)',
          stroke: 'var(--surface)',
          strokeWidth: 2,
        }),
        ...marked.map((one) =>
          text([one], {
            x: 'at',
            y: 0,
            text: 'says',
            dy: one.dy,
            fill: 'currentColor',
            fontSize: 12,
            // The line it belongs to stops at its letters.
            stroke: 'var(--surface)',
            strokeWidth: 5,
          }),
        ),
        axisX({
          ticks: Math.max(2, Math.floor(drawing.width / 90)),
          tickSize: 0,
          tickFormat: format,
          label: null,
        }),
      ],
    }),
    drawing,
  );
}

/** What was told from day to day: the band narrows as draws mature. */
export function drawToldOverTime(
  days: readonly { day: string; effect: number; low: number; high: number }[],
  breakEvenMinor: number,
  currency: string,
  drawing: Drawing,
): SVGElement {
  const unit = 10 ** currencyDigits(currency);
  const points = days.map(({ day, effect, low, high }) => ({
    at: new Date(`${day}T00:00Z`),
    effect: effect / unit,
    low: low / unit,
    high: high / unit,
  }));
  const format = moneyFormat(currency);
  const dates = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' });
  // The first bands are wide enough to hide all others.
  const settled = points.slice(Math.floor(points.length / 4));
  const reach = Math.max(...settled.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)])) * 1.4;
  const within = (amount: number): number => Math.max(-reach, Math.min(reach, amount));
  return finish(
    plot({
      ...frame(drawing),
      x: { type: 'utc' },
      marks: [
        gridY({ ticks: 4, stroke: 'var(--line)', strokeOpacity: 1 }),
        areaY(points, {
          x: 'at',
          y1: ({ low }: { low: number }) => within(low),
          y2: ({ high }: { high: number }) => within(high),
          fill: 'var(--accent-soft)',
          fillOpacity: 0.7,
        }),
        line(points, {
          x: 'at',
          y: ({ effect }: { effect: number }) => within(effect),
          stroke: 'var(--accent)',
          strokeWidth: 2.5,
        }),
        ruleY([0], { stroke: 'var(--line-strong)' }),
        ruleY([breakEvenMinor / unit], { stroke: 'var(--line-strong)', strokeDasharray: '3 3' }),
        axisX({
          ticks: Math.max(2, Math.floor(drawing.width / DAYS_APART)),
          tickSize: 0,
          tickFormat: oncePerLabel(dates),
          label: null,
        }),
        axisY({ tickFormat: format, ticks: 4, tickSize: 0, label: null }),
      ],
    }),
    drawing,
  );
}

/** Two ticks never say the same: where there are several to a day or month, the first has its name. */
function oncePerLabel(format: Intl.DateTimeFormat): (date: Date, index: number) => string {
  let before = '';
  return (date, index) => {
    const label = format.format(date);
    const isNew = index === 0 || label !== before;
    before = label;
    return isNew ? label : '';
  };
}

/** `£5`, `£0.50`, `£1.2K`: steps smaller than one stay apart. */
function moneyFormat(currency: string): (amount: number) => string {
  const style = { style: 'currency', currency } as const;
  const small = new Intl.NumberFormat(locale, { ...style, trailingZeroDisplay: 'stripIfInteger' });
  const large = new Intl.NumberFormat(locale, {
    ...style,
    notation: 'compact',
    maximumFractionDigits: 1,
    minimumFractionDigits: 0,
  });
  return (amount) => (Math.abs(amount) < 1_000 ? small : large).format(amount).replace('-', MINUS);
}

function frame({ width, summary }: Drawing): PlotOptions {
  return {
    width,
    height: HEIGHT,
    marginTop: 16,
    marginRight: 8,
    marginBottom: 28,
    marginLeft: 52,
    className: 'chart',
    ariaLabel: summary,
    style: { fontSize: '13px', fontFamily: 'inherit' },
  };
}

/** One picture to those who do not see it; its style is in our own file, because ours is all the page lets in. */
function finish(drawn: SVGElement | HTMLElement, { summary }: Drawing): SVGElement {
  const svg = drawn as SVGElement;
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const part of svg.querySelectorAll('[aria-label], [aria-description]')) {
    part.removeAttribute('aria-label');
    part.removeAttribute('aria-description');
  }
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', summary);
  return svg;
}
