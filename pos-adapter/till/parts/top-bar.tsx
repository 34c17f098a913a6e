import { lock } from '../state/idle.ts';
import { session } from '../state/session.ts';
import { openSheet } from '../state/sheet.ts';
import { till } from '../state/till.ts';
import { visit } from '../state/visit.ts';
import { texts } from '../texts.ts';
import { Icon } from './icon.tsx';

/** Where this is, who is signed in, and the way out. */
export function TopBar() {
  const shop = till.value;
  const person = session.value?.person;
  return (
    <div class="top-bar">
      <p class="top-bar-shop">
        <strong>{shop?.merchant.name ?? texts.product}</strong>
        {shop && <span>{shop.location.name}</span>}
      </p>
      <div class="top-bar-buttons">
        {!(person && visit.value) && (
          <button
            type="button"
            class="quiet top-bar-settings"
            aria-label={texts.settings.title}
            onClick={() => openSheet({ kind: 'settings' })}
          >
            <Icon name="settings" />
          </button>
        )}
        {person && (
          <button type="button" class="quiet top-bar-lock" onClick={lock}>
            <span class="top-bar-name">{person.firstName}</span>
            <Icon name="lock" />
            {texts.bar.lock}
          </button>
        )}
      </div>
    </div>
  );
}
