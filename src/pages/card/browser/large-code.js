// The code as large as the screen, white also at night, on a screen that stays awake: what a customer needs at the till.

export const largeCode = document.getElementById('large-code');
let wakeLock;

/** Shows what is in `code`, the code as it is on the card; whoever draws it keeps both up to date. */
export function openLargeCode(code) {
  if (largeCode.open) return;
  largeCode.querySelector('div').replaceChildren(...code.cloneNode(true).children);
  largeCode.showModal();
  void stayAwake();
}

/** Only where there is https, and while the page is seen. */
async function stayAwake() {
  try {
    wakeLock = await navigator.wakeLock?.request('screen');
    if (!largeCode.open) letSleep();
  } catch {
    // The battery is low, or the browser does not want to: the screen sleeps as always.
  }
}

function letSleep() {
  wakeLock?.release();
  wakeLock = undefined;
}

largeCode.addEventListener('close', letSleep);
// The browser lets go when the page is hidden.
document.addEventListener('visibilitychange', () => !document.hidden && largeCode.open && stayAwake());
