import { useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Refund } from '../../../../loyalty/refund.ts';
import { isDecided, makeAskOnce, Problem } from '../api.ts';
import { nameOf } from '../customers/customer-name.ts';
import { formatMoment } from '../parts/day.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { MoneyField, readNeededAmount } from '../parts/fields.tsx';
import { Form, Mistake } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { formatMoney, moneyToText, readMoney } from '../parts/money.tsx';
import { say } from '../parts/toast.tsx';
import { texts } from '../texts/sales.ts';
import { describeRefund } from './describe-refund.ts';
import { customerOf, salesApi } from './sales-api.ts';
import type { RefundAnswer, SaleDetails } from './sales-api.ts';
import './refund-dialog.css';

const words = texts.refund;

/** Opens the dialog; on every row of a list, so it is a quiet one. */
export function RefundButton({ label, onOpen }: { label: string; onOpen: () => void }) {
  return (
    <button type="button" class="bare small refund-open" aria-label={label} onClick={onOpen}>
      {words.open}
    </button>
  );
}

/** Pays back a sale or a part of it, after saying what that does. */
export function RefundDialog({
  saleId,
  onClose,
  reload,
}: {
  saleId: string;
  onClose: () => void;
  reload: () => Promise<void>;
}) {
  const sale = useLoad(() => salesApi.read(saleId));
  return (
    <Dialog title={words.title} onClose={onClose}>
      <Loaded of={sale}>
        {(known) => (
          <>
            <Facts sale={known} />
            {known.mayRefund ? (
              <RefundForm
                sale={known}
                lookAgain={sale.reload}
                onClose={onClose}
                onDone={async (done) => {
                  onClose();
                  await reload();
                  say(sayDone(done));
                }}
              />
            ) : (
              <NothingLeft
                onClose={() => {
                  onClose();
                  void reload();
                }}
              />
            )}
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

function sayDone({ amountMinor, reversedStamps }: RefundAnswer): string {
  return amountMinor === 0 ? words.doneFree : words.done(formatMoney(amountMinor), reversedStamps);
}

/** What was bought, and what of it is refunded already. */
function Facts({ sale }: { sale: SaleDetails }) {
  const { lines, totalMinor, refunds, timeZone, source } = sale;
  const { staffName, customer } = sale;
  const facts = [
    formatMoment(sale.occurredAt, timeZone),
    sale.locationName,
    staffName && words.rungUpBy(staffName),
    customer ? words.boughtBy(nameOf(customerOf(customer))) : texts.noCard,
  ];
  return (
    <>
      <p class="hint sale-facts">{facts.filter(Boolean).join(' · ')}</p>
      <dl class="sale-lines">
        {lines.map((line, place) => (
          <div key={place}>
            <dt>
              {words.lineCount(line.quantity, line.name)}{' '}
              {line.paidBy !== 'money' && (
                <span class="hint">{line.paidBy === 'reward' ? words.byReward : words.byGesture}</span>
              )}
            </dt>
            <dd class="number">{formatMoney(line.totalMinor)}</dd>
          </div>
        ))}
        <div class="sale-total">
          <dt>{words.total}</dt>
          <dd class="number">{formatMoney(totalMinor)}</dd>
        </div>
        {refunds.map(({ refundId, refundedAt, staffName, amountMinor }) => (
          <div key={refundId}>
            <dt>{words.refundedOn(formatMoment(refundedAt, timeZone), staffName)}</dt>
            <dd class="number">{formatMoney(-amountMinor)}</dd>
          </div>
        ))}
        {refunds.length > 0 && (
          <div class="sale-total">
            <dt>{words.left}</dt>
            <dd class="number">{formatMoney(totalMinor - sale.refundedMinor)}</dd>
          </div>
        )}
      </dl>
      {source !== 'till' && <p class="notice">{words.fromFile(source)}</p>}
    </>
  );
}

function RefundForm({
  sale,
  lookAgain,
  onClose,
  onDone,
}: {
  sale: SaleDetails;
  /** The server knows something that the dialog does not show. */
  lookAgain: () => Promise<void>;
  onClose: () => void;
  onDone: (done: RefundAnswer) => Promise<void>;
}) {
  const leftMinor = sale.totalMinor - sale.refundedMinor;
  const amount = useSignal(moneyToText(leftMinor));
  // Asked for twice, because an answer was lost, it is paid back once.
  const askOnce = useMemo(makeAskOnce, []);
  const form = useRef<HTMLDivElement>(null);
  // Both before anybody can type.
  useLayoutEffect(() => {
    amount.value = moneyToText(leftMinor);
  }, [leftMinor]);
  useLayoutEffect(() => {
    // The way out: Enter pressed once too often must not refund anything, for there is no way back.
    form.current?.querySelector<HTMLElement>('.form-actions button')?.focus({ preventScroll: true });
  }, []);
  const asked = readRefund(sale, amount.value);

  async function send(): Promise<void> {
    const refund = readTyped(sale, amount.value);
    try {
      await onDone(await salesApi.refund(askOnce, sale.saleId, refund));
    } catch (error) {
      if (!(error instanceof Problem) || !isDecided(error)) throw error;
      await lookAgain();
      throw inWords(error);
    }
  }

  return (
    <div ref={form}>
      <Form
        submit={leftMinor === 0 ? words.yesFree : words.yes(asked ? formatMoney(amountOf(sale, asked)) : '')}
        isDestructive
        onCancel={onClose}
        onSend={send}
      >
        {leftMinor > 0 && (
          <MoneyField
            label={words.amount}
            name="amountMinor"
            hint={words.amountHint(formatMoney(leftMinor))}
            value={amount}
          />
        )}
        <section class="refund-effects" aria-live="polite">
          <h3>{words.effects}</h3>
          {asked ? (
            <ul>
              {describeRefund(sale, asked).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          ) : (
            <p class="hint">{words.waiting}</p>
          )}
        </section>
        <p class="hint">{words.lead}</p>
      </Form>
    </div>
  );
}

/** Somebody else was faster, or the answer to the last try was lost. */
function NothingLeft({ onClose }: { onClose: () => void }) {
  return (
    <>
      <p class="notice" role="alert">
        {words.nothingLeft}
      </p>
      <div class="dialog-actions">
        <button type="button" onClick={onClose}>
          {words.close}
        </button>
      </div>
    </>
  );
}

/** The facts above have been brought up to date. */
function inWords(error: Problem): Problem {
  const { refused } = error.document;
  if (refused === 'operation-reused') return new Problem({ title: words.lostAnswer });
  if (refused === 'refund-exceeds-sale') return new Problem({ title: words.meanwhile });
  return error;
}

function amountOf({ totalMinor, refundedMinor }: SaleDetails, refund: Refund): number {
  return 'wholeSale' in refund ? totalMinor - refundedMinor : refund.amountMinor;
}

/** What is typed, as far as it makes sense; the whole is asked for as such, so that rewards come back. */
function readRefund(sale: SaleDetails, text: string): Refund | null {
  const leftMinor = sale.totalMinor - sale.refundedMinor;
  if (leftMinor === 0) return { wholeSale: true };
  const amountMinor = readMoney(text);
  if (amountMinor === null || amountMinor === 0 || amountMinor > leftMinor) return null;
  return amountMinor === leftMinor ? { wholeSale: true } : { amountMinor };
}

/** As `readRefund`; throws a Mistake for what makes none. */
function readTyped(sale: SaleDetails, text: string): Refund {
  const amountMinor = readNeededAmount('amountMinor', text);
  const left = formatMoney(sale.totalMinor - sale.refundedMinor);
  const refund = readRefund(sale, text);
  if (!refund) throw new Mistake({ amountMinor: amountMinor === 0 ? words.tooLittle : words.tooMuch(left) });
  return refund;
}
