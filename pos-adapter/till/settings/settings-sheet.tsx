import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { lookInMirror } from '../state/mirror.ts';
import { session } from '../state/session.ts';
import { closeSheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';
import { changeSettings, LOCK_MINUTES, settings } from './settings.ts';

/** How this tablet suits whoever stands behind it; kept on the tablet. */
export function SettingsSheet() {
  const { hand, hasSound, hasVibration, lockAfterMinutes } = settings.value;
  return (
    <SheetDialog title={texts.settings.title} closeLabel={texts.settings.done}>
      <p class="sheet-hint">{texts.settings.lead}</p>
      <Switch
        label={texts.settings.leftHand}
        hint={texts.settings.leftHandHint}
        isOn={hand === 'left'}
        onChange={(isOn) => changeSettings({ hand: isOn ? 'left' : 'right' })}
      />
      <Switch
        label={texts.settings.sound}
        isOn={hasSound}
        onChange={(isOn) => changeSettings({ hasSound: isOn })}
      />
      <Switch
        label={texts.settings.vibration}
        isOn={hasVibration}
        onChange={(isOn) => changeSettings({ hasVibration: isOn })}
      />
      <fieldset class="setting-choice">
        <legend>{texts.settings.lockAfter}</legend>
        <div class="segments">
          {LOCK_MINUTES.map((minutes) => (
            <label key={minutes} class="segment">
              <input
                type="radio"
                name="lock-after"
                class="visually-hidden"
                checked={lockAfterMinutes === minutes}
                onChange={() => changeSettings({ lockAfterMinutes: minutes })}
              />
              <span>{texts.settings.minutes(minutes)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {session.value && (
        <button
          type="button"
          class="quiet big settings-mirror"
          onClick={() => {
            closeSheet();
            void lookInMirror();
          }}
        >
          <Icon name="heart" />
          {texts.mirror.open}
        </button>
      )}
    </SheetDialog>
  );
}

interface SwitchProps {
  label: string;
  hint?: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function Switch({ label, hint, isOn, onChange }: SwitchProps) {
  return (
    <label class="switch">
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
