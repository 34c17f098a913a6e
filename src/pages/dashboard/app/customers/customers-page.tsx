import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { Ago } from '../parts/day.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import type { Column } from '../parts/table.tsx';
import { query, setQuery, visit } from '../router.ts';
import { texts } from '../texts/customers.ts';
import { usePages } from '../use-pages.ts';
import { customersApi } from './customers-api.ts';
import type { FoundCustomer } from './customers-api.ts';
import { nameOf } from './customer-name.ts';
import './customers.css';

/** Somebody who types is not asked for at every letter. */
const TYPING_MS = 200;

/** Finds a customer, or looks through them all. */
export function CustomersPage() {
  const find = query.value.get('find') ?? '';
  const customers = usePages((cursor) => customersApi.find(find, cursor), [find]);
  const shown = customers.value.value;
  return (
    <Page title={texts.title} lead={texts.lead}>
      <section class="panel customer-list" aria-label={texts.tableCaption}>
        {/* Drawn anew when somebody comes by a link, whose search it then shows. */}
        <Search key={visit.value} find={find} />
        {/* For those who do not see the list change while they type. */}
        <p class="visually-hidden" role="status">
          {find !== '' && shown && texts.found(shown.items.length, shown.nextCursor !== null)}
        </p>
        <Loaded of={customers}>
          {({ items }) => (
            <Table
              caption={texts.tableCaption}
              columns={columns}
              rows={items}
              rowKey={({ customerId }) => customerId}
              empty={<Nobody isSearch={find !== ''} />}
              onMore={customers.more}
              isBusy={customers.isComing}
            />
          )}
        </Loaded>
      </section>
    </Page>
  );
}

function Search({ find }: { find: string }) {
  const id = useId();
  const typed = useSignal(find);
  useEffect(() => {
    if (typed.value === find) return undefined;
    const timer = setTimeout(() => setQuery({ find: typed.value.trim() }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed.value]);
  return (
    <form
      class="customer-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setQuery({ find: typed.value.trim() });
      }}
    >
      <label for={id}>{texts.find}</label>
      <input
        id={id}
        type="search"
        name="find"
        autoComplete="off"
        maxLength={100}
        aria-describedby={`${id}-hint`}
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {texts.findHint}
      </p>
    </form>
  );
}

const columns: readonly Column<FoundCustomer>[] = [
  {
    key: 'name',
    head: texts.columns.name,
    isRowHead: true,
    cell: (customer) => (
      <span class="customer-name">
        <a href={`/desk/customers/${customer.customerId}`}>{nameOf(customer)}</a>
        {customer.cards.some(({ isBlocked }) => isBlocked) && <span class="mark bad">{texts.blocked}</span>}
        {customer.preferences && <span class="hint">{customer.preferences}</span>}
      </span>
    ),
  },
  {
    key: 'stamps',
    head: texts.columns.stamps,
    isNumber: true,
    cell: ({ cards }) =>
      cards.map(({ cardId, stamps, stampsRequired }) => (
        <div key={cardId}>{texts.stamps(stamps, stampsRequired)}</div>
      )),
  },
  {
    key: 'rewards',
    head: texts.columns.rewards,
    cell: ({ cards }) => {
      const rewards = cards.reduce((sum, { openRewardCount }) => sum + openRewardCount, 0);
      return rewards > 0 ? <span class="mark good">{texts.rewards(rewards)}</span> : null;
    },
  },
  {
    key: 'phone',
    head: texts.columns.phone,
    cell: ({ phoneEnd }) => (phoneEnd ? texts.phoneEnd(phoneEnd) : null),
  },
  {
    key: 'visit',
    head: texts.columns.visit,
    cell: ({ lastVisitAt }) => (lastVisitAt ? <Ago at={lastVisitAt} /> : texts.neverHere),
  },
];

function Nobody({ isSearch }: { isSearch: boolean }) {
  return (
    <Empty icon="person" title={isSearch ? texts.noMatch : texts.none}>
      {isSearch ? texts.noMatchHint : texts.noneHint}
    </Empty>
  );
}
