// After "forget me": nothing of the card stays on this phone either. Opened again, the page is where one starts anew.

const { forgotten, anew } = document.querySelector('[data-forgotten]').dataset;
void globalThis.caches?.delete(`card ${forgotten}`);
history.replaceState(null, '', anew);
