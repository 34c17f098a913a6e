import type * as z from 'zod';
import type { auditSchema } from '../../../../http/routes/audit-routes.ts';
import { limitsOf } from '../allowance/rules.ts';
import { ask, withQuery } from '../api.ts';
import type { ListPage } from '../api-types.ts';
import { Moment } from '../parts/day.tsx';
import { Empty } from '../parts/empty.tsx';
import { listEverybody } from '../parts/everybody.ts';
import { FileButton } from '../parts/file-button.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { formatMoney } from '../parts/money.tsx';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import type { Column } from '../parts/table.tsx';
import { query, setQuery } from '../router.ts';
import { texts } from '../texts/audit.ts';
import { usePages } from '../use-pages.ts';
import './audit.css';

type Limits = Parameters<typeof limitsOf>[0];
type AuditEvent = z.infer<typeof auditSchema>;

/** Who changed, saw or took out what, in sentences. */
export function AuditPage() {
  const filter = readFilter(query.value);
  const { from, to } = filter;
  const isBackwards = from !== null && to !== null && from >= to;
  const log = usePages(
    (cursor) => ask<ListPage<AuditEvent>>('GET', withQuery('/audit', { ...filter, cursor, limit: 50 })),
    Object.values(filter),
  );
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={<FileButton path={withQuery('/audit.csv', filter)} text={texts.download} />}
    >
      <section class="panel audit-log" aria-label={texts.caption}>
        <Filters />
        <Loaded of={log}>
          {({ items }) => (
            <Table
              caption={texts.caption}
              columns={columns}
              rows={items}
              rowKey={({ sequence }) => String(sequence)}
              empty={
                <Empty icon="list" title={isBackwards ? texts.backwards : texts.none}>
                  {isBackwards ? texts.backwardsHint : texts.noneHint}
                </Empty>
              }
              onMore={log.more}
              isBusy={log.isComing}
            />
          )}
        </Loaded>
      </section>
    </Page>
  );
}

/** What the address says, as the API wants it: whole days of the reader's own clock. */
function readFilter(asked: URLSearchParams) {
  return {
    staffId: asked.get('staff'),
    action: asked.get('about'),
    from: startOf(asked.get('from'), 0),
    to: startOf(asked.get('to'), 1),
  };
}

function startOf(day: string | null, daysLater: number): string | null {
  const [year, month, date] = (day ?? '').split('-').map(Number);
  if (!year || !month || !date) return null;
  return new Date(year, month - 1, date + daysLater).toISOString();
}

function Filters() {
  const people = useLoad(listEverybody);
  const asked = query.value;
  const words = texts.filter;
  return (
    <div class="audit-filters">
      <label>
        {words.person}
        <select
          value={asked.get('staff') ?? ''}
          onInput={(event) => setQuery({ staff: event.currentTarget.value })}
        >
          <option value="">{words.everybody}</option>
          {people.value.value?.map(({ value, text }) => (
            <option key={value} value={value} selected={value === asked.get('staff')}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.action}
        <select
          value={asked.get('about') ?? ''}
          onInput={(event) => setQuery({ about: event.currentTarget.value })}
        >
          <option value="">{words.everything}</option>
          {Object.entries(texts.groups).map(([group, name]) => (
            <option key={group} value={group} selected={group === asked.get('about')}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {(['from', 'to'] as const).map((end) => (
        <label key={end}>
          {words[end]}
          <input
            type="date"
            value={asked.get(end) ?? ''}
            onChange={(event) => setQuery({ [end]: event.currentTarget.value })}
          />
        </label>
      ))}
    </div>
  );
}

const columns: readonly Column<AuditEvent>[] = [
  { key: 'at', head: texts.columns.at, cell: ({ at }) => <Moment at={at} /> },
  {
    key: 'what',
    head: texts.columns.what,
    isRowHead: true,
    cell: (event) => <span class="audit-what">{describe(event)}</span>,
  },
];

function describe({ action, staffName, subjectName, details }: AuditEvent): string {
  // What customers do by themselves has sentences of its own.
  const who = staffName ?? texts.commandLine;
  const { amountMinor } = details;
  const amount = typeof amountMinor === 'number' ? formatMoney(amountMinor) : '';
  const { from, to } = details as { from: Limits; to: Partial<Limits> };
  const [before, after] =
    action === 'allowance.edited' ? [limitsOf(from), limitsOf({ ...from, ...to })] : ['', ''];
  const words = { who, what: subjectName ?? texts.nameless, details, amount, before, after };
  return texts.sentences[action]?.(words) ?? texts.unknown(words, action);
}
