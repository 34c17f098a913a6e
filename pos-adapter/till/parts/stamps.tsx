import { texts } from '../texts.ts';
import { Icon } from './icon.tsx';

/** More stamps than this are drawn as a bar. */
const MOST_DRAWN = 20;

interface StampsProps {
  stamps: number;
  stampsRequired: number;
  /** Stamps before this visit: later ones are shown as new. */
  before: number;
}

/** The stamp card: a cup for each stamp, a present at the end. */
export function Stamps({ stamps, stampsRequired, before }: StampsProps) {
  const filled = Math.max(0, stamps);
  const label = texts.visit.stampsOf(filled, stampsRequired);
  return (
    <div class="stamps">
      {stampsRequired > MOST_DRAWN ? (
        <progress value={filled} max={stampsRequired} aria-label={label} />
      ) : (
        <div class={`stamp-row${stampsRequired > 10 ? ' small' : ''}`} role="img" aria-label={label}>
          {Array.from({ length: stampsRequired }, (_, index) => (
            <span key={`${index} ${index < filled}`} class={classOf(index, { filled, before })}>
              {index < filled ? <Icon name="cup" /> : index === stampsRequired - 1 && <Icon name="gift" />}
            </span>
          ))}
        </div>
      )}
      <p class="stamps-count" aria-hidden="true">
        {label}
      </p>
      {stamps < 0 && <p class="hint">{texts.visit.owed(-stamps)}</p>}
    </div>
  );
}

function classOf(index: number, { filled, before }: { filled: number; before: number }): string {
  if (index >= filled) return 'stamp';
  // A card that was filled begins anew: all on it are new.
  const isNew = before > filled || index >= before;
  return isNew ? 'stamp full new' : 'stamp full';
}
