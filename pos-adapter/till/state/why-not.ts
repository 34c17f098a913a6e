import { api } from '../api.ts';
import { session } from './session.ts';
import { changeVisit, visit } from './visit.ts';

/**
 * What may keep whoever is signed in from being kind, as the server now sees it: the cool-down, or that the card is their
 * own. And how a customer likes it who was served unread.
 */
export async function readWhyNot(): Promise<void> {
  const { card, preferences: shown } = visit.value ?? {};
  if (!session.value || !card) return;
  const { cardId } = card;
  const outcome = await api.readCard(session.value.token, cardId);
  if (outcome.kind !== 'yes' || visit.value?.card?.cardId !== cardId) return;
  const { lastGesture, isOwn, preferences } = outcome.answer;
  const isAsShown = visit.value.preferences === shown; // or else it was written down just now
  changeVisit({ lastGesture, isOwn, ...(isAsShown && { preferences }) });
}

/** What another till did meanwhile to the card on the screen, when that stood in the way. */
export async function readCardAgain(): Promise<void> {
  const card = visit.value?.card;
  if (!session.value || !card) return;
  const outcome = await api.readCard(session.value.token, card.cardId);
  // Or else something was done to it here: that was told with its own answer.
  if (outcome.kind !== 'yes' || visit.value?.card !== card) return;
  changeVisit({ card: outcome.answer.card, lastGesture: outcome.answer.lastGesture });
}
