import { money } from '../formats.ts';
import { askForNewCard } from '../state/new-card.ts';
import { isBusy } from '../state/recording.ts';
import { describeLines, ringUp } from '../state/ring-up.ts';
import { basketLines, basketTotalMinor, changeVisit, endVisit, visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** What is tapped and what it comes to, always in the same place: ring up, or go on to the next customer. */
export function SaleBar() {
  const current = visit.value;
  if (!current) return null;
  const isEmpty = basketLines.value.length === 0;
  const isServed = current.acts.length > 0;
  return (
    <section class={isEmpty && isServed ? 'sale-bar served' : 'sale-bar'}>
      {!current.sale && (!isEmpty || !isServed) && (
        <p class="sale-bar-lines">{isEmpty ? texts.visit.basketEmpty : describeLines()}</p>
      )}
      <div class="sale-bar-buttons">
        {current.sale ? (
          <QuietButton label={texts.visit.more} onClick={() => changeVisit({ sale: null })} />
        ) : (
          !(isEmpty && isServed) && <QuietButton label={texts.visit.leave} onClick={endVisit} />
        )}
        {!current.card && !current.sale && (
          <QuietButton label={texts.waiting.newCard} onClick={askForNewCard} />
        )}
        {isEmpty && isServed ? (
          <MainButton key="next" label={texts.visit.next} onClick={endVisit} />
        ) : (
          <MainButton
            key="ring-up"
            label={isEmpty ? texts.visit.ringUp : texts.visit.ringUpTotal(money(basketTotalMinor.value))}
            isOff={isEmpty}
            onClick={() => void ringUp()}
          />
        )}
      </div>
    </section>
  );
}

function QuietButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" class="quiet big" disabled={isBusy.value} onClick={onClick}>
      {label}
    </button>
  );
}

function MainButton({ label, isOff, onClick }: { label: string; isOff?: boolean; onClick: () => void }) {
  return (
    <button type="button" class="big main-action" disabled={isOff || isBusy.value} onClick={onClick}>
      {label}
    </button>
  );
}
