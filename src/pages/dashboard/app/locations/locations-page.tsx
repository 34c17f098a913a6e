import { useSignal } from '@preact/signals';
import type { Location } from '../api-types.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { say } from '../parts/toast.tsx';
import { shopApi } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/locations.ts';
import { texts as tillTexts } from '../texts/tills.ts';
import { isOnlyHere } from '../tills/connect-till.tsx';
import { LocationForm, minutesToTime } from './location-form.tsx';
import './locations.css';

/** The shops, their days and their posters. */
export function LocationsPage() {
  const { isOwner } = useSession();
  const locations = useLoad(shopApi.listLocations);
  const open = useSignal<Location | 'new' | null>(null);
  const close = () => (open.value = null);

  function done(text: string): void {
    close();
    say(text);
    void locations.reload();
  }

  return (
    <Page
      title={texts.title}
      lead={isOwner ? texts.lead : `${texts.lead} ${texts.readOnly}`}
      actions={
        isOwner && (
          <button type="button" class="quiet" onClick={() => (open.value = 'new')}>
            {texts.add}
          </button>
        )
      }
    >
      <Loaded of={locations}>
        {(list) => (
          <>
            {list.some(({ joinLink }) => isOnlyHere(joinLink)) && (
              <p class="notice warn">{tillTexts.onlyHere}</p>
            )}
            {list.map((location) => (
              <LocationPanel
                key={location.locationId}
                location={location}
                isOnly={list.length === 1}
                onEdit={() => (open.value = location)}
                onClosed={() => void locations.reload()}
              />
            ))}
          </>
        )}
      </Loaded>
      {open.value !== null && (
        <Dialog title={open.value === 'new' ? texts.add : texts.editOf(open.value.name)} onClose={close}>
          <LocationForm
            location={open.value === 'new' ? null : open.value}
            onCancel={close}
            onDone={({ name }) => done(open.value === 'new' ? texts.added(name) : texts.saved(name))}
          />
        </Dialog>
      )}
    </Page>
  );
}

function LocationPanel({
  location,
  isOnly,
  onEdit,
  onClosed,
}: {
  location: Location;
  isOnly: boolean;
  onEdit: () => void;
  onClosed: () => void;
}) {
  const { isOwner } = useSession();
  const { name, timeZone, cutOffMinutes } = location;
  return (
    <Panel
      title={name}
      lead={texts.dayBegins(minutesToTime(cutOffMinutes), timeZone)}
      actions={
        isOwner && (
          <>
            <RowButton text={texts.edit} label={texts.editOf(name)} onClick={onEdit} />
            {!isOnly && (
              <RowButton
                text={texts.close}
                label={texts.closeOf(name)}
                onClick={() => askToClose(location, onClosed)}
              />
            )}
          </>
        )
      }
    >
      <Joining location={location} />
    </Panel>
  );
}

/** How customers of a location get a card. */
function Joining({ location: { name, joinCode, joinLink } }: { location: Location }) {
  const path = `/join/${encodeURIComponent(joinCode)}`;
  return (
    <div class="joining">
      <img src={`${path}/qr.svg`} alt={texts.qr(name)} width={140} height={140} />
      <div>
        <h3>{texts.poster}</h3>
        <p>{texts.posterLead}</p>
        <ul class="unmarked">
          <li>
            <a href={`${path}/poster?size=a5`} target="_blank" rel="noopener">
              {texts.printA5}
            </a>
          </li>
          <li>
            <a href={`${path}/poster?size=a4`} target="_blank" rel="noopener">
              {texts.printA4}
            </a>
          </li>
          <li>
            <a href={joinLink} target="_blank" rel="noopener">
              {texts.joinLink}
            </a>
          </li>
        </ul>
      </div>
    </div>
  );
}

function askToClose({ locationId, name }: Location, onClosed: () => void): void {
  confirmFirst({
    title: texts.closeTitle(name),
    says: (
      <>
        <p>{texts.closeSays}</p>
        <p>{texts.closeAgain}</p>
      </>
    ),
    yes: texts.closeYes,
    isDestructive: true,
    work: async () => {
      await shopApi.endLocation(locationId);
      say(texts.closed(name));
      onClosed();
    },
  });
}
