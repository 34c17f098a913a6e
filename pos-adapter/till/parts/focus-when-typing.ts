/** Whoever starts to type need not tap the field first. Returns how to stop. */
export function focusWhenTyping(input: HTMLInputElement): () => void {
  function onKeyDown(event: KeyboardEvent): void {
    const open = document.querySelector('dialog[open]');
    const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const isElsewhere = !isField && (!open || open.contains(input));
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isElsewhere && isPlain && /^[\p{L}\p{N}]$/u.test(event.key)) input.focus();
  }
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
