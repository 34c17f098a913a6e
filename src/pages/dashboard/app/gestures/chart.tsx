import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { texts } from '../texts/gestures.ts';
import type * as PlotCharts from './plot-charts.ts';
import type { Drawing } from './plot-charts.ts';

/** Narrower, and there is no room for anything beside the figures of the axis. */
const MIN_WIDTH = 160;

type Plots = typeof PlotCharts;

/** A picture drawn as wide as there is room, what it says in a sentence, and the same as a table. */
export function Chart({
  title,
  summary,
  legend,
  draw,
  table,
  of,
}: {
  title: string;
  summary: string;
  legend?: ComponentChildren;
  draw: (plots: Plots, drawing: Drawing) => SVGElement;
  table: ComponentChildren;
  /** What is drawn: when it changes, so does the picture. */
  of: unknown;
}) {
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const hasFailed = useSignal(false);

  useEffect(() => {
    const box = place.current!;
    let plots: Plots | undefined;
    let isGone = false;
    const redraw = (): void => {
      if (plots && !isGone)
        box.replaceChildren(draw(plots, { width: Math.max(box.clientWidth, MIN_WIDTH), summary }));
    };
    const watch = new ResizeObserver(redraw);
    watch.observe(box);
    import('./plot-charts.ts').then(
      (loaded) => {
        plots = loaded;
        redraw();
      },
      () => (hasFailed.value = true),
    );
    return () => {
      isGone = true;
      watch.disconnect();
    };
  }, [of, summary]);

  return (
    <figure class="panel chart-panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {legend}
      <div ref={place} class="chart-place" />
      {hasFailed.value && <p class="notice warn">{texts.charts.notLoaded}</p>}
      <figcaption class="hint">{summary}</figcaption>
      <details class="chart-table">
        <summary>{texts.charts.asTable}</summary>
        {table}
      </details>
    </figure>
  );
}

/** In place of a picture of nothing. */
export function NoChart({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <figure class="panel chart-panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p class="hint">{children}</p>
    </figure>
  );
}
