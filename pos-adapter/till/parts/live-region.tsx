import { spoken } from '../state/notice.ts';

/** What happened, for screen readers. The key makes the same words be said again. */
export function LiveRegion() {
  const { text, count } = spoken.value;
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      <span key={count}>{text}</span>
    </div>
  );
}
