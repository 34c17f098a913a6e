import { longAgo } from '../formats.ts';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Stamps } from '../parts/stamps.tsx';
import { nameOf } from '../state/serve.ts';
import type { Visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** Who it is, what is on the card, and when they were last here. */
export function CustomerPanel({ visit }: { visit: Visit }) {
  const { card } = visit;
  if (!card) {
    return (
      <section class="panel customer">
        <FocusHeading>{texts.visit.noCard}</FocusHeading>
        <p class="customer-note">{texts.visit.noCardLead}</p>
      </section>
    );
  }
  return (
    <section class="panel customer">
      <div class="customer-who">
        <FocusHeading>{nameOf(card)}</FocusHeading>
        <p class="customer-note">{describeLastVisit(visit)}</p>
      </div>
      {card.isBlocked && <p class="notice bad">{texts.visit.blocked}</p>}
      <Stamps stamps={card.stamps} stampsRequired={card.stampsRequired} before={visit.stampsBefore} />
    </section>
  );
}

function describeLastVisit({ lastVisitAt }: Visit): string {
  return lastVisitAt ? texts.visit.lastVisit(longAgo(lastVisitAt)) : texts.visit.firstVisit;
}
