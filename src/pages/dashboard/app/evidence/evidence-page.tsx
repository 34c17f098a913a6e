import { useSignal } from '@preact/signals';
import { ask, download } from '../api.ts';
import { Chart } from '../gestures/chart.tsx';
import type { GestureTotals } from '../gestures/report-types.ts';
import { locale } from '../language.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { formatDay, formatMoment } from '../parts/day.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { formatMoney } from '../parts/money.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { attempt, say } from '../parts/toast.tsx';
import { shopApi } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/evidence.ts';
import type { Alarms, Evidence, Light, Season } from './evidence-types.ts';
import { PlanDialog } from './plan-dialog.tsx';
import '../gestures/gestures.css';
import './evidence.css';

const amounts = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: 'exceptZero' });
const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const visitCounts = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** What gestures caused, with its doubt; and apart from it what came afterwards. */
export function EvidencePage() {
  const { isOwner } = useSession();
  const isPlanning = useSignal(false);
  const seasonId = useSignal('');
  const locationId = useSignal('');
  const shop = useLoad(async () => {
    const [seasons, locations] = await Promise.all([
      ask<{ items: Season[] }>('GET', '/seasons'),
      shopApi.listLocations(),
    ]);
    return { seasons: seasons.items, locations };
  });
  const plan = () => (isPlanning.value = true);
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        isOwner && (
          <button type="button" class="quiet" onClick={plan}>
            {texts.plan}
          </button>
        )
      }
    >
      <Loaded of={shop}>
        {({ seasons, locations }) => {
          const season = seasons.find((one) => one.seasonId === seasonId.value) ?? seasons[0];
          if (!season) return <NoSeason onPlan={isOwner ? plan : undefined} />;
          return (
            <>
              {(seasons.length > 1 || locations.length > 1) && (
                <div class="evidence-choose">
                  <Choice
                    label={texts.season}
                    value={season.seasonId}
                    options={seasons.map((one) => [one.seasonId, nameOf(one)])}
                    onChoose={(id) => (seasonId.value = id)}
                  />
                  {locations.length > 1 && (
                    <Choice
                      label={texts.location}
                      value={locationId.value}
                      options={[
                        ['', texts.everywhere],
                        ...locations.map((one): [string, string] => [one.locationId, one.name]),
                      ]}
                      onChoose={(id) => (locationId.value = id)}
                    />
                  )}
                </div>
              )}
              <SeasonEvidence
                key={`${season.seasonId} ${season.endedAt} ${locationId.value}`}
                season={season}
                locationId={locationId.value}
                onStopped={() => void shop.reload()}
              />
            </>
          );
        }}
      </Loaded>
      {isOwner && <AlarmsPanel />}
      {isPlanning.value && shop.value.value && (
        <PlanDialog
          locations={shop.value.value.locations}
          onClose={() => (isPlanning.value = false)}
          onBegun={(season) => {
            isPlanning.value = false;
            seasonId.value = season.seasonId;
            void shop.reload();
          }}
        />
      )}
    </Page>
  );
}

function nameOf({ kind, gestureKind, startedAt, endedAt }: Season): string {
  const [from, until] = [startedAt, endedAt].map((at) => at && formatDay(at.slice(0, 10)));
  return texts.seasonName(kind, gestureKind, from!, until ?? null);
}

