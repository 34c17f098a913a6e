import { Panel } from '../parts/panel.tsx';
import { texts } from '../texts/evidence.ts';
import type { Light } from './evidence-types.ts';

const TONES = { ok: 'good', warn: 'warn', refuse: 'bad' };

/** Every check, whether it lets the evidence be believed, and why. */
export function LightsPanel({ lights }: { lights: readonly Light[] }) {
  const words = texts.lights;
  return (
    <Panel title={words.title} lead={words.lead}>
      <ul class="unmarked lights">
        {lights.map(({ check, light, figures }) => (
          <li key={check} class="light">
            <span class={`mark ${TONES[light]}`}>{words.names[light]}</span>
            <span>
              {words.checks[check]}
              <span class="reason">{words.reasons[check](figures)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
