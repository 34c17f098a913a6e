import { useState } from 'preact/hooks';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { enrol } from '../state/till.ts';
import { texts } from '../texts.ts';

/** Makes this tablet a till, with the code the owner made at the desk. */
export function EnrolScreen() {
  const [code, setCode] = useState(readCodeFromLink);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const isEnrolled = await enrol(code);
    // A code that was used does not belong in the tablet's history.
    if (isEnrolled) history.replaceState(null, '', location.pathname);
    else setBusy(false);
  }

  return (
    <form class="narrow panel" onSubmit={(event) => void submit(event)}>
      <FocusHeading>{texts.enrol.title}</FocusHeading>
      <p>{texts.enrol.lead}</p>
      <label for="enrol-code">{texts.enrol.code}</label>
      <input
        id="enrol-code"
        class="code-field"
        value={code}
        onInput={(event) => setCode(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="characters"
        spellcheck={false}
        maxLength={20}
        placeholder="K7QM-2X9P"
        required
      />
      <button type="submit" class="big" disabled={isBusy}>
        {texts.enrol.button}
      </button>
    </form>
  );
}

/** `/till/?enrol=K7QM-2X9P` */
function readCodeFromLink(): string {
  return new URLSearchParams(location.search).get('enrol') ?? '';
}
