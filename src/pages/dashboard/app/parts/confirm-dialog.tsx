import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { isDecided, Problem, sayProblem } from '../api.ts';
import { texts } from '../texts/shell.ts';
import { Dialog } from './dialog.tsx';

export interface Question {
  /** What would be done: "End the till Counter?" */
  title: string;
  /** What it means: "Nobody can use it any more until it is enrolled again." */
  says: ComponentChildren;
  /** The word of the deed: "End it". */
  yes: string;
  /** Takes something away: the button is red. */
  isDestructive?: boolean;
  /** Done after Yes, while the dialog is open: what the API refuses is said in it. */
  work: () => Promise<void>;
  /** Brings the page up to date after a “no”: it may be done already, by a first try whose answer was lost. */
  reload?: () => Promise<void>;
}

const asked = signal<Question | null>(null);

/** Asks before something that cannot be undone, and does it after Yes. */
export function confirmFirst(question: Question): void {
  asked.value = question;
}

/** Where questions appear; the shell draws it once. */
export function ConfirmDialog() {
  return asked.value && <Ask key={asked.value.title} question={asked.value} />;
}

function Ask({ question: { title, says, yes, isDestructive, work, reload } }: { question: Question }) {
  const isBusy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const close = () => (asked.value = null);

  async function goOn(): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = null;
    try {
      await work();
      close();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem.value = sayProblem(error.document);
      if (isDecided(error)) await reload?.();
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <Dialog title={title} onClose={close}>
      <div class="dialog-says">{says}</div>
      {problem.value && (
        <p class="notice bad" role="alert">
          {problem.value}
        </p>
      )}
      <div class="dialog-actions" aria-busy={isBusy.value}>
        <button
          type="button"
          class="quiet"
          aria-disabled={isBusy.value}
          onClick={() => !isBusy.value && close()}
        >
          {texts.form.cancel}
        </button>
        <button
          type="button"
          class={isDestructive ? 'destructive' : ''}
          aria-disabled={isBusy.value}
          onClick={() => void goOn()}
        >
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
