import type { Card } from '../api-types.ts';
import { moment } from '../formats.ts';
import { Icon } from '../parts/icon.tsx';
import { isOffline } from '../send.ts';
import { GESTURE_KINDS, isUnclear, itemsToGive } from '../state/give.ts';
import { leftToGive } from '../state/lease.ts';
import { isBusy } from '../state/recording.ts';
import { allowance } from '../state/session.ts';
import { openSheet } from '../state/sheet.ts';
import { visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** The two kindnesses, with what is left of them, or why not. */
export function GestureButtons({ card }: { card: Card }) {
  if (card.isBlocked) return null;
  const coolDownEndsAt = visit.value?.lastGesture?.coolDownEndsAt;
  const isSpent = leftToGive.value === 0;
  const isOwn = visit.value?.isOwn ?? false;
  const whyNot = describeWhyNot();

  function describeWhyNot(): string | null {
    if (isUnclear.value) return texts.sending;
    if (isOwn) return texts.refusals['own-card']!;
    if (coolDownEndsAt) return texts.gesture.coolDown(moment(coolDownEndsAt));
    if (!isSpent) return null;
    if (isOffline.value) return texts.offline.noneLeft;
    return texts.gesture.noneLeft(allowance.value ? moment(allowance.value.resetsAt) : '');
  }

  return (
    <section class="gestures">
      <div class="gesture-row">
        {GESTURE_KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            class="gesture"
            disabled={whyNot !== null || isBusy.value || (kind === 'free_item' && itemsToGive().length === 0)}
            onClick={() => openSheet({ kind: 'gesture', gesture: kind })}
          >
            <Icon name={kind === 'double_stamp' ? 'star' : 'gift'} />
            <span class="gesture-name">{texts.gesture.kinds[kind]}</span>
            <span class="gesture-left">{describeLeft(leftToGive.value)}</span>
          </button>
        ))}
      </div>
      {whyNot && <p class="gesture-why-not">{whyNot}</p>}
      {isSpent && !isOffline.value && !coolDownEndsAt && !isOwn && !isUnclear.value && (
        <button
          type="button"
          class="quiet gesture-one-more"
          disabled={isBusy.value}
          onClick={() => openSheet({ kind: 'one-more' })}
        >
          {texts.gesture.askManager}
        </button>
      )}
    </section>
  );
}

/** `2 left today`; nothing when the owner set no limit. */
function describeLeft(left: number | null): string {
  if (left === null) return '';
  if (isOffline.value) return left > 0 ? texts.offline.canGive(left) : '';
  return allowance.value?.period === 'week'
    ? texts.gesture.leftThisWeek(left)
    : texts.gesture.leftToday(left);
}
