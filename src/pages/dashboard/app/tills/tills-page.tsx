import { useSignal } from '@preact/signals';
import type { Device } from '../api-types.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { Ago } from '../parts/day.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { Table } from '../parts/table.tsx';
import { say } from '../parts/toast.tsx';
import { shopApi } from '../shop-api.ts';
import { texts as shellTexts } from '../texts/shell.ts';
import { texts } from '../texts/tills.ts';
import { ConnectTill } from './connect-till.tsx';

/** The tills, and connecting another. */
export function TillsPage() {
  const tills = useLoad(async () => {
    const [devices, locations] = await Promise.all([shopApi.listDevices(), shopApi.listLocations()]);
    return { devices, locations };
  });
  const isConnecting = useSignal(false);
  const renamed = useSignal<Device | null>(null);
  const { columns } = texts;
  const connect = (
    <button type="button" onClick={() => (isConnecting.value = true)}>
      {texts.add}
    </button>
  );

  return (
    <Page title={texts.title} lead={texts.lead} actions={connect}>
      <Loaded of={tills}>
        {({ devices, locations }) => (
          <section class="panel" aria-label={texts.caption}>
            <Table
              caption={texts.caption}
              rows={devices}
              rowKey={({ deviceId }) => deviceId}
              columns={[
                { key: 'name', head: columns.name, isRowHead: true, cell: ({ name }) => name },
                {
                  key: 'where',
                  head: columns.where,
                  cell: ({ locationId }) =>
                    locations.find((location) => location.locationId === locationId)?.name ?? texts.closed,
                },
                {
                  key: 'seen',
                  head: columns.seen,
                  cell: ({ lastSeenAt, waitingCount }) => (
                    <span>
                      {lastSeenAt ? <Ago at={lastSeenAt} /> : texts.neverSeen}{' '}
                      {waitingCount ? <span class="mark warn">{texts.waiting(waitingCount)}</span> : null}
                    </span>
                  ),
                },
                {
                  key: 'actions',
                  head: columns.actions,
                  isHeadHidden: true,
                  cell: (till) => (
                    <div class="row-actions">
                      <RowButton
                        text={texts.rename}
                        label={texts.renameOf(till.name)}
                        onClick={() => (renamed.value = till)}
                      />
                      <RowButton
                        text={texts.end}
                        label={texts.endOf(till.name)}
                        onClick={() => askToEnd(till, () => void tills.reload())}
                      />
                    </div>
                  ),
                },
              ]}
              empty={
                <Empty icon="tablet" title={texts.empty} action={connect}>
                  {texts.emptyHint}
                </Empty>
              }
            />
            {isConnecting.value && (
              <Dialog title={texts.add} isWide onClose={() => (isConnecting.value = false)}>
                <ConnectTill locations={locations} onConnected={() => void tills.reload()} />
              </Dialog>
            )}
            {renamed.value && (
              <RenameDialog
                till={renamed.value}
                onClose={() => (renamed.value = null)}
                onDone={() => void tills.reload()}
              />
            )}
          </section>
        )}
      </Loaded>
    </Page>
  );
}

function RenameDialog({
  till: { deviceId, name: before },
  onClose,
  onDone,
}: {
  till: Device;
  onClose: () => void;
  onDone: () => void;
}) {
  const name = useSignal(before);
  return (
    <Dialog title={texts.renameOf(before)} onClose={onClose}>
      <Form
        submit={shellTexts.form.save}
        onCancel={onClose}
        onSend={async () => {
          const till = await shopApi.renameDevice(deviceId, name.value);
          onClose();
          onDone();
          say(texts.renamed(till.name), {
            undo: async () => {
              await shopApi.renameDevice(deviceId, before);
              onDone();
            },
          });
        }}
      >
        <TextField label={texts.name} name="name" value={name} />
      </Form>
    </Dialog>
  );
}

function askToEnd({ deviceId, name }: Device, onEnded: () => void): void {
  confirmFirst({
    title: texts.endTitle(name),
    says: <p>{texts.endSays}</p>,
    yes: texts.endYes,
    isDestructive: true,
    work: async () => {
      await shopApi.endDevice(deviceId);
      say(texts.ended(name));
      onEnded();
    },
  });
}
