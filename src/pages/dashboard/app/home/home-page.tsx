import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Summary } from '../api-types.ts';
import { Ago, formatDay, formatMoment } from '../parts/day.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { formatMoney, Money } from '../parts/money.tsx';
import { formatNumber } from '../format.ts';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { shopApi } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/home.ts';
import { CameBack } from './came-back.tsx';
import './home.css';

const REFRESHED_EVERY_MS = 60_000;

/** Today and this week at a glance. Asks again every minute while somebody may be looking. */
export function HomePage() {
  const { merchant } = useSession();
  const summary = useLoad(shopApi.summary);
  useEffect(() => {
    const refresh = () => document.visibilityState === 'visible' && void summary.reload();
    const timer = setInterval(refresh, REFRESHED_EVERY_MS);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, []);
  const found = summary.value.value;
  return (
    <Page title={merchant.name} lead={found && formatDay(found.today, { dateStyle: 'full' })}>
      <Loaded of={summary}>
        {(shown) => (
          <>
            <FirstSteps start={shown.start} />
            <WorthALook summary={shown} />
            <Figures summary={shown} />
            <CameBack />
            <TwoWeeks days={shown.days} />
            <div class="home-pair">
              <Present present={shown.present} />
              <Tills tills={shown.tills} now={Date.parse(shown.asOf)} />
            </div>
            <Thanks thanks={shown.thanks} now={Date.parse(shown.asOf)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

type Days = Summary['days'];

function Figures({ summary: { days, today, weekStart, gesturesLeftToday } }: { summary: Summary }) {
  const ofToday = days.filter(({ businessDay }) => businessDay === today);
  const ofWeek = days.filter(({ businessDay }) => businessDay >= weekStart);
  const left = gesturesLeftToday === null ? texts.noLimit : texts.gesturesLeft(gesturesLeftToday);
  return (
    <div class="home-pair">
      <Totals title={texts.today} days={ofToday} gestureNote={left}>
        <QuietSoFar days={days} today={today} />
      </Totals>
      <Totals
        title={texts.thisWeek}
        days={ofWeek}
        gestureNote={texts.gesturesCost(formatMoney(sumOf(ofWeek, 'gestureCostMinor')))}
      />
    </div>
  );
}

/** On a morning of noughts, how the shop did when it was last busy. With nothing in two weeks the next step stands below. */
function QuietSoFar({ days, today }: { days: Days; today: string }) {
  const last = days.findLast(isBusy);
  if (!last || last.businessDay === today) return null;
  const { cardSalesMinor, stamps, gestureCount } = last;
  const day = formatDay(last.businessDay, { weekday: 'long', day: 'numeric', month: 'long' });
  return <p class="hint home-quiet">{texts.quiet(day, formatMoney(cardSalesMinor), stamps, gestureCount)}</p>;
}

function isBusy({ saleCount, cardSalesMinor, stamps, gestureCount, redeemedCount }: Days[number]): boolean {
  return [saleCount, cardSalesMinor, stamps, gestureCount, redeemedCount].some((figure) => figure !== 0);
}

interface TotalsParts {
  title: string;
  days: Days;
  gestureNote: string;
  children?: ComponentChildren;
}

function Totals({ title, days, gestureNote, children }: TotalsParts) {
  const extra = countKind(days, 'double_stamp');
  const onCard = sumOf(days, 'cardSaleCount');
  return (
    <Panel title={title}>
      <dl class="tiles">
        <Tile name={texts.sales} note={texts.salesOf(onCard, sumOf(days, 'saleCount'))}>
          <Money minor={sumOf(days, 'cardSalesMinor')} />
        </Tile>
        <Tile name={texts.stamps} note={extra > 0 ? texts.stampsExtra(extra) : ''}>
          {formatNumber(sumOf(days, 'stamps'))}
        </Tile>
        <Tile name={texts.gestures} note={gestureNote}>
          {formatNumber(sumOf(days, 'gestureCount'))}
        </Tile>
        <Tile name={texts.rewards} note="">
          {formatNumber(sumOf(days, 'redeemedCount'))}
        </Tile>
      </dl>
      {children}
    </Panel>
  );
}

function Tile({ name, note, children }: { name: string; note: string; children: ComponentChildren }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        <span class="tile-figure number">{children}</span>
        {note && <span class="tile-note">{note}</span>}
      </dd>
    </div>
  );
}

/** Bars for the eye; the table says the same. */
function TwoWeeks({ days }: { days: Days }) {
  const most = Math.max(...days.map(({ cardSalesMinor }) => cardSalesMinor));
  if (most <= 0)
    return (
      <div class="panel">
        <Empty
          icon="chart"
          title={texts.noDays}
          action={
            <a class="button quiet" href="/desk/locations">
              {texts.poster}
            </a>
          }
        >
          {texts.noDaysHint}
        </Empty>
      </div>
    );
  return (
    <Panel title={texts.days}>
      <div class="bars" aria-hidden="true">
        {days.map(({ businessDay, cardSalesMinor, cardSaleCount }) => (
          <div
            key={businessDay}
            class="bar-day"
            title={texts.dayBar(formatDay(businessDay), formatMoney(cardSalesMinor), cardSaleCount)}
          >
            <div
              class="bar-fill"
              style={{ height: `${Math.max(1, (Math.max(0, cardSalesMinor) / most) * 100)}%` }}
            />
            <span>{formatDay(businessDay, { weekday: 'narrow' })}</span>
          </div>
        ))}
      </div>
      <details class="as-table">
        <summary>{texts.dayTable}</summary>
        <Table
          caption={texts.days}
          rows={days.toReversed()}
          rowKey={({ businessDay }) => businessDay}
          columns={[
            {
              key: 'day',
              head: texts.columns.day,
              isRowHead: true,
              cell: ({ businessDay }) => formatDay(businessDay),
            },
            {
              key: 'sales',
              head: texts.columns.sales,
              isNumber: true,
              cell: ({ cardSaleCount, saleCount }) => texts.salesOf(cardSaleCount, saleCount),
            },
            {
              key: 'money',
              head: texts.columns.money,
              isNumber: true,
              cell: ({ cardSalesMinor }) => <Money minor={cardSalesMinor} />,
            },
            {
              key: 'gestures',
              head: texts.columns.gestures,
              isNumber: true,
              cell: ({ gestureCount }) => formatNumber(gestureCount),
            },
          ]}
          empty={null}
        />
      </details>
    </Panel>
  );
}

function Present({ present }: { present: Summary['present'] }) {
  return (
    <Panel title={texts.present}>
      {present.length === 0 ? (
        <p class="hint">{texts.nobody}</p>
      ) : (
        <ul class="unmarked home-list">
          {present.map(({ staffId, name, deviceName, locationName, signedInAt }) => (
            <li key={`${staffId} ${deviceName}`}>
              <span class="home-name">{name}</span>
              <span class="hint" title={formatMoment(signedInAt)}>
                {texts.presentAt(deviceName, locationName)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Tills({ tills, now }: { tills: Summary['tills']; now: number }) {
  return (
    <Panel
      title={texts.tills}
      actions={
        <a class="small" href="/desk/tills">
          {texts.allTills}
        </a>
      }
    >
      {tills.length === 0 ? (
        <p class="hint">
          {texts.noTill} <a href="/desk/tills">{texts.connect}</a>
        </p>
      ) : (
        <ul class="unmarked home-list">
          {tills.map(({ deviceId, name, locationName, lastSeenAt, waitingCount }) => (
            <li key={deviceId}>
              <span class="home-name">{texts.presentAt(name, locationName)}</span>
              <span class="hint">
                {lastSeenAt ? (
                  <>
                    {texts.seen} <Ago at={lastSeenAt} now={now} />
                  </>
                ) : (
                  texts.neverSeen
                )}{' '}
                {waitingCount ? <span class="mark warn">{texts.waiting(waitingCount)}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** The shop's wall of thanks; not there before the first. */
function Thanks({ thanks, now }: { thanks: Summary['thanks']; now: number }) {
  if (thanks.length === 0) return null;
  return (
    <Panel title={texts.thanks}>
      <ul class="unmarked home-list">
        {thanks.map(({ gestureId, thankedAt, customerName, giverName, kind, itemName, reason }) => (
          <li key={gestureId}>
            <span class="home-name">
              {texts.thanked(
                customerName ?? texts.aCustomer,
                giverName,
                itemName ? `“${itemName}”` : texts.thankedFor[kind],
              )}
            </span>
            <span class="hint">
              {texts.reasons[reason]}, <Ago at={thankedAt} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function WorthALook({ summary: { keptTapCount, vouchedCount } }: { summary: Summary }) {
  if (keptTapCount === 0 && vouchedCount === 0) return null;
  return (
    <Panel title={texts.look} tone="warn">
      <ul class="look">
        {keptTapCount > 0 && (
          <li>
            {texts.kept(keptTapCount)} <a href="/desk/kept-taps">{texts.keptLink}</a>
          </li>
        )}
        {vouchedCount > 0 && <li>{texts.vouched(vouchedCount)}</li>}
      </ul>
    </Panel>
  );
}

/** Shown to an owner until everything is there once. */
function FirstSteps({ start }: { start: Summary['start'] }) {
  const { isOwner } = useSession();
  const steps = [
    { text: texts.steps.menu, href: '/desk/start/menu', isDone: start.hasItems },
    { text: texts.steps.people, href: '/desk/start/people', isDone: start.hasPin },
    { text: texts.steps.till, href: '/desk/start/till', isDone: start.hasTill },
    { text: texts.steps.gift, href: '/desk/menu', isDone: start.hasGift },
    { text: texts.steps.cards, href: '/desk/locations', isDone: start.hasCards },
  ];
  if (!isOwner || steps.every(({ isDone }) => isDone)) return null;
  return (
    <Panel title={texts.start}>
      <ol class="unmarked first-steps">
        {steps.map(({ text, href, isDone }) => (
          <li key={text} class={isDone ? 'done' : ''}>
            <span class="first-mark">{isDone && <Icon name="check" />}</span>
            {isDone ? (
              <span>
                {text}
                <span class="visually-hidden">, {texts.done}</span>
              </span>
            ) : (
              <a href={href}>{text}</a>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

type Figure =
  | 'saleCount'
  | 'cardSaleCount'
  | 'cardSalesMinor'
  | 'stamps'
  | 'gestureCount'
  | 'gestureCostMinor'
  | 'redeemedCount';

function sumOf(days: Days, figure: Figure): number {
  return days.reduce((sum, day) => sum + day[figure], 0);
}

function countKind(days: Days, kind: string): number {
  return days
    .flatMap(({ gestures }) => gestures)
    .reduce((sum, one) => sum + (one.kind === kind ? one.count : 0), 0);
}
