import type { DrawOffer, GestureKind } from '../api-types.ts';
import { money } from '../formats.ts';
import { Icon } from '../parts/icon.tsx';
import { isOffline } from '../send.ts';
import { GESTURE_KINDS, giveDrawn, isUnclear, itemsToGive, letPass } from '../state/give.ts';
import { isBusy } from '../state/recording.ts';
import { describeLines } from '../state/ring-up.ts';
import { openSheet } from '../state/sheet.ts';
import { basketLines, basketTotalMinor } from '../state/visit.ts';
import { texts } from '../texts.ts';

/**
 * What a sealed draw put into the barista's hands: given with one tap, or let pass. Scanning again draws nothing anew.
 * When the house pays, no reason is asked for, and only the server knows; a hint is an ordinary gesture, with its reason.
 */
export function DrawBanner({ draw }: { draw: DrawOffer }) {
  const isLucky = draw.kind === 'lucky';
  const isOutOfReach = isLucky && isOffline.value;
  const isWaiting = isBusy.value || isUnclear.value;
  const kinds = GESTURE_KINDS.filter((kind) => draw.gestureKind === null || draw.gestureKind === kind);

  function choose(gesture: GestureKind): void {
    if (isLucky && gesture === 'double_stamp') void giveDrawn(draw, { kind: gesture });
    else openSheet({ kind: 'gesture', gesture, draw });
  }

  function describe(): string {
    if (isUnclear.value) return texts.sending;
    if (isOutOfReach) return texts.offline.noTreat;
    if (!isLucky) return texts.draw.suggestionLead;
    // One tap does both, without a sheet that would say so.
    return kinds.includes('double_stamp') && basketLines.value.length > 0
      ? texts.draw.alsoRingsUp(describeLines(), money(basketTotalMinor.value))
      : texts.draw.luckyLead;
  }

  return (
    <section class="lucky">
      <Icon name="sparkle" />
      <p>
        <strong>{texts.draw[draw.kind]}</strong>
        <span>{describe()}</span>
      </p>
      <div class="lucky-buttons">
        {kinds.map((kind) => (
          <button
            key={kind}
            type="button"
            disabled={isWaiting || isOutOfReach || (kind === 'free_item' && itemsToGive().length === 0)}
            onClick={() => choose(kind)}
          >
            {texts.gesture.kinds[kind]}
          </button>
        ))}
        <button type="button" class="quiet" disabled={isWaiting} onClick={letPass}>
          {texts.draw.pass}
        </button>
      </div>
    </section>
  );
}
