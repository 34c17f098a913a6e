import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A part of a page with a heading of its own: a region that can be found and jumped to. */
export function Panel({
  title,
  lead,
  actions,
  children,
  tone,
}: {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
  tone?: 'warn';
}) {
  const id = useId();
  return (
    <section class={`panel ${tone ?? ''}`} aria-labelledby={id}>
      <div class="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {lead && <p class="hint">{lead}</p>}
        </div>
        {actions && <div class="panel-actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
