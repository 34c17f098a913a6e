import { Icon } from '../parts/icon.tsx';
import { texts } from '../texts/start.ts';
import './start.css';

export const STEPS = ['shop', 'card', 'menu', 'people', 'till'] as const;
export type Step = (typeof STEPS)[number];

/** Where the first run is, what is done, and a way to each step once the shop is open. */
export function Steps({ current, done }: { current: Step; done?: ReadonlySet<Step> }) {
  return (
    <nav aria-label={texts.progress}>
      <ol class="unmarked steps">
        {STEPS.map((step, index) => (
          <li key={step} class={done?.has(step) ? 'done' : ''}>
            {done && step !== 'shop' ? (
              <a href={`/desk/start/${step}`} aria-current={step === current ? 'step' : undefined}>
                <Label step={step} index={index} isDone={done.has(step)} />
              </a>
            ) : (
              <span aria-current={step === current ? 'step' : undefined}>
                <Label step={step} index={index} isDone={done?.has(step) ?? false} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Label({ step, index, isDone }: { step: Step; index: number; isDone: boolean }) {
  return (
    <>
      <span class="step-number">{isDone ? <Icon name="check" /> : index + 1}</span>
      <span>
        {texts.steps[step]}
        {isDone && <span class="visually-hidden">, {texts.done}</span>}
      </span>
    </>
  );
}
