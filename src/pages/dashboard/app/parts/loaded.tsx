import type { ReadonlySignal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Problem, sayProblem } from '../api.ts';
import { texts } from '../texts/shell.ts';
import { Busy } from './busy.tsx';

export interface Loading<Value> {
  /** Undefined until it is there; while it is asked for again, what was there before. */
  value: ReadonlySignal<Value | undefined>;
  problem: ReadonlySignal<string | null>;
  isBusy: ReadonlySignal<boolean>;
  /** Asks again; resolves when it is there. */
  reload: () => Promise<void>;
  /** Shows this from now on, without asking: the API has just answered with it. */
  set: (value: Value) => void;
}

/** Loads what a page shows, when it comes and whenever `dependencies` change. The last question asked wins. */
export function useLoad<Value>(
  load: () => Promise<Value>,
  dependencies: readonly unknown[] = [],
): Loading<Value> {
  const value = useSignal<Value | undefined>(undefined);
  const problem = useSignal<string | null>(null);
  const isBusy = useSignal(true);
  const asked = useRef(0);
  /** What is shown is the answer to another question: it is not kept when this one fails. */
  const isOutdated = useRef(false);
  const newest = useRef(load);
  newest.current = load;

  async function reload(): Promise<void> {
    const turn = ++asked.current;
    isBusy.value = true;
    try {
      const answer = await newest.current();
      if (turn !== asked.current) return;
      value.value = answer;
      isOutdated.current = false;
      problem.value = null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (turn !== asked.current) return;
      if (isOutdated.current) value.value = undefined;
      problem.value = sayProblem(error.document);
    } finally {
      if (turn === asked.current) isBusy.value = false;
    }
  }

  useEffect(() => {
    isOutdated.current = true;
    void reload();
    return () => {
      asked.current += 1;
    };
  }, [...dependencies]);

  return { value, problem, isBusy, reload, set: (answer) => (value.value = answer) };
}

/** Why something did not come, and a way to try again. */
export function NotLoaded({ onRetry, children }: { onRetry: () => void; children: ComponentChildren }) {
  return (
    <div class="notice bad load-problem" role="alert">
      <p>{children}</p>
      <button type="button" class="quiet" onClick={onRetry}>
        {texts.tryAgain}
      </button>
    </div>
  );
}

/**
 * What was loaded; until then that it is on its way. When it did not come, why, and a way to try again, above what was
 * there before: somebody may be in the middle of something in it.
 */
export function Loaded<Value>({
  of: { value, problem, reload },
  children,
}: {
  of: Loading<Value>;
  children: (value: Value) => ComponentChildren;
}) {
  const known = value.value;
  return (
    <>
      {problem.value !== null && (
        <NotLoaded onRetry={() => void reload()}>
          {problem.value} {known !== undefined && texts.mayBeOld}
        </NotLoaded>
      )}
      {known !== undefined ? children(known) : problem.value === null && <Busy />}
    </>
  );
}
