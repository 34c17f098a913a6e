import { newCard } from './state/new-card.ts';
import { openCard } from './state/open-card.ts';
import { isBusy } from './state/recording.ts';
import { session } from './state/session.ts';

const LOOKED_EVERY_MS = 50;
/** As long as entering a PIN takes. */
const WAITS_AT_MOST_MS = 60_000;

let scans = 0;

/**
 * Puts the customer of a card that was scanned on the screen, whatever was there. While something is being recorded, or
 * nobody is signed in, the scan waits, unless there is a newer one: nobody has to hold a card up twice because the Wi-Fi
 * is slow or the till had locked itself.
 */
export async function scan(cardCode: string): Promise<void> {
  const mine = ++scans;
  const scannedAt = performance.now();
  while (isBusy.value || session.value === null) {
    await new Promise((resolve) => setTimeout(resolve, LOOKED_EVERY_MS));
    if (mine !== scans || performance.now() - scannedAt > WAITS_AT_MOST_MS) return;
  }
  if ((await openCard(cardCode, { scannedAt })) === 'opened') newCard.value = null;
}
