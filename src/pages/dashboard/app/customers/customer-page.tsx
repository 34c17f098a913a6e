import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { locale } from '../language.ts';
import { onlyChanged } from '../only-changed.ts';
import type { PageProps } from '../pages.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { formatDayOf, formatMoment, Moment } from '../parts/day.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { Pair, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import type { Loading } from '../parts/loaded.tsx';
import { formatMoney } from '../parts/money.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { Table } from '../parts/table.tsx';
import type { Column } from '../parts/table.tsx';
import { say } from '../parts/toast.tsx';
import { keepFocus } from '../sales/keep-focus.ts';
import { RefundButton, RefundDialog } from '../sales/refund-dialog.tsx';
import { texts } from '../texts/customers.ts';
import { texts as salesTexts } from '../texts/sales.ts';
import { usePages } from '../use-pages.ts';
import { CardPanel } from './card-panel.tsx';
import { nameOf } from './customer-name.ts';
import { customersApi } from './customers-api.ts';
import type { Customer, CustomerChange, HistoryEntry } from './customers-api.ts';
import { describeEntry } from './describe-entry.ts';
import { ForgetDialog } from './forget-dialog.tsx';
import { JoinDialog } from './join-dialog.tsx';
import './customers.css';

/** Everything about one customer, and what can be done for them. */
export function CustomerPage({ params }: PageProps) {
  const customerId = params['customerId']!;
  const customer = useLoad(() => customersApi.read(customerId), [customerId]);
  const shown = customer.value.value;
  return (
    <Page
      title={shown ? nameOf(shown) : texts.title}
      lead={shown && texts.since(formatDayOf(shown.createdAt))}
      back={{ href: '/desk/customers', text: texts.back }}
    >
      <Loaded of={customer}>{(known) => <Parts customer={known} loading={customer} />}</Loaded>
    </Page>
  );
}

function Parts({ customer, loading }: { customer: Customer; loading: Loading<Customer> }) {
  const history = usePages((cursor) => customersApi.history(customer.customerId, cursor));
  const isOver = customer.forgottenAt !== null || customer.joinedIntoId !== null;
  const refundOf = useSignal<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const reload = async (): Promise<void> => {
    await Promise.all([loading.reload(), history.reload()]);
  };
  return (
    <>
      <Fate customer={customer} />
      <div class="customer-top">
        <Contact customer={customer} isOver={isOver} reload={loading.reload} />
        <Sums customer={customer} />
      </div>
      {customer.cards.map((card) => (
        <CardPanel key={card.cardId} card={card} isOver={isOver} reload={reload} />
      ))}
      <div class="history-list" ref={list} tabIndex={-1}>
        <Panel
          title={texts.history.title}
          lead={
            <>
              {texts.history.lead} {texts.history.salesWithout} <a href="/desk/sales">{salesTexts.title}</a>.
            </>
          }
        >
          <Loaded of={history}>
            {({ items }) => (
              <Table
                caption={texts.history.caption}
                columns={historyColumns(reload, (saleId) => (refundOf.value = saleId))}
                rows={items}
                rowKey={({ sequence }) => String(sequence)}
                empty={<Empty icon="cup" title={texts.history.none} />}
                onMore={history.more}
                isBusy={history.isComing}
              />
            )}
          </Loaded>
        </Panel>
      </div>
      {refundOf.value && (
        <RefundDialog
          saleId={refundOf.value}
          onClose={() => (refundOf.value = null)}
          reload={async () => {
            await reload();
            keepFocus(list.current);
          }}
        />
      )}
      {!isOver && <LastThings customer={customer} reload={reload} />}
    </>
  );
}

/** Why there is nothing to do for this customer any more. */
function Fate({ customer: { forgottenAt, joinedIntoId } }: { customer: Customer }) {
  if (forgottenAt) return <p class="notice">{texts.forgotten(formatMoment(forgottenAt))}</p>;
  if (!joinedIntoId) return null;
  return (
    <p class="notice">
      {texts.joined} <a href={`/desk/customers/${joinedIntoId}`}>{texts.joinedLink}</a>
    </p>
  );
}

function Contact({
  customer,
  isOver,
  reload,
}: {
  customer: Customer;
  isOver: boolean;
  reload: () => Promise<void>;
}) {
  const isEditing = useSignal(false);
  const { name, phone, email, preferences, staffId } = customer;
  const lines = [
    [texts.contact.name, name],
    [texts.contact.phone, phone],
    [texts.contact.email, email],
    [texts.contact.preferences, preferences],
  ] as const;
  return (
    <Panel
      title={texts.contact.title}
      actions={
        !isOver && (
          <button type="button" class="quiet small" onClick={() => (isEditing.value = true)}>
            {texts.contact.edit}
          </button>
        )
      }
    >
      <dl class="customer-facts">
        {lines.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd class={value ? '' : 'hint'}>{value ?? texts.contact.unknown}</dd>
          </div>
        ))}
      </dl>
      {staffId && <span class="mark">{texts.worksHere}</span>}
      {isEditing.value && (
        <EditDialog customer={customer} onClose={() => (isEditing.value = false)} reload={reload} />
      )}
    </Panel>
  );
}

