import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { Person } from '../api-types.ts';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { PinPad } from '../parts/pin-pad.tsx';
import { isOffline } from '../send.ts';
import { explain } from '../state/notice.ts';
import { isSecure } from '../state/sealed-session.ts';
import { choosing, interrupted } from '../state/session.ts';
import { signIn } from '../state/sign-in.ts';
import { readTill, till } from '../state/till.ts';
import { visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** Who is at the till: a name, then a PIN. */
export function PeopleScreen() {
  const person = choosing.value;
  return person ? <PinScreen key={person.staffId} person={person} /> : <Names />;
}

function Names() {
  const people = till.value?.staff ?? [];
  // Whoever was given a PIN at the desk since this till was last used is here too.
  useEffect(() => void readTill(), []);
  return (
    <section class="people">
      <FocusHeading>{texts.people.title}</FocusHeading>
      {people.length === 0 && <p>{texts.people.nobody}</p>}
      {visit.value && <p class="hint">{texts.people.handOver}</p>}
      {!isSecure && <p class="hint">{texts.offline.noServiceWorker}</p>}
      <ul class="people-list">
        {people.map((person) => (
          <li key={person.staffId}>
            <button type="button" class="tile" onClick={() => (choosing.value = person)}>
              <span class="tile-name">{person.firstName}</span>
              <span class="tile-note">{texts.people.roles[person.role]}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PinScreen({ person }: { person: Person }) {
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useLayoutEffect(() => scrollTo(0, 0), []); // however far the screen before was
  // Why nobody else can sign in is over with the connection's return.
  useEffect(() => {
    if (!isOffline.value) setTrouble(null);
  }, [isOffline.value]);

  async function submit(pin: string): Promise<void> {
    setBusy(true);
    setTrouble(null);
    const outcome = await signIn(person, pin);
    setBusy(false);
    if (outcome?.kind === 'not-offline') setTrouble(outcome.text);
    else if (outcome && outcome.kind !== 'yes') setTrouble(explain(outcome));
  }

  return (
    <section class="narrow pin-screen">
      <h1>{texts.pin.title(person.firstName)}</h1>
      <p>{interrupted.value?.staffId === person.staffId ? texts.pin.again : texts.pin.enter}</p>
      <PinPad
        label={`${texts.pin.label}, ${person.firstName}`}
        trouble={trouble}
        isBusy={isBusy}
        onPin={(pin) => void submit(pin)}
      />
      <button type="button" class="quiet" onClick={() => (choosing.value = null)}>
        <Icon name="back" />
        {texts.people.back}
      </button>
    </section>
  );
}
