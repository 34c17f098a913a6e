import { signal, useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import { Problem, sayProblem } from '../api.ts';
import { texts } from '../texts/shell.ts';
import { sayWrong } from './toast.tsx';
import { forgetChange, noteChange } from './unsaved.ts';

/** What is wrong with which field: `name`, or `owner.email` for one inside another. */
type Mistakes = Record<string, string>;

const FormMistakes = createContext<Signal<Mistakes>>(signal({}));

/** What is under way in the fields of a form; each says whether it came through. */
const FormHolds = createContext<Set<Promise<boolean>>>(new Set());

/** Thrown by `onSend` for what need not be asked: `throw new Mistake({ price: 'An amount, please' })`. */
export class Mistake extends Error {
  readonly fields: Mistakes;

  constructor(fields: Mistakes) {
    super('The form is not filled in right');
    this.fields = fields;
  }
}

/**
 * A form that sends with `onSend`. What the API refuses is shown at the field its pointer names
 * (`/body/owner/email` at `owner.email`), the rest above the button; the first field that is wrong takes the focus.
 */
export function Form({
  onSend,
  submit = texts.form.save,
  onCancel,
  cancel = texts.form.cancel,
  children,
  label,
  actions,
  isDestructive = false,
}: {
  onSend: () => Promise<void>;
  /** The words of the button. */
  submit?: string;
  onCancel?: () => void;
  cancel?: string;
  children: ComponentChildren;
  /** A name, where a page has several. */
  label?: string;
  /** More beside the button. */
  actions?: ComponentChildren;
  /** Takes something away: the button is red. */
  isDestructive?: boolean;
}) {
  const form = useRef<HTMLFormElement>(null);
  const mistakes = useMemo(() => signal<Mistakes>({}), []);
  const notice = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const holds = useMemo(() => new Set<Promise<boolean>>(), []);

  useEffect(() => {
    const shown = form.current!;
    return () => forgetChange(shown);
  }, []);

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    event.stopPropagation();
    if (isBusy.value) return;
    isBusy.value = true;
    mistakes.value = {};
    notice.value = null;
    let wasChanged = false;
    try {
      refuseUnread(form.current!);
      const cameThrough = await Promise.all(holds);
      if (!cameThrough.every(Boolean)) return;
      wasChanged = forgetChange(form.current!);
      await onSend();
    } catch (error) {
      if (wasChanged && form.current) noteChange(form.current);
      show(error);
    } finally {
      isBusy.value = false;
    }
  }

  function show(error: unknown): void {
    if (!(error instanceof Problem) && !(error instanceof Mistake)) throw error;
    if (!form.current) {
      // The page was left meanwhile.
      if (error instanceof Problem) sayWrong(error);
      return;
    }
    const { fields, rest } = sort(error, form.current);
    mistakes.value = fields;
    const isSaidAtFields = Object.keys(fields).length > 0;
    if (!isSaidAtFields || rest.length > 0)
      notice.value = [...(error instanceof Problem ? [sayProblem(error.document)] : []), ...rest].join(' ');
    setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  }

  return (
    <form
      ref={form}
      noValidate
      aria-label={label}
      aria-busy={isBusy.value}
      onInput={({ currentTarget }) => noteChange(currentTarget)}
      onSubmit={(event) => void send(event)}
    >
      <FormHolds.Provider value={holds}>
        <FormMistakes.Provider value={mistakes}>{children}</FormMistakes.Provider>
      </FormHolds.Provider>
      {notice.value && (
        <p class="notice bad" role="alert">
          {notice.value}
        </p>
      )}
      <div class="form-actions">
        {onCancel && (
          <button
            type="button"
            class="quiet"
            aria-disabled={isBusy.value}
            // What was sent is not called back.
            onClick={() => !isBusy.value && onCancel()}
          >
            {cancel}
          </button>
        )}
        {actions}
        <button type="submit" class={isDestructive ? 'destructive' : ''} aria-disabled={isBusy.value}>
          {submit}
        </button>
      </div>
    </form>
  );
}

/** What is wrong with a field, and a way to take that back when somebody types. */
export function useMistake(name: string): { mistake: string | undefined; clear: () => void } {
  const mistakes = useContext(FormMistakes);
  return {
    mistake: mistakes.value[name],
    clear: () => {
      if (!mistakes.value[name]) return;
      const { [name]: _, ...others } = mistakes.value;
      mistakes.value = others;
    },
  };
}

/** Makes the form wait for this before it is sent; when it answers false, what is wrong is said and nothing is sent. */
export function useHold(): (work: Promise<boolean>) => void {
  const holds = useContext(FormHolds);
  return (work) => {
    holds.add(work);
    void work.finally(() => holds.delete(work));
  };
}

/** A browser gives what it cannot read as a number or a date (`3e`) as if nothing were typed. Throws a Mistake. */
function refuseUnread(form: HTMLFormElement): void {
  const unread = [...form.querySelectorAll('input')].filter(({ validity }) => validity.badInput);
  if (unread.length === 0) return;
  const says = ({ type }: HTMLInputElement) => (type === 'number' ? texts.form.number : texts.form.needed);
  throw new Mistake(Object.fromEntries(unread.map((input) => [input.name, says(input)])));
}

/** Which mistakes belong to a field of this form, and which are left to say. */
function sort(error: Problem | Mistake, form: HTMLFormElement): { fields: Mistakes; rest: string[] } {
  const fields: Mistakes = {};
  const rest: string[] = [];
  const told: [string, string][] =
    error instanceof Mistake
      ? Object.entries(error.fields)
      : (error.document.errors ?? []).map(({ pointer, detail }) => [
          pointer.split('/').slice(2).join('.'),
          detail,
        ]);
  for (const [name, detail] of told) {
    if (form.elements.namedItem(name)) fields[name] ??= detail;
    else rest.push(`${detail}.`);
  }
  return { fields, rest };
}