function EditDialog({
  customer,
  onClose,
  reload,
}: {
  customer: Customer;
  onClose: () => void;
  reload: () => Promise<void>;
}) {
  const { customerId } = customer;
  const shown = useMemo<CustomerChange>(
    () => ({ name: customer.name, phone: customer.phone, preferences: customer.preferences }),
    [],
  );
  const name = useSignal(shown.name ?? '');
  const phone = useSignal(shown.phone ?? '');
  const preferences = useSignal(shown.preferences ?? '');
  return (
    <Dialog title={texts.contact.editTitle} onClose={onClose}>
      <Form
        onCancel={onClose}
        onSend={async () => {
          const typed: CustomerChange = {
            name: name.value.trim() || null,
            phone: phone.value.trim() || null,
            preferences: preferences.value.trim() || null,
          };
          const edited = await customersApi.edit(customerId, onlyChanged(typed, shown));
          onClose();
          await reload();
          const isNewsOfPhone = edited.phoneIsShared && edited.phone !== shown.phone;
          say(isNewsOfPhone ? texts.contact.savedShared : texts.contact.saved, {
            undo: async () => {
              await customersApi.edit(customerId, onlyChanged(shown, typed));
              await reload();
            },
          });
        }}
      >
        <Pair>
          <TextField label={texts.contact.name} name="name" value={name} maxLength={80} />
          <TextField label={texts.contact.phone} name="phone" type="tel" value={phone} maxLength={40} />
        </Pair>
        <TextField
          label={texts.contact.preferences}
          name="preferences"
          hint={texts.contact.preferencesHint}
          value={preferences}
          maxLength={120}
        />
        {customer.email && <p class="hint">{texts.contact.emailHint}</p>}
      </Form>
    </Dialog>
  );
}

function Sums({ customer: { sales, gestures } }: { customer: Customer }) {
  const words = texts.sums;
  return (
    <Panel title={words.title}>
      <dl class="customer-sums">
        <div>
          <dt>{words.visits}</dt>
          <dd class="number">{sales.count}</dd>
        </div>
        <div>
          <dt>{words.spent}</dt>
          <dd class="number">{formatMoney(sales.totalMinor - sales.refundedMinor)}</dd>
          {sales.refundedMinor > 0 && (
            <dd class="hint">{words.refunded(formatMoney(sales.refundedMinor))}</dd>
          )}
        </div>
        <div>
          <dt>{words.gestures}</dt>
          <dd class="number">{gestures.count}</dd>
          <dd class="hint">
            {gestures.count > 0 ? words.gesturesCost(formatMoney(gestures.costMinor)) : words.none}
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

const historyColumns = (
  reload: () => Promise<void>,
  refund: (saleId: string) => void,
): readonly Column<HistoryEntry>[] => [
  { key: 'at', head: texts.history.columns.at, cell: ({ at }) => <Moment at={at} /> },
  {
    key: 'what',
    head: texts.history.columns.what,
    isRowHead: true,
    cell: (entry) => {
      const { sentence, aside } = describeEntry(entry);
      return (
        <span class="history-what">
          {sentence}
          {aside && <span class="hint">{aside}</span>}
          {entry.gesture?.mayUndo && (
            <RowButton
              text={texts.history.takeBack}
              label={texts.history.takeBackOf(sentence)}
              onClick={() => askToTakeBack(entry.gesture!.gestureId, reload)}
            />
          )}
        </span>
      );
    },
  },
  {
    key: 'stamps',
    head: texts.history.columns.stamps,
    isNumber: true,
    cell: ({ stamps }) => (stamps === 0 ? null : signed.format(stamps)),
  },
  { key: 'where', head: texts.history.columns.where, cell: ({ locationName }) => locationName },
  {
    key: 'refund',
    head: salesTexts.columns.actions,
    isHeadHidden: true,
    cell: (entry) =>
      entry.kind === 'earned' &&
      entry.sale?.mayRefund && (
        <RefundButton
          label={salesTexts.refund.openOf(describeEntry(entry).sentence, formatMoment(entry.at))}
          onOpen={() => refund(entry.sale!.saleId)}
        />
      ),
  },
];

function askToTakeBack(gestureId: string, reload: () => Promise<void>): void {
  const words = texts.history;
  confirmFirst({
    title: words.takeBackTitle,
    says: words.takeBackSays,
    yes: words.takeBack,
    isDestructive: true,
    work: async () => {
      await customersApi.undoGesture(gestureId);
      say(words.takenBackNow);
      await reload();
    },
    reload,
  });
}

const signed = new Intl.NumberFormat(locale, { signDisplay: 'always' });

/** What cannot be undone stands at the end of the page. */
function LastThings({ customer, reload }: { customer: Customer; reload: () => Promise<void> }) {
  const open = useSignal<'join' | 'forget' | null>(null);
  const close = () => (open.value = null);
  return (
    <div class="panel-actions">
      <button type="button" class="quiet" onClick={() => (open.value = 'join')}>
        {texts.join.open}
      </button>
      <button type="button" class="quiet danger" onClick={() => (open.value = 'forget')}>
        {texts.forget.open}
      </button>
      {open.value === 'join' && <JoinDialog customer={customer} onClose={close} reload={reload} />}
      {open.value === 'forget' && <ForgetDialog customer={customer} onClose={close} reload={reload} />}
    </div>
  );
}
