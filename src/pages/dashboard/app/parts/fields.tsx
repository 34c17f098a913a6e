import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { currencyDigits } from '../../../../loyalty/money.ts';
import { texts } from '../texts/shell.ts';
import { Choices } from './choose.tsx';
import type { Choice } from './choose.tsx';
import { Mistake, useMistake } from './form.tsx';
import { currencyOfShop, readMoney } from './money.tsx';

interface FieldProps {
  label: string;
  /** As the API calls it, `name` or `owner.email`: what it refuses is shown here. */
  name: string;
  hint?: ComponentChildren;
  isOptional?: boolean;
}

/** What every control gets: its id, its name, and what describes it. */
export interface Control {
  id: string;
  name: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A label, a control, a hint and what is wrong; for controls that the fields below are not. */
export function Field({
  label,
  name,
  hint,
  isOptional = false,
  children,
}: FieldProps & { children: (control: Control) => ComponentChildren }) {
  const id = useId();
  const { mistake, clear } = useMistake(name);
  // What is wrong says more than the hint, and often the same.
  const isHinted = hint !== undefined && !mistake;
  const described = [isHinted && `${id}-hint`, mistake && `${id}-mistake`].filter(Boolean).join(' ');
  return (
    <div class="field" onInput={clear}>
      <label for={id}>
        {label}
        {isOptional && <span class="optional"> ({texts.form.optional})</span>}
      </label>
      {children({
        id,
        name,
        'aria-describedby': described || undefined,
        'aria-invalid': mistake ? true : undefined,
      })}
      {mistake && (
        <p class="mistake" id={`${id}-mistake`}>
          {mistake}
        </p>
      )}
      {isHinted && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface InputProps {
  type?: 'text' | 'email' | 'password' | 'tel' | 'search' | 'number' | 'date' | 'time' | 'color';
  autoComplete?: string;
  inputMode?: 'text' | 'numeric' | 'decimal' | 'email' | 'tel' | 'search';
  placeholder?: string;
  min?: number | string;
  max?: number | string;
  step?: number | string;
  maxLength?: number;
  /** The id of a `datalist`. */
  list?: string;
  required?: boolean;
}

/** One line of text. `value` is a signal that holds what is typed. */
export function TextField({
  label,
  name,
  hint,
  isOptional,
  value,
  ...input
}: FieldProps & { value: Signal<string> } & InputProps) {
  return (
    <Field label={label} name={name} hint={hint} isOptional={isOptional ?? false}>
      {(control) => (
        <input
          autoComplete="off"
          {...(input as object)} // Preact's types tell inputs apart by a type that is known here already.
          {...control}
          value={value.value}
          onInput={(event) => (value.value = event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A password: the one somebody has, or a new one, which the browser may then think up. */
export function PasswordField({
  isNew = false,
  ...props
}: FieldProps & { value: Signal<string>; isNew?: boolean }) {
  return <TextField {...props} type="password" autoComplete={isNew ? 'new-password' : 'current-password'} />;
}

/** A whole number, as text until it is sent: read it with `readNumber`. */
export function NumberField(props: FieldProps & { value: Signal<string>; min?: number; max?: number }) {
  return <TextField {...props} type="number" inputMode="numeric" step={1} />;
}

/** An amount as people write it; read it with `readAmount`. */
export function MoneyField({
  label,
  ...props
}: FieldProps & { value: Signal<string>; placeholder?: string; currency?: string }) {
  const { currency = currencyOfShop(), ...rest } = props;
  return <TextField {...rest} label={`${label} (${currency})`} inputMode="decimal" />;
}

/** One of several. */
export function SelectField({
  label,
  name,
  hint,
  value,
  options,
}: FieldProps & { value: Signal<string>; options: readonly Choice[] }) {
  return (
    <Field label={label} name={name} hint={hint}>
      {(control) => (
        <select
          {...control}
          value={value.value}
          onInput={(event) => (value.value = event.currentTarget.value)}
        >
          <Choices of={options} chosen={value.value} />
        </select>
      )}
    </Field>
  );
}

/** Yes or no. */
export function CheckField({ label, name, hint, value }: FieldProps & { value: Signal<boolean> }) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        name={name}
        type="checkbox"
        checked={value.value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => (value.value = event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Fields beside each other where there is room. */
export function Pair({ children }: { children: ComponentChildren }) {
  return <div class="pair">{children}</div>;
}

/** What was typed as minor units; throws a Mistake at `name` when it is no amount. Empty is null. */
export function readAmount(name: string, text: string, currency = currencyOfShop()): number | null {
  if (text.trim() === '') return null;
  const minor = readMoney(text, currency);
  if (minor === null) throw new Mistake({ [name]: texts.form.amount(exampleAmount(currency)) });
  return minor;
}

/** As `readAmount`, where an amount is needed. */
export function readNeededAmount(name: string, text: string, currency = currencyOfShop()): number {
  const minor = readAmount(name, text, currency);
  if (minor === null) throw new Mistake({ [name]: texts.form.amount(exampleAmount(currency)) });
  return minor;
}

/** What was typed as a whole number; throws a Mistake at `name` when it is none. */
export function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number)) throw new Mistake({ [name]: texts.form.number });
  return number;
}

/** An amount as it may be typed, in this currency. */
export function exampleAmount(currency: string): string {
  const digits = currencyDigits(currency);
  return digits === 0 ? '350' : (3.5).toFixed(digits);
}
