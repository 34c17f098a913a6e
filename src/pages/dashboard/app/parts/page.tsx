import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { visit } from '../router.ts';
import { session } from '../state/session.ts';
import { texts } from '../texts/shell.ts';

let headingSeenAt = visit.peek();

/**
 * The inside of a page: its heading, which takes the focus when somebody came here by a link, the title of the window,
 * and what can be done here beside the heading.
 */
export function Page({
  title,
  lead,
  actions,
  back,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  /** The page above this one. */
  back?: { href: string; text: string };
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shopName = session.value?.merchant.name ?? texts.product;
  useLayoutEffect(() => {
    document.title = `${title} · ${shopName}`;
  }, [title, shopName]);
  useLayoutEffect(() => {
    // Not when the desk was opened just now: a browser begins at the top by itself.
    if (visit.peek() === headingSeenAt) return;
    headingSeenAt = visit.peek();
    heading.current?.focus({ preventScroll: true });
  }, [visit.value]);
  return (
    <div class="page">
      <header class="page-head">
        <div class="page-title">
          {back && (
            <a class="page-back" href={back.href}>
              {back.text}
            </a>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="page-lead">{lead}</p>}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
