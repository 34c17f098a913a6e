import { useComputed, useSignal } from '@preact/signals';
import type { AllowanceRule } from '../api-types.ts';
import { Dialog } from '../parts/dialog.tsx';
import {
  Field,
  MoneyField,
  NumberField,
  Pair,
  readAmount,
  readNumber,
  SelectField,
} from '../parts/fields.tsx';
import { Form, Mistake } from '../parts/form.tsx';
import { moneyToText } from '../parts/money.tsx';
import { texts } from '../texts/allowance.ts';
import { RulePreview } from './rule-preview.tsx';
import { nameOf } from './rules.ts';
import type { NewAllowanceRule, Subjects } from './rules.ts';

const words = texts.form;
const MAX_GESTURES = 10_000;

/** Sets an allowance, or changes how much one allows; what that would have done is seen before. */
export function RuleDialog({
  rule,
  subjects,
  onSend,
  onClose,
}: {
  /** The one that is changed; null for a new one. */
  rule: AllowanceRule | null;
  subjects: Subjects;
  onSend: (rule: NewAllowanceRule) => Promise<void>;
  onClose: () => void;
}) {
  // `staff:` is each member of staff, `staff:…` is one of them.
  const subject = useSignal(rule ? `${rule.scope}:${rule.subjectId ?? ''}` : 'staff:');
  const period = useSignal<string>(rule?.period ?? 'day');
  const gestures = useSignal(rule ? String(rule.gesturesLimit ?? '') : '3');
  const cost = useSignal(rule && rule.costLimitMinor !== null ? moneyToText(rule.costLimitMinor) : '');
  /** A browser gives a number that it cannot read as if nothing were typed. */
  const isUnread = useSignal(false);
  const wanted = useComputed(() => {
    try {
      return isUnread.value ? null : readRule();
    } catch (error) {
      if (error instanceof Mistake) return null;
      throw error;
    }
  });

  /** Throws a Mistake. */
  function readRule(): NewAllowanceRule {
    const gesturesLimit = gestures.value.trim() === '' ? null : readNumber('gesturesLimit', gestures.value);
    if (gesturesLimit !== null && (gesturesLimit < 0 || gesturesLimit > MAX_GESTURES))
      throw new Mistake({ gesturesLimit: words.tooMany });
    const costLimitMinor = readAmount('costLimitMinor', cost.value);
    if (gesturesLimit === null && costLimitMinor === null) throw new Mistake({ gesturesLimit: words.needed });
    const over = period.value as AllowanceRule['period'];
    return { ...readSubject(subject.value), period: over, gesturesLimit, costLimitMinor };
  }

  return (
    <Dialog title={rule ? words.edit(nameOf(rule, subjects)) : words.add} onClose={onClose} isWide>
      <div class="rule-dialog">
        <Form onSend={() => onSend(readRule())} onCancel={onClose}>
          <div
            class="rule-fields"
            onInput={({ currentTarget }) =>
              (isUnread.value = currentTarget.querySelector(':invalid') !== null)
            }
          >
            {!rule && <SubjectField subject={subject} subjects={subjects} />}
            {!rule && (
              <SelectField
                label={words.period}
                name="period"
                value={period}
                options={(['day', 'week'] as const).map((value) => ({ value, text: words.periods[value] }))}
              />
            )}
            <Pair>
              <NumberField
                label={words.gestures}
                name="gesturesLimit"
                value={gestures}
                min={0}
                max={MAX_GESTURES}
                hint={words.gesturesHint}
              />
              <MoneyField label={words.cost} name="costLimitMinor" value={cost} hint={words.costHint} />
            </Pair>
          </div>
          <RulePreview rule={wanted.value} />
        </Form>
      </div>
    </Dialog>
  );
}

function SubjectField({ subject, subjects }: { subject: { value: string }; subjects: Subjects }) {
  const option = (value: string, text: string) => (
    <option key={value} value={value} selected={subject.value === value}>
      {text}
    </option>
  );
  return (
    <Field label={words.for} name="subjectId">
      {(control) => (
        <select
          {...control}
          value={subject.value}
          onInput={(event) => (subject.value = event.currentTarget.value)}
        >
          {option('staff:', words.forEachPerson)}
          {option('location:', words.forEachLocation)}
          <optgroup label={words.people}>
            {subjects.staff.map(({ staffId, name }) => option(`staff:${staffId}`, name))}
          </optgroup>
          <optgroup label={words.locations}>
            {subjects.locations.map(({ locationId, name }) => option(`location:${locationId}`, name))}
          </optgroup>
        </select>
      )}
    </Field>
  );
}

function readSubject(value: string): Pick<AllowanceRule, 'scope' | 'subjectId'> {
  const [scope, subjectId] = value.split(':');
  return { scope: scope === 'location' ? 'location' : 'staff', subjectId: subjectId || null };
}
