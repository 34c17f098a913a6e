import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { makeAskOnce } from '../api.ts';
import type { Location } from '../api-types.ts';
import { onlyChanged } from '../only-changed.ts';
import { Pair, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { shopApi } from '../shop-api.ts';
import { texts } from '../texts/locations.ts';
import { texts as shellTexts } from '../texts/shell.ts';

/** When a business day begins unless somebody says otherwise: 04:00. */
export const USUAL_CUT_OFF_MINUTES = 240;
const ZONES = 'time-zones';

/** A new location, or what is known of one. */
export function LocationForm({
  location,
  onDone,
  onCancel,
}: {
  location: Location | null;
  onDone: (location: Location) => void;
  onCancel: () => void;
}) {
  const name = useSignal(location?.name ?? '');
  const timeZone = useSignal(location?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const cutOff = useSignal(minutesToTime(location?.cutOffMinutes ?? USUAL_CUT_OFF_MINUTES));
  const askOnce = useMemo(makeAskOnce, []);
  const movesDays =
    location !== null &&
    (timeZone.value !== location.timeZone || timeToMinutes(cutOff.value) !== location.cutOffMinutes);
  return (
    <Form
      label={location ? texts.editOf(location.name) : texts.add}
      submit={location ? shellTexts.form.save : texts.add}
      onCancel={onCancel}
      onSend={async () => {
        const rule = {
          name: name.value,
          timeZone: timeZone.value,
          cutOffMinutes: timeToMinutes(cutOff.value),
        };
        onDone(
          location
            ? await shopApi.editLocation(location.locationId, onlyChanged(rule, location))
            : await shopApi.addLocation(askOnce, rule),
        );
      }}
    >
      <TextField label={texts.name} name="name" value={name} />
      <Pair>
        <TextField label={texts.zone} name="timeZone" list={ZONES} value={timeZone} />
        <TextField
          label={texts.cutOff}
          name="cutOffMinutes"
          type="time"
          hint={texts.cutOffHint}
          value={cutOff}
        />
      </Pair>
      <TimeZones />
      {movesDays && <p class="notice warn">{texts.moves}</p>}
    </Form>
  );
}

/** The zones a field of the page with `list="time-zones"` suggests, those of `first` before the others. */
export function TimeZones({ first = [] }: { first?: readonly string[] }) {
  return (
    <datalist id={ZONES}>
      {[...first, ...Intl.supportedValuesOf('timeZone')].map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  );
}

/** `04:00` */
export function minutesToTime(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** NaN when it is no time. */
export function timeToMinutes(time: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
