import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { Problem, sayProblem } from '../api.ts';
import { texts } from '../texts/shell.ts';
import { Icon } from './icon.tsx';

/** Time enough to read a line, and to notice that it was the wrong one. */
const SHOWN_MS = 6_000;
const SHOWN_WITH_UNDO_MS = 12_000;

interface Said {
  id: number;
  text: string;
  tone: 'good' | 'bad';
  undo: (() => Promise<void>) | undefined;
}

const said = signal<Said | null>(null);
let count = 0;

/** Says at the foot of the page what happened; with `undo`, for longer and with a way back. */
export function say(text: string, { undo }: { undo?: () => Promise<void> } = {}): void {
  said.value = { id: ++count, text, tone: 'good', undo };
}

/** Says what went wrong where there is no form to say it in. */
export function sayWrong({ document }: Problem): void {
  const details = (document.errors ?? []).map(({ detail }) => `${detail}.`);
  const text = [sayProblem(document), ...details].join(' ');
  said.value = { id: ++count, text, tone: 'bad', undo: undefined };
}

/** Runs what a button does; what the API refuses is said at the foot of the page. Throws what is no problem of the API. */
export async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    sayWrong(error);
  }
}

/** Where it is said; the shell draws it once. Waits while it is pointed at or has the focus. */
export function Toast() {
  const [isHeld, setHeld] = useState(false);
  const now = said.value;
  useEffect(() => {
    if (!now || isHeld || now.tone === 'bad') return undefined;
    const timer = setTimeout(() => (said.value = null), now.undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [now, isHeld]);

  async function undo(): Promise<void> {
    const work = now?.undo;
    said.value = null;
    if (work)
      await attempt(async () => {
        await work();
        say(texts.toast.undone);
      });
  }

  return (
    <div
      class="toasts"
      role="status"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      {now && (
        <div class={`toast ${now.tone}`} key={now.id}>
          <Icon name={now.tone === 'good' ? 'check' : 'warn'} />
          <p>{now.text}</p>
          {now.undo && (
            <button type="button" class="bare" onClick={() => void undo()}>
              {texts.toast.undo}
            </button>
          )}
          <button
            type="button"
            class="bare"
            aria-label={texts.toast.dismiss}
            onClick={() => (said.value = null)}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
