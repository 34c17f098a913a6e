import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { Choose } from '../parts/choose.tsx';
import { listEverybody, listEverywhere, locationChoice } from '../parts/everybody.ts';
import { useLoad } from '../parts/loaded.tsx';
import { setQuery } from '../router.ts';
import { texts } from '../texts/gestures.ts';
import { KINDS, MODELS, noteOf, PERIODS, REASONS, WINDOWS } from './report-filter.ts';
import type { ReportFilter } from './report-filter.ts';

const words = texts.filters;

/** What the page shows. A choice shows at once, and stands in the address. */
export function Filters({ filter }: { filter: ReportFilter }) {
  const names = useLoad(async () => {
    const [locations, staff] = await Promise.all([listEverywhere(), listEverybody()]);
    return { locations, staff };
  });
  const change = (part: Partial<ReportFilter>) => setQuery(noteOf(part));
  const { locationId, staffId, kind, reason } = filter;
  // On a phone the others are put away until somebody asks for them.
  const isOpen = useSignal([locationId, staffId, kind, reason].some((one) => one !== ''));
  // Never put away again by what is chosen in it: whoever chooses with the keyboard would lose their place.
  const isCountingShown = useRef(false);
  isCountingShown.current ||= filter.windowDays !== '30' || filter.model !== 'last';
  const locations = names.value.value?.locations ?? [];
  const staff = names.value.value?.staff ?? [];
  return (
    <form class="filters" aria-label={words.label} onSubmit={(event) => event.preventDefault()}>
      <div class={isOpen.value ? 'filter-row open' : 'filter-row'}>
        <Choose
          label={words.period}
          value={filter.period}
          choices={PERIODS.map((value) => ({ value, text: words.periods[value] }))}
          onChoose={(period) => change({ period: period as ReportFilter['period'] })}
        />
        {filter.period === 'days' && (
          <>
            <Day label={words.from} value={filter.from} onChoose={(from) => change({ from })} />
            <Day label={words.to} value={filter.to} onChoose={(to) => change({ to })} />
          </>
        )}
        <button
          type="button"
          class="quiet filter-more"
          aria-expanded={isOpen.value}
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          {isOpen.value ? words.fewer : words.more}
        </button>
        {(locations.length > 1 || filter.locationId !== '') && (
          <Choose
            label={words.location}
            value={filter.locationId}
            choices={[{ value: '', text: words.everyLocation }, ...locations.map(locationChoice)]}
            onChoose={(locationId) => change({ locationId })}
          />
        )}
        <Choose
          label={words.person}
          value={filter.staffId}
          choices={[{ value: '', text: words.everyone }, ...staff]}
          onChoose={(staffId) => change({ staffId })}
        />
        <Choose
          label={words.kind}
          value={filter.kind}
          choices={[
            { value: '', text: words.everyKind },
            ...KINDS.map((value) => ({ value, text: texts.kinds[value] })),
          ]}
          onChoose={(kind) => change({ kind })}
        />
        <Choose
          label={words.reason}
          value={filter.reason}
          choices={[
            { value: '', text: words.everyReason },
            ...REASONS.map((value) => ({ value, text: texts.reasons[value] })),
          ]}
          onChoose={(reason) => change({ reason })}
        />
      </div>
      <details class="counting" open={isCountingShown.current}>
        <summary>{words.counting}</summary>
        <div class="filter-row">
          <Choose
            label={words.window}
            value={filter.windowDays}
            choices={WINDOWS.map((value) => ({ value, text: words.windowDays(Number(value)) }))}
            onChoose={(days) => change({ windowDays: days as ReportFilter['windowDays'] })}
          />
          <Choose
            label={words.model}
            value={filter.model}
            choices={MODELS.map((value) => ({ value, text: words.models[value] }))}
            onChoose={(model) => change({ model: model as ReportFilter['model'] })}
          />
        </div>
      </details>
    </form>
  );
}

function Day({
  label,
  value,
  onChoose,
}: {
  label: string;
  value: string;
  onChoose: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="filter chosen-day">
      <label for={id}>{label}</label>
      <input id={id} type="date" value={value} onChange={(event) => onChoose(event.currentTarget.value)} />
    </div>
  );
}