function Choice({
  label,
  value,
  options,
  onChoose,
}: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}) {
  return (
    <label class="filter">
      {label}
      <select value={value} onInput={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([id, text]) => (
          <option key={id} value={id} selected={id === value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function NoSeason({ onPlan }: { onPlan: (() => void) | undefined }) {
  return (
    <Panel title={texts.none.title}>
      <p>{texts.none.says}</p>
      {onPlan && (
        <button type="button" onClick={onPlan}>
          {texts.none.plan}
        </button>
      )}
    </Panel>
  );
}

function SeasonEvidence({
  season,
  locationId,
  onStopped,
}: {
  season: Season;
  locationId: string;
  onStopped: () => void;
}) {
  const { isOwner, merchant } = useSession();
  const query = new URLSearchParams({ seasonId: season.seasonId, ...(locationId && { locationId }) });
  const evidence = useLoad(() => ask<Evidence>('GET', `/reports/evidence?${query}`));
  const take = (ending: 'csv' | 'xlsx') => attempt(() => download(`/reports/evidence.${ending}?${query}`));
  return (
    <Loaded of={evidence}>
      {(view) => (
        <>
          <p class="hint evidence-of">
            <span class="only-printed">{merchant.name} · </span>
            {texts.of(nameOf(season), view.locationName ?? texts.everywhere, formatMoment(view.asOf))}
          </p>
          {view.trueEffectMinor !== null && (
            <p class="notice">{texts.made(formatMoney(view.trueEffectMinor, view.currency))}</p>
          )}
          <div class="evidence-two">
            <Because view={view} />
            <Afterwards view={view} locationId={locationId} />
          </div>
          <EffectChart view={view} />
          <OverTime view={view} />
          <Lights lights={view.lights} />
          <Sealed view={view} />
          <div class="form-actions evidence-choose">
            {isOwner && (
              <>
                <button type="button" class="quiet" onClick={() => void take('csv')}>
                  <Icon name="file" /> {texts.file}
                </button>
                <button type="button" class="quiet" onClick={() => void take('xlsx')}>
                  <Icon name="file" /> {texts.workbook}
                </button>
              </>
            )}
            <button type="button" class="quiet" onClick={() => window.print()}>
              <Icon name="print" /> {texts.print}
            </button>
            {isOwner && season.endedAt === null && (
              <button type="button" class="quiet" onClick={() => askToStop(season, onStopped)}>
                {texts.stop}
              </button>
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}

/** Money of the report, with a sign. */
function signed(minor: number, { currency }: Evidence): string {
  const rounded = Math.round(Math.abs(minor));
  const text = formatMoney(rounded, currency);
  if (rounded === 0) return text;
  // The sign stays on the line of its figure.
  return `${minor < 0 ? '−' : '+'}\u2060${text}`;
}

function signedCount(count: number): string {
  return amounts.format(count).replace('-', '−');
}

function Because({ view }: { view: Evidence }) {
  const { gesture, offer, visits, cost, stillNeeded, acceptance, draws, restated } = view;
  const words = texts.because;
  const span = ({ effect, low, high }: { effect: number; low: number; high: number }) =>
    [signed(effect, view), signed(low, view), signed(high, view)] as const;
  return (
    <Panel title={words.title}>
      <p class="evidence-verdict">{texts.verdicts[view.verdict]}</p>
      {view.verdict === 'cost-more' && gesture?.high != null && (
        <p>{texts.atMost(signed(gesture.high, view))}</p>
      )}
      {stillNeeded && <p>{texts.missing(view.kind, stillNeeded.treats, stillNeeded.weeks)}</p>}
      {gesture?.low != null && gesture.high != null ? (
        <p>{words.says(...span({ ...gesture, low: gesture.low, high: gesture.high }))}</p>
      ) : offer?.low != null && offer.high != null ? (
        <p>{words.unbounded(...span({ ...offer, low: offer.low, high: offer.high }))}</p>
      ) : (
        <p>{words.nothing}</p>
      )}
      {gesture?.low != null && offer?.low != null && offer.high != null && (
        <p class="hint">{words.offer(...span({ ...offer, low: offer.low, high: offer.high }))}</p>
      )}
      {visits?.low != null && visits.high != null && (
        <p class="hint">
          {words.visits(signedCount(visits.effect), signedCount(visits.low), signedCount(visits.high))}
        </p>
      )}
      <p class="hint">
        {words.cost(
          formatMoney(Math.round(cost.gestureMinor), view.currency),
          formatMoney(Math.round(cost.breakEvenMinor), view.currency),
          cost.breakEvenVisits === null ? null : visitCounts.format(cost.breakEvenVisits),
        )}{' '}
        {acceptance && words.acceptance(shares.format(acceptance.rate))}
      </p>
      <p class="hint">{texts.soFar(draws.made, draws.matured, draws.treated)}</p>
      {restated && (
        <p class="hint">
          {texts.restated(formatDay(restated.since), signed(restated.spendMinor, view), restated)}
        </p>
      )}
      <p class="hint">{words.how(view.chanceMillionths, view.kind)}</p>
    </Panel>
  );
}

function Afterwards({ view, locationId }: { view: Evidence; locationId: string }) {
  const words = texts.afterwards;
  const from = view.startedAt.slice(0, 10);
  const to = view.endedAt?.slice(0, 10);
  const query = new URLSearchParams({
    from,
    windowDays: '30',
    ...(to && { to }),
    ...(locationId && { locationId }),
  });
  const totals = useLoad(() => ask<GestureTotals>('GET', `/reports/gestures/totals?${query}`));
  return (
    <Panel title={words.title}>
      <Loaded of={totals}>
        {({ totals: { complete } }) => (
          <p>
            {complete.gestures === 0
              ? words.none
              : words.says(formatMoney(complete.attributedSpendMinor, view.currency))}
          </p>
        )}
      </Loaded>
      <p class="hint">{words.note}</p>
      <p>
        <a href={`/desk/gestures?${query}`}>{words.link}</a>
      </p>
    </Panel>
  );
}

function EffectChart({ view }: { view: Evidence }) {
  const { gesture, cost, currency } = view;
  if (gesture?.low == null || gesture.high == null) return null;
  const words = texts.chart;
  const told = {
    effect: gesture.effect,
    low: gesture.low,
    high: gesture.high,
    breakEven: cost.breakEvenMinor,
  };
  const rows = [
    [words.effect, told.effect],
    [words.low, told.low],
    [words.high, told.high],
    [words.breakEven, told.breakEven],
    ...(view.trueEffectMinor === null ? [] : [[words.truth, view.trueEffectMinor] as [string, number]]),
  ] as [string, number][];
  return (
    <Chart
      title={words.title}
      summary={words.summary(
        signed(told.effect, view),
        signed(told.low, view),
        signed(told.high, view),
        signed(told.breakEven, view),
      )}
      of={view}
      draw={(plots, drawing) =>
        plots.drawEffect({ ...told, truth: view.trueEffectMinor }, words, currency, drawing)
      }
      table={
        <Table
          caption={words.title}
          rows={rows}
          rowKey={([name]) => name}
          empty={null}
          columns={[
            { key: 'what', head: words.what, cell: ([name]) => name, isRowHead: true },
            { key: 'amount', head: words.amount, cell: ([, minor]) => signed(minor, view), isNumber: true },
          ]}
        />
      }
    />
  );
}

interface ToldDay {
  day: string;
  effect: number;
  low: number;
  high: number;
}

function OverTime({ view }: { view: Evidence }) {
  const days = view.series.flatMap(({ day, effect, low, high }): ToldDay[] =>
    effect === null || low === null || high === null ? [] : [{ day, effect, low, high }],
  );
  if (days.length < 2) return null;
  const words = texts.chart;
  return (
    <Chart
      title={words.over}
      summary={words.overSummary(days.length)}
      of={view}
      draw={(plots, drawing) =>
        plots.drawToldOverTime(days, view.cost.breakEvenMinor, view.currency, drawing)
      }
      table={
        <Table
          caption={words.over}
          rows={days}
          rowKey={({ day }) => day}
          empty={null}
          columns={[
            { key: 'day', head: words.day, cell: ({ day }) => formatDay(day), isRowHead: true },
            { key: 'effect', head: words.effect, cell: ({ effect }) => signed(effect, view), isNumber: true },
            { key: 'low', head: words.low, cell: ({ low }) => signed(low, view), isNumber: true },
            { key: 'high', head: words.high, cell: ({ high }) => signed(high, view), isNumber: true },
          ]}
        />
      }
    />
  );
}

const TONES = { ok: 'good', warn: 'warn', refuse: 'bad' };

function Lights({ lights }: { lights: readonly Light[] }) {
  const words = texts.lights;
  return (
    <Panel title={words.title} lead={words.lead}>
      <ul class="lights">
        {lights.map(({ check, light, figures }) => (
          <li key={check} class="light">
            <span class={`mark ${TONES[light]}`}>{words.names[light]}</span>
            <span>
              {words.checks[check]}
              <span class="reason">{words.reasons[check](figures)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Sealed({ view }: { view: Evidence }) {
  const words = texts.sealed;
  return (
    <Panel title={words.title}>
      <p>{words.says}</p>
      <p class="hint sealed-key">
        {words.hash}: <code>{view.keyHash}</code>
      </p>
      {view.revealedKey && (
        <p class="hint sealed-key">
          {words.key}: <code>{view.revealedKey}</code>
        </p>
      )}
      <p>
        <a href={`/draws/${view.seasonId}`} target="_blank" rel="noopener">
          {words.link}
        </a>
      </p>
    </Panel>
  );
}

function AlarmsPanel() {
  const words = texts.alarms;
  const alarms = useLoad(() => ask<Alarms>('GET', '/fairness/alarms'));
  return (
    <Panel title={words.title} lead={words.lead}>
      <Loaded of={alarms}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{words.none}</p>
          ) : (
            <ul>
              {items.map((item) => (
                <li key={`${item.kind} ${item.staffId} ${item.customer ?? ''}`}>{tell(item)}</li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function tell(item: Alarms['items'][number]): string {
  const words = texts.alarms;
  const { staffName, customer = '', gestures } = item;
  if (item.kind === 'one-pair')
    return words['one-pair'](staffName, customer, gestures, item.served ?? 0, item.expected ?? 0);
  if (item.kind === 'shared-contact')
    return words['shared-contact'](staffName, customer, gestures, item.by ?? 'card');
  return words['before-closing'](staffName, gestures, item.beforeClosing ?? 0);
}

function askToStop({ seasonId }: Season, onStopped: () => void): void {
  const words = texts.stopping;
  confirmFirst({
    title: words.title,
    says: <p>{words.says}</p>,
    yes: words.yes,
    isDestructive: true,
    work: async () => {
      await ask('POST', `/seasons/${seasonId}/stop`);
      say(words.done);
      onStopped();
    },
  });
}
