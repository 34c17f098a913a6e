/** Safari draws the ring of a keyboard's focus also around what a tap brought up: here a key has to come first. */
export function watchFocusRing(): void {
  const note = ({ type }: Event): void => {
    document.documentElement.classList.toggle('tapped', type === 'pointerdown');
  };
  for (const type of ['pointerdown', 'keydown']) document.addEventListener(type, note, { capture: true });
}
