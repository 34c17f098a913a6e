import { useEffect, useRef, useState } from 'preact/hooks';
import { hasCamera } from '../camera/has-camera.ts';
import { Icon } from '../parts/icon.tsx';
import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { isBusy } from '../state/recording.ts';
import { redeem } from '../state/redeem.ts';
import type { Redemption } from '../state/redeem.ts';
import { openSheet } from '../state/sheet.ts';
import { visit } from '../state/visit.ts';
import { texts } from '../texts.ts';
import { SILENCE_MS } from '../wedge-listener.ts';

const DIGITS = 6;
/** A scan types into the field as well, figures among letters, before it is taken out again. */
const SETTLED_AFTER_MS = SILENCE_MS + 50;

/**
 * Whose card it is, before something is given for it: a scan of the phone, its six figures, or the word of whoever
 * is at the till, which is written down.
 */
export function ProofSheet({ rewardId, isOnSale, trouble }: Redemption & { trouble: string | null }) {
  const [liveCode, setLiveCode] = useState('');
  const reward = visit.value?.card?.openRewards.find((one) => one.rewardId === rewardId);
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(settling.current), []);
  if (!reward) return null;

  function type(text: string): void {
    const digits = text.replaceAll(/\D/g, '').slice(0, DIGITS);
    setLiveCode(digits);
    clearTimeout(settling.current); // also by a letter: a scan is not over yet
    if (digits.length < DIGITS) return;
    settling.current = setTimeout(() => {
      setLiveCode('');
      void redeem({ rewardId, isOnSale }, { liveCode: digits, scannedAgoMs: 0 });
    }, SETTLED_AFTER_MS);
  }

  return (
    <SheetDialog title={reward.name}>
      <p>{isOnSale ? texts.proof.lead : texts.proof.leadByHand}</p>
      <label for="live-code">{texts.proof.code}</label>
      <input
        id="live-code"
        class="code-field"
        inputMode="numeric"
        autoComplete="off"
        value={liveCode}
        onInput={(event) => type(event.currentTarget.value)}
        aria-describedby="proof-trouble"
        aria-invalid={trouble !== null}
        readOnly={isBusy.value} // and keeps the focus for the next try
      />
      <p id="proof-trouble" class="proof-trouble" role="alert">
        {trouble}
      </p>
      {hasCamera.value && (
        <button
          type="button"
          class="quiet big"
          disabled={isBusy.value}
          onClick={() =>
            openSheet({ kind: 'camera', from: { kind: 'proof', rewardId, isOnSale, trouble: null } })
          }
        >
          <Icon name="camera" />
          {texts.proof.camera}
        </button>
      )}
      <button
        type="button"
        class="quiet big"
        disabled={isBusy.value}
        onClick={() => void redeem({ rewardId, isOnSale }, { override: true })}
      >
        <span>
          {texts.proof.override}
          <small>{texts.proof.overrideHint}</small>
        </span>
      </button>
    </SheetDialog>
  );
}
