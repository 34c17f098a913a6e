import { useEffect, useState } from 'preact/hooks';
import { isOffline, isSlow, sendingCount } from '../send.ts';
import { notice } from '../state/notice.ts';
import { waitingCount } from '../queue/tap-queue.ts';
import { QueueNotes } from './queue-notes.tsx';
import { texts } from '../texts.ts';

/** Quicker answers than this need no word. */
const SAY_SENDING_AFTER_MS = 400;
const SAY_STILL_AFTER_MS = 2_500;

/** What the barista must know, at the top of every screen. */
export function Banners() {
  const sending = useSending();
  // What goes by itself floats, so that nothing jumps under a finger.
  const isPassing = notice.value?.tone === 'good' || notice.value?.tone === 'note';
  return (
    <div class={sending || isPassing ? 'banners news' : 'banners'}>
      {sending && <p class="banner passing">{sending}</p>}
      {!sending && (isOffline.value || isSlow.value) && waitingCount.value === 0 && (
        <p class="banner warn standing">{isOffline.value ? texts.offlineBanner : texts.slow.banner}</p>
      )}
      <QueueNotes />
      {!sending && notice.value && (
        <p class={`banner ${notice.value.tone}${isPassing ? ' passing' : ''}`}>{notice.value.text}</p>
      )}
    </div>
  );
}

function useSending(): string | null {
  const [said, setSaid] = useState<string | null>(null);
  const isWaiting = sendingCount.value > 0;
  useEffect(() => {
    if (!isWaiting) {
      setSaid(null);
      return undefined;
    }
    const timers = [
      setTimeout(() => setSaid(texts.sending), SAY_SENDING_AFTER_MS),
      setTimeout(() => setSaid(texts.sendingLong), SAY_STILL_AFTER_MS),
    ];
    return () => timers.forEach(clearTimeout);
  }, [isWaiting]);
  return said;
}
