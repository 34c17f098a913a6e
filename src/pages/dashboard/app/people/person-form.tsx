import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { makeAskOnce } from '../api.ts';
import type { Location, Staff } from '../api-types.ts';
import { onlyChanged } from '../only-changed.ts';
import { locationChoice } from '../parts/everybody.ts';
import { PasswordField, SelectField, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { shopApi } from '../shop-api.ts';
import type { PersonChange } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/people.ts';
import { texts as shellTexts } from '../texts/shell.ts';

const EVERYWHERE = '';

/** Somebody new, or what is known of somebody. */
export function PersonForm({
  person,
  locations,
  submit = person ? shellTexts.form.save : texts.add,
  onDone,
  onCancel,
}: {
  person: Staff | null;
  locations: readonly Location[];
  submit?: string;
  onDone: (person: Staff) => void;
  onCancel?: () => void;
}) {
  const { who, isOwner } = useSession();
  const isSelf = person?.staffId === who.staffId;
  const name = useSignal(person?.name ?? '');
  const role = useSignal<string>(person?.role ?? 'barista');
  const pin = useSignal('');
  const email = useSignal(person?.email ?? '');
  const password = useSignal('');
  const locationId = useSignal(person?.locationId ?? EVERYWHERE);
  const askOnce = useMemo(makeAskOnce, []);
  const isAtDesk = role.value !== 'barista';
  const closed = person && worksAtClosed(person, locations) ? person.locationId : null;

  function readChange(): PersonChange {
    const change: PersonChange = {
      name: name.value,
      role: role.value as Staff['role'],
      locationId: locationId.value === EVERYWHERE ? null : locationId.value,
    };
    if (pin.value !== '') change.pin = pin.value;
    if (isAtDesk && email.value !== (person?.email ?? '')) change.email = email.value;
    if (isAtDesk && password.value !== '') change.password = password.value;
    return change;
  }

  return (
    <Form
      label={person ? texts.editOf(person.name) : texts.add}
      submit={submit}
      {...(onCancel && { onCancel })}
      onSend={async () => {
        const change = readChange();
        const sent = [name, pin, email, password].map((field) => ({ field, text: field.value }));
        const answer = person
          ? await shopApi.editStaff(person.staffId, onlyChanged(change, person))
          : await shopApi.addStaff(askOnce, change);
        // What was typed since is for the next one.
        if (!person) for (const { field, text } of sent) if (field.value === text) field.value = '';
        onDone(answer);
      }}
    >
      <TextField label={texts.name} name="name" hint={texts.nameHint} value={name} />
      {isSelf ? (
        <p class="hint">{texts.ownRole}</p>
      ) : (
        isOwner && (
          <SelectField
            label={texts.role}
            name="role"
            value={role}
            hint={person && role.value !== person.role ? texts.newRole : undefined}
            options={(['barista', 'manager', 'owner'] as const).map((value) => ({
              value,
              text: texts.roles[value],
            }))}
          />
        )
      )}
      {(locations.length > 1 || closed !== null) && (
        <SelectField
          label={texts.where}
          name="locationId"
          value={locationId}
          options={[
            ...(closed === null ? [] : [{ value: closed, text: texts.closedLocation }]),
            { value: EVERYWHERE, text: texts.everywhere },
            ...locations.map(locationChoice),
          ]}
        />
      )}
      <PinField value={pin} isOptional={isAtDesk || person !== null} isKept={person?.hasPin ?? false} />
      {isAtDesk && (
        <>
          <TextField label={texts.email} name="email" type="email" value={email} />
          <PasswordField
            label={texts.password}
            name="password"
            isNew
            isOptional={person !== null && person.email !== null}
            hint={person?.email ? texts.passwordKept : texts.passwordHint}
            value={password}
          />
        </>
      )}
    </Form>
  );
}

/** Whether their only location was closed: until they are given another they sign in at no till. */
export function worksAtClosed({ locationId }: Staff, locations: readonly Location[]): boolean {
  return locationId !== null && !locations.some((location) => location.locationId === locationId);
}

export function PinField({
  value,
  isOptional = false,
  isKept = false,
  isOwn = false,
}: {
  value: Signal<string>;
  isOptional?: boolean;
  isKept?: boolean;
  isOwn?: boolean;
}) {
  return (
    <TextField
      label={texts.pinLabel}
      name="pin"
      inputMode="numeric"
      maxLength={8}
      isOptional={isOptional}
      hint={isKept ? texts.pinKept : isOwn ? texts.ownPinHint : texts.pinHint}
      value={value}
    />
  );
}
