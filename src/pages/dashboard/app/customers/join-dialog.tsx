import { useSignal } from '@preact/signals';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { Ago } from '../parts/day.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextField } from '../parts/fields.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { say } from '../parts/toast.tsx';
import { texts } from '../texts/customers.ts';
import { nameOf } from './customer-name.ts';
import { customersApi } from './customers-api.ts';
import type { Customer, FoundCustomer } from './customers-api.ts';

const MAX_SHOWN = 8;

/** Finds the customer who is the same person, and asks before the two are made one. */
export function JoinDialog({
  customer,
  onClose,
  reload,
}: {
  customer: Customer;
  onClose: () => void;
  reload: () => Promise<void>;
}) {
  const words = texts.join;
  const find = useSignal('');
  const found = useLoad(() => customersApi.find(find.value.trim(), null, MAX_SHOWN + 1), [find.value]);
  const name = nameOf(customer);

  function choose(other: FoundCustomer): void {
    onClose();
    const ofAddresses = customer.email && other.email ? words.twoAddresses(customer.email, other.email) : '';
    confirmFirst({
      title: words.chosen(nameOf(other)),
      says: `${words.lead(name)} ${ofAddresses}`,
      yes: words.yes,
      isDestructive: true,
      async work() {
        const { stamps } = await customersApi.join(customer.customerId, other.customerId);
        await reload();
        say(words.done(stamps));
      },
      reload,
    });
  }

  return (
    <Dialog title={words.title} onClose={onClose}>
      <p class="hint">{words.lead(name)}</p>
      <TextField label={words.find} name="find" type="search" hint={texts.findHint} value={find} />
      <Loaded of={found}>
        {({ items }) => {
          const others = items.filter(({ customerId }) => customerId !== customer.customerId);
          if (others.length === 0) return <p>{words.none}</p>;
          return (
            <ul class="unmarked choices">
              {others.slice(0, MAX_SHOWN).map((other) => (
                <li key={other.customerId}>
                  <span>
                    {nameOf(other)}
                    <span class="hint">
                      {other.cards
                        .map(({ stamps, stampsRequired }) => texts.stamps(stamps, stampsRequired))
                        .join(', ')}
                      {other.lastVisitAt && ' · '}
                      {other.lastVisitAt && <Ago at={other.lastVisitAt} />}
                    </span>
                  </span>
                  <RowButton
                    text={words.choose}
                    label={words.chosen(nameOf(other))}
                    onClick={() => choose(other)}
                  />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
