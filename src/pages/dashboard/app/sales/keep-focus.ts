/** A button that is gone with what it did leaves the focus nowhere: then the list it stood in has it. */
export function keepFocus(list: HTMLElement | null): void {
  if (document.activeElement === document.body) list?.focus({ preventScroll: true });
}
