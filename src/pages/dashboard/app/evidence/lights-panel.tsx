import { isFault } from '../../../../evidence/refusals.ts';
import { Panel } from '../parts/panel.tsx';
import { texts } from '../texts/evidence.ts';
import type { Light } from './evidence-types.ts';

const TONES = { ok: 'good', warn: 'warn', refuse: 'bad', wait: '' };

/** Every check, whether it lets the evidence be believed, and why. */
export function LightsPanel({ lights }: { lights: readonly Light[] }) {
  const words = texts.lights;
  const isLargeEnough = lights.some(({ check, light }) => check === 'size' && light === 'ok');
  const shownAs = (one: Light) =>
    one.light === 'refuse' && !isFault(one, { isLargeEnough }) ? 'wait' : one.light;
  return (
    <Panel title={words.title} lead={words.lead}>
      <ul class="unmarked lights">
        {lights.map((one) => (
          <li key={one.check} class="light">
            <span class={`mark ${TONES[shownAs(one)]}`}>{words.names[shownAs(one)]}</span>
            <span>
              {words.checks[one.check]}
              <span class="reason">{words.reasons[one.check](one.figures)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
