import { api } from '../api.ts';
import { session } from './session.ts';
import { changeVisit, visit } from './visit.ts';

/** What may keep whoever is signed in from being kind, as the server now sees it: the cool-down, or that the card is their own. */
export async function readWhyNot(): Promise<void> {
  const cardId = visit.value?.card?.cardId;
  if (!session.value || cardId === undefined) return;
  const outcome = await api.readCard(session.value.token, cardId);
  if (outcome.kind === 'yes' && visit.value?.card?.cardId === cardId)
    changeVisit({ lastGesture: outcome.answer.lastGesture, isOwn: outcome.answer.isOwn });
}
