/** Gives the focus to what takes the place of a button that is gone, or off: reading and Tab go on from there. */
export function focusIfLost(element: Element | null | undefined): void {
  if (document.activeElement === document.body && element instanceof HTMLElement)
    element.focus({ preventScroll: true });
}
