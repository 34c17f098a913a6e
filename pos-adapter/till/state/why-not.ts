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
