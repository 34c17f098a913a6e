import { longAgo } from '../formats.ts';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { Stamps } from '../parts/stamps.tsx';
import { nameOf } from '../state/card-words.ts';
import { asOfWords, unreadWords } from '../state/connection-words.ts';
import { askForNewCard } from '../state/new-card.ts';
import { isBusy } from '../state/recording.ts';
import { openSheet } from '../state/sheet.ts';
import type { Visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** Who it is, how they like it, what is on the card, and what is worth knowing today. */
export function CustomerPanel({ visit }: { visit: Visit }) {
  const { card, preferences } = visit;
  if (!card) {
    return (
      <section class="panel customer">
        <FocusHeading>{texts.visit.noCard}</FocusHeading>
        <p class="customer-note">
          {texts.visit.noCardLead}
          {hasEarlierSale(visit) && ` ${texts.visit.earlierStays}`}
        </p>
        <div class="customer-find">
          <button type="button" class="quiet" onClick={() => openSheet({ kind: 'find' })}>
            {texts.find.title}
          </button>
          {/* Also once it is rung up: whoever has paid is asked whether they would like one. */}
          <button type="button" class="quiet" disabled={isBusy.value} onClick={askForNewCard}>
            {texts.waiting.newCard}
          </button>
        </div>
      </section>
    );
  }
  if (visit.isUnread) {
    const { title, note } = unreadWords(card);
    return (
      <section class="panel customer">
        <div class="customer-who">
          <FocusHeading>{title}</FocusHeading>
        </div>
        <p class="customer-note customer-unread">{note}</p>
        <div class="customer-to-come" aria-hidden="true">
          <Stamps stamps={0} stampsRequired={card.stampsRequired} before={0} />
        </div>
      </section>
    );
  }
  const why = describeWhyNow(visit);
  return (
    <section class="panel customer">
      <div class="customer-who">
        <FocusHeading>{nameOf(card)}</FocusHeading>
        {why !== texts.whyNow.firstVisit && <p class="customer-note">{describeLastVisit(visit)}</p>}
        {visit.seenAt !== null && <p class="customer-note as-of">{asOfWords(visit.seenAt)}</p>}
      </div>
      <button
        type="button"
        class={preferences ? 'preferences' : 'preferences none'}
        aria-label={preferences ? texts.preferences.edit(preferences) : undefined}
        disabled={preferences === undefined} // nobody writes over what is not known yet
        onClick={() =>
          openSheet({ kind: 'preferences', typed: preferences ?? '', shown: preferences ?? null })
        }
      >
        <Icon name="heart" />
        <span>{preferences ?? texts.preferences.add}</span>
      </button>
      {card.isBlocked && <p class="notice bad">{texts.visit.blocked}</p>}
      <Stamps stamps={card.stamps} stampsRequired={card.stampsRequired} before={visit.stampsBefore} />
      {why && (
        <p class="why-now">
          <Icon name="sparkle" />
          {why}
        </p>
      )}
    </section>
  );
}

/** A card takes the sale that is on the screen, or begun, and no other. */
function hasEarlierSale({ acts, sale }: Visit): boolean {
  return acts.some(({ kind, id, isUndone }) => kind === 'sale' && !isUndone && id !== sale?.saleId);
}

function describeLastVisit({ lastVisitAt }: Visit): string {
  return lastVisitAt ? texts.visit.lastVisit(longAgo(lastVisitAt)) : texts.visit.firstVisit;
}

/** What is worth knowing, while it is so: a card that was stamped meanwhile is another card. */
function describeWhyNow({ whyNow, card, stampsBefore, acts }: Visit): string | null {
  if (!whyNow || acts.some((act) => !act.isUndone) || card?.stamps !== stampsBefore) return null;
  switch (whyNow.kind) {
    case 'extra-fills-card':
      return whyNow.stampsLeft === 1 ? texts.whyNow.oneFills : texts.whyNow.extraFills;
    case 'back-after':
      return texts.whyNow.backAfter(whyNow.days);
    case 'first-visit':
      return texts.whyNow.firstVisit;
  }
}
