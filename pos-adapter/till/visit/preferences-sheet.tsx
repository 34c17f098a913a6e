import { useState } from 'preact/hooks';
import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { Warning } from '../parts/warning.tsx';
import { isOffline } from '../send.ts';
import { notice } from '../state/notice.ts';
import { savePreferences } from '../state/preferences.ts';
import { isBusy } from '../state/recording.ts';
import { closeSheet, openSheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';

const MAX_LENGTH = 120;

/** "Oat milk, no lid": so that the next barista serves the person, not the ticket. */
export function PreferencesSheet({ typed, shown }: { typed: string; shown: string | null }) {
  const [trouble, setTrouble] = useState<string | null>(null);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setTrouble(null);
    if (await savePreferences({ typed, shown })) closeSheet();
    else setTrouble(isOffline.value ? texts.preferences.notSaved : (notice.value?.text ?? null));
  }

  return (
    <SheetDialog title={texts.preferences.title}>
      <form onSubmit={(event) => void submit(event)}>
        <label for="preferences">{texts.preferences.label}</label>
        <input
          id="preferences"
          class="tall"
          value={typed}
          onInput={(event) => openSheet({ kind: 'preferences', typed: event.currentTarget.value, shown })}
          maxLength={MAX_LENGTH}
          autoComplete="off"
          enterKeyHint="done"
          aria-describedby="preferences-hint"
        />
        <p class="hint" id="preferences-hint">
          {texts.preferences.hint}
        </p>
        <Warning text={trouble} />
        <button type="submit" class="big" disabled={isBusy.value}>
          {texts.preferences.save}
        </button>
      </form>
    </SheetDialog>
  );
}
