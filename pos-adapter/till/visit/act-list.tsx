import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { focusIfLost } from '../parts/focus-if-lost.ts';
import { Icon } from '../parts/icon.tsx';
import { mayUndo, undo } from '../state/acts.ts';
import { isBusy } from '../state/recording.ts';
import type { Act } from '../state/visit.ts';
import { texts } from '../texts.ts';

const RING_SECONDS = 30;

/** What was done for this customer, newest first, each with its half minute of Undo. */
export function ActList({ acts }: { acts: readonly Act[] }) {
  const now = useNow(acts.some((act) => !act.isUndone));
  if (acts.length === 0) return null;
  return (
    <ul class="acts">
      {acts.toReversed().map((act) => (
        <Line key={act.id} act={act} now={now} />
      ))}
    </ul>
  );
}

function Line({ act, now }: { act: Act; now: number }) {
  const line = useRef<HTMLLIElement>(null);
  // The button that was tapped is gone, and with it the focus: what it gave or undid takes it.
  useLayoutEffect(() => {
    if (act.isUndone || act.kind === 'gesture') focusIfLost(line.current);
  }, [act.isUndone]);
  return (
    <li ref={line} class={act.isUndone ? 'act undone' : 'act'} tabIndex={-1}>
      <span class="act-label">{act.label}</span>
      {act.isUndone && <span class="act-note">{texts.undo.done}</span>}
      {!act.isUndone && mayUndo(act) && <Undo act={act} now={now} />}
    </li>
  );
}

function Undo({ act, now }: { act: Act; now: number }) {
  // `now` is a moment behind when something was just done.
  const seconds = Math.min(Math.ceil((act.undoUntil - now) / 1000), RING_SECONDS);
  if (seconds <= 0) return null;
  return (
    <button type="button" class="quiet act-undo" disabled={isBusy.value} onClick={() => void undo(act)}>
      <span class="visually-hidden">{texts.undo.label(act.label, seconds)}</span>
      <span class="ring">
        <svg viewBox="0 0 36 36" aria-hidden="true">
          <circle class="ring-path" cx="18" cy="18" r="16" pathLength={RING_SECONDS} />
          <circle
            class="ring-left"
            cx="18"
            cy="18"
            r="16"
            pathLength={RING_SECONDS}
            stroke-dasharray={`${seconds} ${RING_SECONDS}`}
          />
        </svg>
        <Icon name="undo" />
      </span>
      <span aria-hidden="true">{texts.undo.button}</span>
      <span class="act-seconds" aria-hidden="true">
        {seconds}
      </span>
    </button>
  );
}

/** `performance.now()`, looked at four times a second while something counts down. */
function useNow(isCounting: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!isCounting) return undefined;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, [isCounting]);
  return now;
}
