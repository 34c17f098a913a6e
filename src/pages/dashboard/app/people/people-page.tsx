import { useSignal } from '@preact/signals';
import type { Location, Staff } from '../api-types.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { Form } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { Table } from '../parts/table.tsx';
import { say } from '../parts/toast.tsx';
import { shopApi } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/people.ts';
import { texts as shellTexts } from '../texts/shell.ts';
import { PersonForm, PinField, worksAtClosed } from './person-form.tsx';

type Open = { kind: 'edit' | 'pin'; person: Staff } | { kind: 'add' };

/** Who works here, and what they may. */
export function PeoplePage() {
  const { who, isOwner } = useSession();
  const people = useLoad(async () => {
    const [staff, locations] = await Promise.all([shopApi.listStaff(), shopApi.listLocations()]);
    return { staff, locations };
  });
  const open = useSignal<Open | null>(null);
  const close = () => (open.value = null);
  const { columns } = texts;
  const mayEdit = ({ role }: Staff) => isOwner || role === 'barista';

  function done(text: string): void {
    close();
    say(text);
    void people.reload();
  }

  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        <button type="button" onClick={() => (open.value = { kind: 'add' })}>
          {texts.add}
        </button>
      }
    >
      <Loaded of={people}>
        {({ staff, locations }) => (
          <section class="panel" aria-label={texts.caption}>
            <Table
              caption={texts.caption}
              rows={staff}
              rowKey={({ staffId }) => staffId}
              columns={[
                {
                  key: 'name',
                  head: columns.name,
                  isRowHead: true,
                  cell: ({ staffId, name }) => (
                    <>
                      {name} {staffId === who.staffId && <span class="mark">{texts.you}</span>}
                    </>
                  ),
                },
                { key: 'role', head: columns.role, cell: ({ role }) => shellTexts.roles[role] },
                ...(locations.length > 1 || staff.some((person) => worksAtClosed(person, locations))
                  ? [
                      {
                        key: 'where',
                        head: columns.where,
                        cell: (person: Staff) => <WorksAt person={person} locations={locations} />,
                      },
                    ]
                  : []),
                { key: 'signIn', head: columns.signIn, cell: (person) => <SignsIn person={person} /> },
                {
                  key: 'actions',
                  head: columns.actions,
                  isHeadHidden: true,
                  cell: (person) =>
                    mayEdit(person) && (
                      <div class="row-actions">
                        <RowButton
                          text={texts.edit}
                          label={texts.editOf(person.name)}
                          onClick={() => (open.value = { kind: 'edit', person })}
                        />
                        <RowButton
                          text={texts.newPin}
                          label={texts.newPinOf(person.name)}
                          onClick={() => (open.value = { kind: 'pin', person })}
                        />
                        {isOwner && person.hasSecondFactor && person.staffId !== who.staffId && (
                          <RowButton
                            text={texts.lostPhone}
                            label={texts.lostPhoneOf(person.name)}
                            onClick={() => askToTakeOff(person, () => void people.reload())}
                          />
                        )}
                        {person.staffId !== who.staffId && (
                          <RowButton
                            text={texts.leaves}
                            label={texts.leavesOf(person.name)}
                            onClick={() => askToEnd(person, () => void people.reload())}
                          />
                        )}
                      </div>
                    ),
                },
              ]}
              empty={<Empty icon="people" title={texts.empty} />}
            />
            {open.value?.kind === 'add' && (
              <Dialog title={texts.add} onClose={close}>
                <PersonForm
                  person={null}
                  locations={locations}
                  onCancel={close}
                  onDone={({ name }) => done(texts.added(name))}
                />
              </Dialog>
            )}
            {open.value?.kind === 'edit' && (
              <Dialog title={texts.editOf(open.value.person.name)} onClose={close}>
                <PersonForm
                  person={open.value.person}
                  locations={locations}
                  onCancel={close}
                  onDone={({ name }) => done(texts.saved(name))}
                />
              </Dialog>
            )}
            {open.value?.kind === 'pin' && (
              <PinDialog
                person={open.value.person}
                onClose={close}
                onDone={(name) => done(texts.pinSaved(name))}
              />
            )}
          </section>
        )}
      </Loaded>
    </Page>
  );
}

function PinDialog({
  person: { staffId, name },
  onClose,
  onDone,
}: {
  person: Staff;
  onClose: () => void;
  onDone: (name: string) => void;
}) {
  const pin = useSignal('');
  return (
    <Dialog title={texts.newPinOf(name)} onClose={onClose}>
      <p>{texts.pinSays}</p>
      <Form
        submit={shellTexts.form.save}
        onCancel={onClose}
        onSend={async () => {
          await shopApi.editStaff(staffId, { pin: pin.value });
          onDone(name);
        }}
      >
        <PinField value={pin} />
      </Form>
    </Dialog>
  );
}

function SignsIn({ person: { hasPin, email, hasSecondFactor } }: { person: Staff }) {
  return (
    <span class="marks">
      <span class={hasPin ? 'mark' : 'mark warn'}>{hasPin ? texts.pin : texts.noPin}</span>
      {email && (
        <span class="mark" title={email}>
          {texts.desk}
        </span>
      )}
      {hasSecondFactor && <span class="mark">{texts.secondFactor}</span>}
    </span>
  );
}

function WorksAt({ person, locations }: { person: Staff; locations: readonly Location[] }) {
  if (worksAtClosed(person, locations)) return <span class="mark warn">{texts.closedLocation}</span>;
  const location = locations.find(({ locationId }) => locationId === person.locationId);
  return <>{location?.name ?? texts.everywhere}</>;
}

function askToTakeOff({ staffId, name }: Staff, onDone: () => void): void {
  confirmFirst({
    title: texts.lostPhoneTitle(name),
    says: (
      <>
        <p>{texts.lostPhoneSays}</p>
        <p>{texts.lostPhoneAgain}</p>
      </>
    ),
    yes: texts.lostPhoneYes,
    isDestructive: true,
    work: async () => {
      await shopApi.takeOffSecondFactor(staffId);
      say(texts.lostPhoneDone(name));
      onDone();
    },
  });
}

function askToEnd({ staffId, name }: Staff, onEnded: () => void): void {
  confirmFirst({
    title: texts.leaveTitle(name),
    says: (
      <>
        <p>{texts.leaveSays}</p>
        <p>{texts.leaveAgain}</p>
      </>
    ),
    yes: texts.leaveYes,
    isDestructive: true,
    work: async () => {
      await shopApi.endStaff(staffId);
      say(texts.left(name));
      onEnded();
    },
  });
}
