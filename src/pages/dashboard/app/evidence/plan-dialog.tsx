import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ask } from '../api.ts';
import type { Location } from '../api-types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { locationChoice } from '../parts/everybody.ts';
import { MoneyField, NumberField, readAmount, readNumber, SelectField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { formatMoney } from '../parts/money.tsx';
import { say } from '../parts/toast.tsx';
import { texts as pageTexts } from '../texts/evidence.ts';
import type { Season, SeasonPreview } from './evidence-types.ts';

const texts = pageTexts.dialog;
const KINDS = ['lucky', 'bonus', 'suggestion'] as const;
/** What a till can give: a voucher is sent from the desk. */
const GESTURES = ['double_stamp', 'free_item'] as const;
/** Longer than this, and an owner should know that there are ways to have it sooner. */
const LONG_WEEKS = 52;

/** A short dialogue: what is drawn, what it will cost, how long an answer takes. Nothing begins before it was seen. */
export function PlanDialog({
  locations,
  onClose,
  onBegun,
}: {
  locations: readonly Location[];
  onClose: () => void;
  onBegun: (season: Season) => void;
}) {
  const kind = useSignal<string>('lucky');
  const gestureKind = useSignal('');
  const locationId = useSignal('');
  const cap = useSignal('');
  const smallest = useSignal('');
  const preview = useSignal<SeasonPreview | null>(null);
  const request = () => {
    const smallestEffectMinor = readAmount('smallestEffectMinor', smallest.value);
    return {
      kind: kind.value,
      ...(gestureKind.value && { gestureKind: gestureKind.value }),
      ...(locationId.value && { locationId: locationId.value }),
      ...(cap.value && { dailyCap: readNumber('dailyCap', cap.value) }),
      ...(smallestEffectMinor !== null && { smallestEffectMinor }),
    };
  };
  const changes = useRef(0);
  const forget = () => {
    preview.value = null;
    changes.current += 1;
  };

  async function send(): Promise<void> {
    if (preview.value === null) {
      const asked = changes.current;
      const worked = await ask<SeasonPreview>('POST', '/seasons/preview', request());
      // What is begun is what was worked out: an answer to what is typed no more is not shown.
      if (changes.current === asked) preview.value = worked;
      return;
    }
    const season = await ask<Season>('POST', '/seasons', request());
    say(texts.begun);
    onBegun(season);
  }

  return (
    <Dialog title={texts.title} onClose={onClose}>
      <Form
        label={texts.title}
        submit={preview.value ? texts.begin : texts.ask}
        onCancel={onClose}
        onSend={send}
      >
        <div onInput={forget}>
          <SelectField
            label={texts.kind}
            name="kind"
            value={kind}
            hint={texts.kindHints[kind.value as (typeof KINDS)[number]]}
            options={KINDS.map((value) => ({ value, text: texts.kinds[value] }))}
          />
          <SelectField
            label={texts.gesture}
            name="gestureKind"
            value={gestureKind}
            options={[
              { value: '', text: texts.anyGesture },
              ...GESTURES.map((value) => ({ value, text: texts.gestureKinds[value] })),
            ]}
          />
          {locations.length > 1 && (
            <SelectField
              label={texts.where}
              name="locationId"
              value={locationId}
              options={[{ value: '', text: pageTexts.everywhere }, ...locations.map(locationChoice)]}
            />
          )}
          <NumberField label={texts.cap} name="dailyCap" value={cap} min={1} isOptional />
          <MoneyField
            label={texts.smallest}
            name="smallestEffectMinor"
            value={smallest}
            hint={texts.smallestHint}
            isOptional
          />
        </div>
        <div role="status">{preview.value && <Preview preview={preview.value} />}</div>
      </Form>
    </Dialog>
  );
}

function Preview({ preview }: { preview: SeasonPreview }) {
  const { treatsPerWeek, costPerWeekMinor, dailyCap, mostCostPerDayMinor, weeks, plannedTreats } = preview;
  const isForetold = treatsPerWeek !== null && costPerWeekMinor !== null;
  const answer = useRef<HTMLDivElement>(null);
  // On a phone it would stand below what can be seen.
  useEffect(() => answer.current?.scrollIntoView({ block: 'nearest' }), [preview]);
  return (
    <div class="notice" ref={answer}>
      <p>
        {texts.chance(preview.chanceMillionths)}{' '}
        {isForetold ? texts.perWeek(treatsPerWeek, formatMoney(costPerWeekMinor)) : texts.unknownPace}{' '}
        {texts.most(dailyCap, formatMoney(mostCostPerDayMinor))}
      </p>
      <p>
        <strong>{texts.answer(weeks, plannedTreats, formatMoney(preview.plannedCostMinor))}</strong>{' '}
        {weeks !== null && weeks > LONG_WEEKS && texts.tooLong}
      </p>
      {mostCostPerDayMinor === 0 && <p>{texts.noCost}</p>}
      {preview.sharedWith.length > 0 && <p>{texts.shared(preview.sharedWith)}</p>}
      <p class="hint">
        {preview.isFromHistory ? texts.fromHistory(preview.activeCustomers) : texts.notFromHistory}{' '}
        {texts.anyDay}
      </p>
    </div>
  );
}
