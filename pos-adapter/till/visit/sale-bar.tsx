import { useEffect, useRef } from 'preact/hooks';
import { money } from '../formats.ts';
import { isBusy } from '../state/recording.ts';
import { describeLines, ringUp } from '../state/ring-up.ts';
import { sheet } from '../state/sheet.ts';
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
        {isEmpty && isServed ? (
          // Another one once more is to be rung up: it widens under the finger, which may tap twice.
          <MainButton
            key={current.sale ? 'next' : 'next-after-more'}
            label={texts.visit.next}
            onClick={endVisit}
          />
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

/** By keyboard it is the last of all buttons: a key of its own saves the way through the menu. */
function MainButton({ label, isOff, onClick }: { label: string; isOff?: boolean; onClick: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat || sheet.value) return;
      event.preventDefault(); // the button that has the focus is not meant
      button.current?.click();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <button
      ref={button}
      type="button"
      class="big main-action"
      aria-keyshortcuts="Control+Enter"
      title={texts.visit.keyHint}
      disabled={isOff || isBusy.value}
      onClick={onClick}
    >
      {label}
    </button>
  );
}
