import { Panel } from '../parts/panel.tsx';
import { texts } from '../texts/evidence.ts';
import type { Evidence } from './evidence-types.ts';

/** The fingerprint of the season's key; after its end the key, with which anybody can draw again. */
export function SealedPanel({ view }: { view: Evidence }) {
  const words = texts.sealed;
  return (
    <Panel title={words.title}>
      <p>{words.says}</p>
      <p class="hint sealed-key">
        {words.hash}: <code>{view.keyHash}</code>
      </p>
      {view.revealedKey && (
        <p class="hint sealed-key">
          {words.key}: <code>{view.revealedKey}</code>
        </p>
      )}
      <p>
        <a href={`/draws/${view.seasonId}`} target="_blank" rel="noopener">
          {words.link}
        </a>
      </p>
    </Panel>
  );
}
