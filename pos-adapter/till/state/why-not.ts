import { api } from '../api.ts';
import { session } from './session.ts';
import { changeVisit, visit } from './visit.ts';

/**
 * What may keep whoever is signed in from being kind, as the server now sees it: the cool-down, or that the card is their
 * own. And how a customer likes it who was served unread.
 */
export async function readWhyNot(): Promise<void> {
  const cardId = visit.value?.card?.cardId;
  if (!session.value || cardId === undefined) return;
  const outcome = await api.readCard(session.value.token, cardId);
  if (outcome.kind !== 'yes' || visit.value?.card?.cardId !== cardId) return;
  const { lastGesture, isOwn, preferences } = outcome.answer;
  changeVisit({ lastGesture, isOwn, preferences: visit.value.preferences ?? preferences });
}
