import {
  dismissRefused,
  isBehind,
  isTillEnded,
  refusedTaps,
  waitingCount,
  waitingTrouble,
} from '../queue/tap-queue.ts';
import type { RefusedTap } from '../queue/tap.ts';
import { isOffline, isSlow } from '../send.ts';
import { explainProblem } from '../state/notice.ts';
import { texts } from '../texts.ts';

/**
 * What waits to be sent, and what the server would not take while nobody looked: one after the other, so that there is
 * still room to serve a customer.
 */
export function QueueNotes() {
  const [refused, ...others] = refusedTaps.value;
  return (
    <>
      <WaitingNote />
      {refused && <Refused key={refused.tapId} refused={refused} othersCount={others.length} />}
    </>
  );
}

function WaitingNote() {
  const count = waitingCount.value;
  const isLate = isOffline.value || isSlow.value || isBehind.value;
  if (count === 0 || !(isLate || waitingTrouble.value || isTillEnded.value)) return null;
  const trouble = isTillEnded.value
    ? texts.offline.tillEnded
    : waitingTrouble.value && explainProblem(waitingTrouble.value);
  return (
    <p class={`banner warn waiting-note${trouble ? '' : ' standing'}`}>
      {isOffline.value && `${texts.offline.noConnection} `}
      {isSlow.value && !isOffline.value && `${texts.slow.slow} `}
      {texts.offline.waiting(count)}
      {trouble && ` ${trouble}`}
    </p>
  );
}

function Refused({
  refused: { tapId, tap, refusal, isKept },
  othersCount,
}: {
  refused: RefusedTap;
  othersCount: number;
}) {
  const reason = texts.refusals[refusal as keyof typeof texts.refusals] ?? refusal;
  return (
    <div class="banner bad refused">
      <span>
        {texts.offline.refused(tap.label || texts.offline.operations[tap.operation], reason)}{' '}
        {isKept ? texts.offline.keptForManager : texts.offline.keptHere}
        {othersCount > 0 && ` ${texts.offline.othersRefused(othersCount)}`}
      </span>
      {isKept && (
        <button type="button" class="quiet" onClick={() => void dismissRefused(tapId)}>
          {texts.offline.seen}
        </button>
      )}
    </div>
  );
}
