import { newCard } from './state/new-card.ts';
import { openCard } from './state/open-card.ts';
import { isBusy } from './state/recording.ts';

const LOOKED_EVERY_MS = 50;

let scans = 0;

/**
 * Puts the customer of a card that was scanned on the screen, whatever was there. While something is being recorded the
 * scan waits for it, unless there is a newer one: nobody has to hold a card up twice because the Wi-Fi is slow.
 */
export async function scan(cardCode: string): Promise<void> {
  const mine = ++scans;
  while (isBusy.value) await new Promise((resolve) => setTimeout(resolve, LOOKED_EVERY_MS));
  if (mine === scans && (await openCard(cardCode)) === 'opened') newCard.value = null;
}
