import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog.tsx';
import { TextField } from '../parts/fields.tsx';
import { Form, Mistake } from '../parts/form.tsx';
import { say } from '../parts/toast.tsx';
import { texts } from '../texts/customers.ts';
import { nameOf } from './customer-name.ts';
import { customersApi } from './customers-api.ts';
import type { Customer } from './customers-api.ts';

/** Asks twice, by a word that has to be typed: there is no way back. */
export function ForgetDialog({
  customer,
  onClose,
  reload,
}: {
  customer: Customer;
  onClose: () => void;
  reload: () => Promise<void>;
}) {
  const words = texts.forget;
  const typed = useSignal('');
  return (
    <Dialog title={words.title(nameOf(customer))} onClose={onClose}>
      <p>{words.goes}</p>
      <p>{words.stays}</p>
      <Form
        submit={words.yes}
        isDestructive
        onCancel={onClose}
        onSend={async () => {
          if (typed.value.trim().toLowerCase() !== words.word)
            throw new Mistake({ typed: words.notTyped(words.word) });
          await customersApi.forget(customer.customerId);
          onClose();
          await reload();
          say(words.done);
        }}
      >
        <TextField label={words.typed(words.word)} name="typed" value={typed} />
      </Form>
    </Dialog>
  );
}
