import { useState } from 'preact/hooks';
import { spoken } from '../state/notice.ts';

/**
 * What happened, for screen readers, since this was on the screen. Each sheet has one of its own: behind an open dialog
 * nothing is read out. The key makes the same words be said again.
 */
export function LiveRegion() {
  const [countBefore] = useState(() => spoken.peek().count);
  const { text, count } = spoken.value;
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {count > countBefore && <span key={count}>{text}</span>}
    </div>
  );
}
