import { useLayoutEffect, useRef } from 'preact/hooks';
import type { CardIssued } from '../api-types.ts';
import { readableCode } from '../formats.ts';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { focusWhenTyping } from '../parts/focus-when-typing.ts';
import { Icon } from '../parts/icon.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { leaveNewCard, makeCard, newCard, serveNewCard } from '../state/new-card.ts';
import type { NewCard } from '../state/new-card.ts';
import { isBusy } from '../state/recording.ts';
import { till } from '../state/till.ts';
import { texts } from '../texts.ts';

/** A card for a new customer: an optional name, then its QR for their phone. */
export function NewCardScreen() {
  const asked = newCard.value;
  if (!asked) return null;
  return asked.issued ? <ScanThis issued={asked.issued} /> : <Ask asked={asked} />;
}

function Ask({ asked }: { asked: NewCard }) {
  const { customerName, staffId } = asked;
  const name = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => focusWhenTyping(name.current!), []);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    void makeCard(asked);
  }

  return (
    <form class="narrow panel" onSubmit={submit}>
      <FocusHeading>{texts.newCard.title}</FocusHeading>
      <label for="customer-name">{texts.newCard.name}</label>
      <input
        id="customer-name"
        ref={name}
        class="tall"
        value={customerName.value}
        onInput={(event) => (customerName.value = event.currentTarget.value)}
        autoComplete="off"
        maxLength={60}
      />
      <details class="new-card-staff">
        <summary>{texts.newCard.forStaff}</summary>
        <select
          class="tall"
          aria-label={texts.newCard.forStaff}
          value={staffId.value}
          onChange={(event) => (staffId.value = event.currentTarget.value)}
        >
          <option value="">{texts.newCard.aCustomer}</option>
          {till.value?.staff.map((person) => (
            <option key={person.staffId} value={person.staffId}>
              {person.firstName}
            </option>
          ))}
        </select>
        <p class="hint">{texts.newCard.forStaffHint}</p>
      </details>
      <button type="submit" class="big" disabled={isBusy.value}>
        {texts.newCard.make}
      </button>
      <button type="button" class="quiet big" onClick={leaveNewCard}>
        {texts.cancel}
      </button>
    </form>
  );
}

function ScanThis({ issued }: { issued: CardIssued }) {
  return (
    <section class="panel new-card-shown">
      <QrCode text={issued.link} label={texts.newCard.qrLabel} />
      <div>
        <div class="only-printed">
          <p>
            <strong>{till.value?.merchant.name}</strong>
          </p>
          <h1>{texts.newCard.printedTitle}</h1>
          <p>{texts.newCard.printedLead}</p>
        </div>
        <div class="not-printed">
          <FocusHeading>{texts.newCard.scanTitle}</FocusHeading>
          <p>{texts.newCard.scanLead}</p>
        </div>
        <p>
          {texts.newCard.shortCode} <code class="short-code">{readableCode(issued.card.shortCode)}</code>
        </p>
        <button type="button" class="big" disabled={isBusy.value} onClick={() => void serveNewCard()}>
          {texts.newCard.serve}
        </button>
        <button type="button" class="quiet big" onClick={() => print()}>
          <Icon name="print" />
          {texts.newCard.print}
        </button>
        <button type="button" class="quiet big" onClick={leaveNewCard}>
          {texts.newCard.done}
        </button>
      </div>
    </section>
  );
}
