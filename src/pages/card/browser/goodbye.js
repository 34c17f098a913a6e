// After "forget me": nothing of the card stays on this phone either.

const path = document.querySelector('[data-forgotten]').dataset.forgotten;
void globalThis.caches?.delete(`card ${path}`);
history.replaceState(null, '', '/');
