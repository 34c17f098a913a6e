import { newCard } from './state/new-card.ts';
import { openCard } from './state/open-card.ts';

/** Puts the customer of a card that was scanned on the screen, whatever was there. */
export async function scan(cardCode: string): Promise<void> {
  if (await openCard(cardCode)) newCard.value = null;
}
