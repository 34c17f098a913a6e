import { createWedge } from './wedge.ts';

/**
 * Hears scanners whatever has the focus. What a scan typed into a field is taken out again, and its Enter presses no
 * button. Returns how to stop.
 */
export function listenForScans(onCard: (cardCode: string) => void): () => void {
  const hear = createWedge();
  let field: { input: HTMLInputElement; value: string } | null = null;

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const heard = hear({ key: event.key, code: event.code, isShifted: event.shiftKey, at: event.timeStamp });
    if (heard.kind === 'start') {
      const { target } = event;
      field = target instanceof HTMLInputElement ? { input: target, value: target.value } : null;
      return;
    }
    if (heard.kind === 'nothing') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (field?.input.isConnected) restore(field);
    if (heard.kind === 'card') onCard(heard.cardCode);
  }

  document.addEventListener('keydown', onKeyDown, { capture: true });
  return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
}

function restore({ input, value }: { input: HTMLInputElement; value: string }): void {
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
