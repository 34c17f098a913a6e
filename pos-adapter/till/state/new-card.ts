import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { api } from '../api.ts';
import type { CardIssued } from '../api-types.ts';
import { isOffline } from '../send.ts';
import { texts } from '../texts.ts';
import { openCard } from './open-card.ts';
import { ask } from './recording.ts';
import { notice, show } from './notice.ts';
import { rememberCard } from './seen-cards.ts';
import { session } from './session.ts';

export interface NewCard {
  /** As it is typed: a PIN that is asked for in between leaves it where it is. */
  customerName: Signal<string>;
  /** Whose own card it is to be; empty for a customer's. */
  staffId: Signal<string>;
  issued: CardIssued | null;
}

/** The new card on the screen: asked for, or made and waiting to be scanned by its customer. */
export const newCard = signal<NewCard | null>(null);

export function askForNewCard(): void {
  notice.value = null;
  newCard.value = { customerName: signal(''), staffId: signal(''), issued: null };
  if (isOffline.value) show('warn', texts.newCard.notNow); // before anybody types a name
}

export async function makeCard(asked: NewCard): Promise<void> {
  const by = session.value;
  const customerName = asked.customerName.value.trim();
  const staffId = asked.staffId.value;
  const request = { ...(customerName && { customerName }), ...(staffId && { staffId }) };
  const issued = await ask((token) => api.issueCard(token, request), { unsent: texts.newCard.notNow });
  // Cancelled or locked meanwhile: the name on it is for nobody. The card is there, and is found by the name.
  if (!issued || newCard.value !== asked) return;
  const isOwn = staffId === by?.person.staffId;
  const found = { card: issued.card, lastGesture: null, preferences: null, isOwn, whyNow: null };
  rememberCard(found, issued.code); // they are served at once, also when the connection goes
  newCard.value = { ...asked, issued };
}

/** Puts the new card's customer on the screen, with what was tapped before. */
export async function serveNewCard(): Promise<void> {
  const issued = newCard.value?.issued;
  if (issued && (await openCard(issued.card.cardId)) === 'opened') newCard.value = null;
}

export function leaveNewCard(): void {
  notice.value = null;
  newCard.value = null;
}
