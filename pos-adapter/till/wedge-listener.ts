import { createWedge, SILENCE } from './wedge.ts';

/** Longer than between two letters of the slowest scanner. */
export const SILENCE_MS = 250;
/** With these Firefox opens its find bar, which would swallow the rest of a code and the next one. */
const OPENS_FIND_BAR = new Set(['/', "'"]);

/**
 * Hears scanners whatever has the focus. What a scan typed into a field is taken out again, and its Enter presses no
 * button. Returns how to stop.
 */
export function listenForScans({
  onCard,
  onForeign,
}: {
  onCard: (cardCode: string) => void;
  onForeign: () => void;
}): () => void {
  const hear = createWedge();
  let fields: { input: HTMLInputElement; value: string }[] = [];
  let silence: ReturnType<typeof setTimeout> | undefined;

  function onSilence(): void {
    const heard = hear({ key: SILENCE, code: '', isShifted: false, at: performance.now() });
    if (heard.kind !== 'card') return;
    putBack();
    onCard(heard.cardCode);
  }

  function putBack(): void {
    fields.filter(({ input, value }) => input.isConnected && input.value !== value).forEach(restore);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (OPENS_FIND_BAR.has(event.key) && !isTextField(event.target)) event.preventDefault();
    clearTimeout(silence);
    silence = setTimeout(onSilence, SILENCE_MS);
    const heard = hear({ key: event.key, code: event.code, isShifted: event.shiftKey, at: event.timeStamp });
    if (heard.kind === 'start') {
      // Every field, not only the one with the focus: typing may move it, as the field for a card's code asks for.
      fields = [...document.querySelectorAll('input')].map((input) => ({ input, value: input.value }));
      return;
    }
    if (heard.kind === 'nothing') return;
    if (heard.kind === 'space') {
      if (!isTextField(event.target)) event.preventDefault(); // it would press a button
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    putBack();
    if (heard.kind === 'card') onCard(heard.cardCode);
    else if (heard.kind === 'foreign') onForeign();
  }

  document.addEventListener('keydown', onKeyDown, { capture: true });
  return () => {
    clearTimeout(silence);
    document.removeEventListener('keydown', onKeyDown, { capture: true });
  };
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && !/^(checkbox|radio)$/.test(target.type);
}

function restore({ input, value }: { input: HTMLInputElement; value: string }): void {
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
