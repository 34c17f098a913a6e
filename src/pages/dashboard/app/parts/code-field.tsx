import { useComputed } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Problem } from '../api.ts';
import { texts } from '../texts/shell.ts';
import { Field } from './fields.tsx';

/**
 * Asks, and when the API wants the code of the second factor as well, lets `CodeField` ask for it. False when the code
 * is still to be typed. `code` is null as long as nobody wants one.
 */
export async function withCode(
  code: Signal<string | null>,
  work: (given: { code?: string }) => Promise<unknown>,
): Promise<boolean> {
  try {
    await work(code.value ? { code: code.value } : {});
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || error.document.refused !== 'second-factor-needed') throw error;
    if (code.value !== null) throw error;
    code.value = '';
    return false;
  }
}

/** The second step of a sign-in: a code of the app, or a recovery code. Not there until it is wanted. */
export function CodeField({ code }: { code: Signal<string | null> }) {
  const isWanted = useComputed(() => code.value !== null);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), [isWanted.value]);
  if (!isWanted.value) return null;
  return (
    <Field label={texts.password.code} name="code" hint={texts.password.codeHint}>
      {(control) => (
        <input
          {...control}
          ref={input}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellcheck={false}
          maxLength={40}
          value={code.value ?? ''}
          onInput={(event) => (code.value = event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
