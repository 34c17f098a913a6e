import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { focusIfLost } from './focus-if-lost.ts';

/**
 * A heading that takes the focus when its screen comes: a screen reader begins there, and Tab goes on from it. Before
 * the screen is painted, so that no key pressed at once is lost to it.
 */
export function FocusHeading({ children, level = 1 }: { children: ComponentChildren; level?: 1 | 2 }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0); // however far the screen before was
  }, []);
  // As when a reward made it free what was to be paid, by a button that is gone with it.
  useLayoutEffect(() => focusIfLost(heading.current), [children]);
  const Heading = `h${level}` as const;
  return (
    <Heading ref={heading} tabIndex={-1}>
      {children}
    </Heading>
  );
}
