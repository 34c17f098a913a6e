import { api } from '../api.ts';
import { isOffline } from '../send.ts';
import { texts } from '../texts.ts';
import { speak } from './notice.ts';
import { ask } from './recording.ts';
import { changeVisit, visit } from './visit.ts';

/**
 * Writes down how the customer likes it; empty for nothing. It is about a person, so it never waits on the tablet's disk:
 * false when it was not kept.
 */
export async function savePreferences(text: string): Promise<boolean> {
  const cardCode = visit.value?.card?.cardId;
  if (cardCode === undefined || isOffline.value) return false;
  const saved = await ask((token) =>
    api.savePreferences(token, { cardCode, preferences: text.trim() || null }),
  );
  if (!saved) return false;
  changeVisit({ preferences: saved.preferences });
  speak(texts.preferences.saved);
  return true;
}
