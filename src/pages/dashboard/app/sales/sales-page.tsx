import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { addDays, isDay } from '../../../../loyalty/business-day.ts';
import type { Location } from '../api-types.ts';
import { nameOf } from '../customers/customer-name.ts';
import { Choose } from '../parts/choose.tsx';
import { formatDay, formatTime, Time } from '../parts/day.tsx';
import { Empty } from '../parts/empty.tsx';
import { listEverywhere, locationChoice } from '../parts/everybody.ts';
import { Icon } from '../parts/icon.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Money, formatMoney } from '../parts/money.tsx';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import type { Column } from '../parts/table.tsx';
import { query, setQuery } from '../router.ts';
import { texts } from '../texts/sales.ts';
import { usePages } from '../use-pages.ts';
import type { Pages } from '../use-pages.ts';
import { keepFocus } from './keep-focus.ts';
import { RefundButton, RefundDialog } from './refund-dialog.tsx';
import { customerOf, salesApi } from './sales-api.ts';
import type { DaySale, DaySales } from './sales-api.ts';
import './sales.css';

/** What was sold on a day at a location, to find a sale and refund it. */
export function SalesPage() {
  const locations = useLoad(listEverywhere);
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Loaded of={locations}>
        {(all) => {
          const asked = query.value.get('location');
          const location = all.find(({ locationId }) => locationId === asked) ?? all[0];
          return location && <DayOfSales location={location} locations={all} />;
        }}
      </Loaded>
    </Page>
  );
}

function DayOfSales({ location, locations }: { location: Location; locations: readonly Location[] }) {
  const { locationId, timeZone } = location;
  const asked = query.value.get('day');
  // What is in the address may be anything.
  const businessDay = asked !== null && isDay(asked) ? asked : null;
  const sales: Pages<DaySales> = usePages(
    // More of what is shown, also when another day has begun meanwhile.
    (cursor, before) =>
      salesApi.ofDay({ locationId, businessDay: before?.businessDay ?? businessDay }, cursor),
    [locationId, businessDay],
  );
  const refundOf = useSignal<string | null>(null);
  const list = useRef<HTMLElement>(null);
  const shown = sales.value.value;
  return (
    <>
      <div class="sales-choice">
        {locations.length > 1 && (
          <Choose
            label={texts.location}
            value={locationId}
            choices={locations.map(locationChoice)}
            onChoose={(chosen) => setQuery({ location: chosen })}
          />
        )}
        <ChooseDay day={businessDay ?? shown?.businessDay ?? ''} today={shown?.today ?? ''} />
      </div>
      <section ref={list} class="panel sales-list" aria-label={texts.caption} tabIndex={-1}>
        <Loaded of={sales}>
          {({ items, today, businessDay: day, latestDay }) => (
            <Table
              caption={texts.caption}
              columns={columnsFor(timeZone, (saleId) => (refundOf.value = saleId))}
              rows={items}
              rowKey={({ saleId }) => saleId}
              empty={
                <Empty
                  icon="receipt"
                  title={day === today ? texts.noneToday : texts.none}
                  action={
                    latestDay !== null && (
                      <button
                        type="button"
                        class="quiet"
                        onClick={() => {
                          showDay(latestDay, today);
                          // The button is gone with the day.
                          list.current?.focus({ preventScroll: true });
                        }}
                      >
                        {texts.toLatest}
                      </button>
                    )
                  }
                >
                  {latestDay === null ? texts.noneHint : texts.latest(formatDay(latestDay))}
                </Empty>
              }
              onMore={sales.more}
              isBusy={sales.isComing}
            />
          )}
        </Loaded>
      </section>
      {refundOf.value && (
        <RefundDialog
          saleId={refundOf.value}
          onClose={() => (refundOf.value = null)}
          reload={async () => {
            await sales.reload();
            keepFocus(list.current);
          }}
        />
      )}
    </>
  );
}

/** Today is the day in whose address nothing stands: tomorrow it is another. */
function showDay(day: string, today: string): void {
  setQuery({ day: day === today ? null : day });
}

function ChooseDay({ day, today }: { day: string; today: string }) {
  const id = useId();
  const show = (chosen: string) => showDay(chosen, today);
  const isLast = day === '' || day >= today;
  return (
    <div class="filter day-choice">
      <label for={id}>{texts.day}</label>
      <div>
        <button
          type="button"
          class="quiet"
          aria-label={texts.dayBefore}
          onClick={() => day && show(addDays(day, -1))}
        >
          <Icon name="back" />
        </button>
        <input
          id={id}
          type="date"
          value={day}
          max={today}
          onChange={(event) => event.currentTarget.value && show(event.currentTarget.value)}
        />
        <button
          type="button"
          class="quiet"
          aria-label={texts.dayAfter}
          aria-disabled={isLast}
          onClick={() => !isLast && show(addDays(day, 1))}
        >
          <Icon name="next" />
        </button>
      </div>
    </div>
  );
}

const columnsFor = (timeZone: string, refund: (saleId: string) => void): readonly Column<DaySale>[] => [
  {
    key: 'at',
    head: texts.columns.at,
    cell: ({ occurredAt }) => <Time at={occurredAt} timeZone={timeZone} />,
  },
  {
    key: 'what',
    head: texts.columns.what,
    isRowHead: true,
    cell: ({ itemNames, refundedMinor, source }) => (
      <span class="sale-what">
        {texts.items(itemNames)}
        {refundedMinor > 0 && <span class="hint">{texts.refunded(formatMoney(refundedMinor))}</span>}
        {source !== 'till' && <span class="hint">{texts.fromFile(source)}</span>}
      </span>
    ),
  },
  {
    key: 'customer',
    head: texts.columns.customer,
    cell: ({ customer }) =>
      customer ? (
        <a href={`/desk/customers/${customer.customerId}`}>{nameOf(customerOf(customer))}</a>
      ) : (
        <span class="hint">{texts.noCard}</span>
      ),
  },
  { key: 'staff', head: texts.columns.staff, cell: ({ staffName }) => staffName },
  {
    key: 'paid',
    head: texts.columns.paid,
    isNumber: true,
    cell: ({ totalMinor }) => <Money minor={totalMinor} />,
  },
  {
    key: 'actions',
    head: texts.columns.actions,
    isHeadHidden: true,
    cell: ({ saleId, mayRefund, itemNames, occurredAt }) =>
      mayRefund && (
        <RefundButton
          label={texts.refund.openOf(texts.items(itemNames), formatTime(occurredAt, timeZone))}
          onOpen={() => refund(saleId)}
        />
      ),
  },
];
