import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { makeAskOnce, Problem } from '../api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { say } from '../parts/toast.tsx';
import { shopApi } from '../shop-api.ts';
import { texts } from '../texts/customers.ts';
import { customersApi } from './customers-api.ts';

interface Sent {
  gesture: { gestureId: string };
}

/** “We are sorry about the tea.” */
export function VoucherDialog({
  cardId,
  onClose,
  reload,
}: {
  cardId: string;
  onClose: () => void;
  reload: () => Promise<void>;
}) {
  const words = texts.voucher;
  const menu = useLoad(shopApi.listItems);
  const itemId = useSignal('');
  const reason = useSignal('our_mistake');
  const note = useSignal('');
  // Asked for twice, because no answer came, it is one voucher.
  const askOnce = useMemo(makeAskOnce, []);

  async function send(): Promise<Sent> {
    try {
      return await askOnce<Sent>('POST', `/cards/${cardId}/vouchers`, {
        reason: reason.value,
        ...(itemId.value && { itemId: itemId.value }),
        ...(note.value.trim() && { note: note.value.trim() }),
      });
    } catch (error) {
      if (!(error instanceof Problem) || error.document.refused !== 'operation-reused') throw error;
      await reload();
      throw new Problem({ title: words.lostAnswer });
    }
  }

  return (
    <Dialog title={words.title} onClose={onClose}>
      <p class="hint">{words.lead}</p>
      <Loaded of={menu}>
        {(items) => (
          <Form
            submit={words.send}
            onCancel={onClose}
            onSend={async () => {
              const sent = await send();
              onClose();
              await reload();
              say(words.sent, {
                undo: async () => {
                  await customersApi.undoGesture(sent.gesture.gestureId);
                  await reload();
                },
              });
            }}
          >
            <SelectField
              label={words.item}
              name="itemId"
              value={itemId}
              options={[
                { value: '', text: words.anything },
                ...items
                  .filter(({ mayBeGiven }) => mayBeGiven)
                  .map((item) => ({ value: item.itemId, text: item.name })),
              ]}
            />
            <SelectField
              label={words.reason}
              name="reason"
              value={reason}
              options={Object.entries(texts.reasons).map(([value, text]) => ({ value, text }))}
            />
            <TextField
              label={words.note}
              name="note"
              hint={words.noteHint}
              placeholder={words.notePlaceholder}
              isOptional
              value={note}
              maxLength={200}
            />
          </Form>
        )}
      </Loaded>
    </Dialog>
  );
}
