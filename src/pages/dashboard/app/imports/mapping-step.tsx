import { signal, useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { guessColumns } from '../../../../operations/guess-columns.ts';
import { Problem } from '../api.ts';
import { TimeZones } from '../locations/location-form.tsx';
import type { Choice } from '../parts/choose.tsx';
import { locationChoice } from '../parts/everybody.ts';
import { CheckField, Pair, SelectField, TextField } from '../parts/fields.tsx';
import { Form, Mistake } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { currencyOfShop } from '../parts/money.tsx';
import { shopApi } from '../shop-api.ts';
import { texts } from '../texts/imports.ts';
import type { ChosenFile } from './file-step.tsx';
import { sendFile } from './import-api.ts';
import type { Outcome, Progress } from './import-api.ts';
import { ProgressBar } from './progress-bar.tsx';

/** Still to be said. */
const UNKNOWN = '';
/** There is no such column; no heading is only a space. */
const NONE = ' ';

const NEEDED = ['amount'] as const;
const OPTIONAL = ['customer', 'item', 'saleId', 'refundOf', 'status'] as const;
type Part = (typeof NEEDED)[number] | (typeof OPTIONAL)[number] | 'instant' | 'date' | 'time';

/** What was said so far about how to read a file. */
export interface MappingDraft {
  columns: Record<Part, Signal<string>>;
  isInTwoColumns: Signal<boolean>;
  timeZone: Signal<string>;
  dateOrder: Signal<string>;
  location: Signal<string>;
  program: Signal<string>;
  everyItemQualifies: Signal<boolean>;
}

/** As it was read the last time; what is new here, as its headings say. */
export function createMappingDraft({ saved, sample: { header } }: ChosenFile): MappingDraft {
  const guessed = guessColumns(header);
  const isThere = (name: string | undefined): name is string => name !== undefined && header.includes(name);
  const optional = (part: (typeof OPTIONAL)[number]) => {
    const before = saved?.[part];
    return signal((before === null || isThere(before) ? before : guessed[part]) ?? NONE);
  };
  const at = saved?.instant;
  const isAtThere = typeof at === 'object' ? isThere(at.date) && isThere(at.time) : isThere(at);
  const instant = (isAtThere ? at : guessed.instant) ?? UNKNOWN;
  const inTwo = typeof instant === 'object' ? instant : null;
  return {
    columns: {
      instant: signal(typeof instant === 'string' ? instant : UNKNOWN),
      date: signal(inTwo?.date ?? UNKNOWN),
      time: signal(inTwo?.time ?? UNKNOWN),
      amount: signal((isThere(saved?.amount) ? saved.amount : guessed.amount) ?? UNKNOWN),
      customer: optional('customer'),
      item: optional('item'),
      saleId: optional('saleId'),
      refundOf: optional('refundOf'),
      status: optional('status'),
    },
    isInTwoColumns: signal(inTwo !== null),
    timeZone: signal(saved?.timeZone ?? ''),
    dateOrder: signal(saved?.dateOrder ?? 'auto'),
    location: signal(saved?.location ?? ''),
    program: signal(saved?.program ?? ''),
    everyItemQualifies: signal(saved?.everyItemQualifies ?? true),
  };
}

/** The second step: which column says what, and by what clock and at which location it was sold. */
export function MappingStep({
  chosen,
  draft,
  onBack,
  onChecked,
}: {
  chosen: ChosenFile;
  draft: MappingDraft;
  onBack: () => void;
  onChecked: (how: Record<string, string>, report: Outcome) => void;
}) {
  const places = useLoad(async () => {
    const [locations, programs] = await Promise.all([shopApi.listLocations(), shopApi.listPrograms()]);
    // The clock of a till mostly shows the time of its shop; where shops differ, only the owner knows.
    const [zone, ...others] = new Set(locations.map(({ timeZone }) => timeZone));
    if (draft.timeZone.value === '' && zone && others.length === 0) draft.timeZone.value = zone;
    // What was closed since has to be chosen again.
    if (!locations.some(({ locationId }) => locationId === draft.location.value)) draft.location.value = '';
    if (!programs.some(({ programId }) => programId === draft.program.value)) draft.program.value = '';
    return { locations, programs };
  });
  const progress = useSignal<Progress | null>(null);

  async function check(): Promise<void> {
    const missing = neededParts(draft).filter((part) => draft.columns[part].value === UNKNOWN);
    if (missing.length > 0)
      throw new Mistake(Object.fromEntries(missing.map((part) => [part, texts.chooseColumn])));
    const how = describeMapping(chosen.source, draft);
    try {
      const report = await sendFile(chosen.file, how, (now) => (progress.value = now));
      onChecked(how, report);
    } catch (error) {
      throw atItsField(error);
    } finally {
      progress.value = null;
    }
  }

  return (
    <>
      {chosen.saved && <p class="notice">{texts.known}</p>}
      <SampleRows chosen={chosen} />
      <Loaded of={places}>
        {({ locations, programs }) => (
          <Form submit={texts.check} onCancel={onBack} cancel={texts.back} onSend={check}>
            <ColumnFields header={chosen.sample.header} draft={draft} />
            <Pair>
              <TextField
                label={texts.timeZone}
                name="timeZone"
                hint={texts.timeZoneHint}
                value={draft.timeZone}
                list="time-zones"
              />
              <SelectField
                label={texts.dateOrder}
                name="dateOrder"
                value={draft.dateOrder}
                options={Object.entries(texts.dateOrders).map(([value, text]) => ({ value, text }))}
              />
            </Pair>
            <TimeZones first={['UTC']} />
            <Pair>
              {locations.length > 1 && (
                <SelectField
                  label={texts.location}
                  name="location"
                  value={draft.location}
                  options={[...chooseOne(draft.location.value), ...locations.map(locationChoice)]}
                />
              )}
              {programs.length > 1 && (
                <SelectField
                  label={texts.program}
                  name="program"
                  value={draft.program}
                  options={[
                    ...chooseOne(draft.program.value),
                    ...programs.map(({ programId, name }) => ({ value: programId, text: name })),
                  ]}
                />
              )}
            </Pair>
            <CheckField label={texts.everyItem} name="everyItemQualifies" value={draft.everyItemQualifies} />
            <p class="hint">{texts.currency(currencyOfShop())}</p>
            {progress.value && <ProgressBar progress={progress.value} />}
          </Form>
        )}
      </Loaded>
    </>
  );
}

/** Says that there is something to choose, until it is chosen. */
function chooseOne(value: string): Choice[] {
  return value === '' ? [{ value: '', text: texts.chooseOne }] : [];
}

function ColumnFields({ header, draft }: { header: readonly string[]; draft: MappingDraft }) {
  const headings = [...new Set(header.filter((name) => name !== ''))].map((name) => ({
    value: name,
    text: name,
  }));
  const field = (part: Part, isOptional: boolean) => (
    <SelectField
      key={part}
      label={texts.columns[part]}
      name={part}
      value={draft.columns[part]}
      options={[
        ...(isOptional ? [{ value: NONE, text: texts.none }] : chooseOne(draft.columns[part].value)),
        ...headings,
      ]}
    />
  );
  return (
    <fieldset>
      <legend>{texts.columnsTitle}</legend>
      <CheckField label={texts.twoColumns} name="isInTwoColumns" value={draft.isInTwoColumns} />
      <Pair>
        {draft.isInTwoColumns.value ? [field('date', false), field('time', false)] : field('instant', false)}
        {NEEDED.map((part) => field(part, false))}
        {OPTIONAL.map((part) => field(part, true))}
      </Pair>
    </fieldset>
  );
}

function SampleRows({ chosen: { sample } }: { chosen: ChosenFile }) {
  return (
    // It scrolls by itself, and by the keyboard only when it can have the focus.
    <div class="sample" tabIndex={0} role="region" aria-label={texts.sampleCaption}>
      <table>
        <caption class="visually-hidden">{texts.sampleCaption}</caption>
        <thead>
          <tr>
            {sample.header.map((name, column) => (
              <th key={column} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.rows.map((row, line) => (
            <tr key={line}>
              {sample.header.map((_, column) => (
                <td key={column}>{row[column] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function neededParts(draft: MappingDraft): Part[] {
  return [...(draft.isInTwoColumns.value ? (['date', 'time'] as const) : (['instant'] as const)), ...NEEDED];
}

/** As the address of the request says it; what the file itself shows is left out. */
function describeMapping(source: string, draft: MappingDraft): Record<string, string> {
  const how: Record<string, string> = {
    source,
    timeZone: draft.timeZone.value.trim(),
    dateOrder: draft.dateOrder.value,
    location: draft.location.value,
    program: draft.program.value,
    everyItemQualifies: String(draft.everyItemQualifies.value),
  };
  for (const part of [...neededParts(draft), ...OPTIONAL]) how[part] = draft.columns[part].value;
  const said = Object.entries(how).filter(([, value]) => value !== '');
  return Object.fromEntries(said.map(([name, value]) => [name, value === NONE ? '' : value]));
}

/** What is still to be said about a file, at the field that says it. */
function atItsField(error: unknown): unknown {
  if (!(error instanceof Problem)) return error;
  const { refused, detail, ...rest } = error.document;
  const part = (rest as { part?: string }).part;
  return refused === 'mapping-incomplete' && part && detail ? new Mistake({ [part]: detail }) : error;
}
