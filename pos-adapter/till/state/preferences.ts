import { api } from '../api.ts';
import { isOffline } from '../send.ts';
import { texts } from '../texts.ts';
import { speak } from './notice.ts';
import { ask } from './recording.ts';
import { openSheet } from './sheet.ts';
import type { Sheet } from './sheet.ts';
import { changeVisit, visit } from './visit.ts';

type PreferencesTyped = Pick<Sheet & { kind: 'preferences' }, 'typed' | 'shown'>;

/**
 * Writes down how the customer likes it; empty for nothing. It is about a person, so it never waits on the tablet's disk:
 * false when it was not kept. What somebody else wrote down meanwhile is shown before it is written over.
 */
export async function savePreferences({ typed, shown }: PreferencesTyped): Promise<boolean> {
  const cardCode = visit.value?.card?.cardId;
  const preferences = typed.trim() || null;
  if (preferences === shown) return true;
  if (cardCode === undefined || isOffline.value) return false;
  const saved = await ask(async (token) => {
    const outcome = await api.savePreferences(token, { cardCode, preferences, shown });
    if (outcome.kind === 'no' && outcome.problem.preferences !== undefined) {
      changeVisit({ preferences: outcome.problem.preferences });
      openSheet({ kind: 'preferences', typed, shown: outcome.problem.preferences });
    }
    return outcome;
  });
  if (!saved) return false;
  changeVisit({ preferences: saved.preferences });
  speak(texts.preferences.saved);
  return true;
}
