import { useEffect, useState } from 'preact/hooks';
import type { FoundCustomers } from '../api-types.ts';
import { FindForm, FoundList } from '../parts/find-card.tsx';
import { longAgo } from '../formats.ts';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { askForNewCard } from '../state/new-card.ts';
import { openSheet } from '../state/sheet.ts';
import { readThanks, thanks } from '../state/thanks.ts';
import { startVisit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** Nobody at the till yet: scan, type, make a card, or sell without one. */
export function WaitingScreen() {
  const [found, setFound] = useState<FoundCustomers | null>(null);
  useEffect(() => void readThanks(), []);
  return (
    <section class="waiting">
      <div class="waiting-scan panel">
        {!found && (
          <span class="waiting-picture">
            <Icon name="scan" />
          </span>
        )}
        <FocusHeading>{texts.waiting.title}</FocusHeading>
        {!found && <p>{texts.waiting.lead}</p>}
        <FindForm onFound={setFound} />
        {found && <FoundList found={found} />}
        {!found && <Thanked />}
      </div>
      <div class="waiting-else">
        <button type="button" class="tile" onClick={() => openSheet({ kind: 'camera' })}>
          <Icon name="camera" />
          <span class="tile-name">{texts.waiting.camera}</span>
          <span class="tile-note">{texts.waiting.cameraHint}</span>
        </button>
        <button type="button" class="tile" onClick={askForNewCard}>
          <Icon name="card" />
          <span class="tile-name">{texts.waiting.newCard}</span>
          <span class="tile-note">{texts.waiting.newCardHint}</span>
        </button>
        <button type="button" class="tile" onClick={() => startVisit(null)}>
          <Icon name="cup" />
          <span class="tile-name">{texts.waiting.noCard}</span>
          <span class="tile-note">{texts.waiting.noCardHint}</span>
        </button>
      </div>
    </section>
  );
}

/** What whoever is signed in was thanked for lately; no name, for others see the screen too. */
function Thanked() {
  const [newest, ...others] = thanks.value;
  if (!newest) return <p class="waiting-thanks" />;
  const { kind, itemName, thankedAt } = newest;
  return (
    <p class="waiting-thanks">
      <Icon name="heart" />
      <span>
        {texts.thanks.line(texts.thanks.what(kind, itemName), longAgo(thankedAt))}
        {others.length > 0 && ` ${texts.thanks.more}`}
      </span>
    </p>
  );
}
