import type { Sale } from '../api-types.ts';
import { money } from '../formats.ts';
import { Confetti } from '../parts/confetti.tsx';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { isOffline } from '../send.ts';
import { isClaimed, takeOffCard, waitingTapOf } from '../state/acts.ts';
import { stampsLaterWords } from '../state/connection-words.ts';
import { isBusy } from '../state/recording.ts';
import { redeem } from '../state/redeem.ts';
import { findRewardForSale } from '../state/visit.ts';
import type { Visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** What was just rung up, what it did to the card, and a full card's reward for it. */
export function SaleResult({ sale, visit }: { sale: Sale; visit: Visit }) {
  const { card } = visit;
  const isWaiting = waitingTapOf(visit, sale.saleId) !== null;
  const covered = sale.lines.find(({ paidBy }) => paidBy === 'reward');
  const offer = findRewardForSale(visit);
  const { length: extraStamps } = visit.acts.filter(
    ({ isUndone, withSaleId }) => !isUndone && withSaleId === sale.saleId,
  );
  return (
    <section class="result">
      <p class="result-mark">
        <Icon name="check" />
      </p>
      <FocusHeading level={2}>
        {sale.totalMinor === 0 ? texts.visit.free : texts.visit.toPay(money(sale.totalMinor))}
      </FocusHeading>
      <ul class="result-lines">
        {sale.lines.map((line, index) => (
          <li key={index}>
            <span>{line.quantity > 1 ? `${line.quantity} × ${line.name}` : line.name}</span>
            <span>{line.paidBy === 'money' ? money(line.totalMinor) : texts.reward.free}</span>
          </li>
        ))}
      </ul>
      {card && isWaiting && <p class="result-hint">{stampsLaterWords()}</p>}
      {card && !isWaiting && (
        <p class="result-stamps">
          {texts.visit.earned(sale.stampsEarned)}
          {extraStamps > 0 && ` ${texts.visit.extra(extraStamps)}`}
        </p>
      )}
      {!card && <p class="result-hint">{texts.visit.claimHint}</p>}
      {covered && <p class="result-stamps">{texts.reward.todaysIsFree(covered.name)}</p>}
      {isClaimed(visit, sale) && !covered && <NotTheirs sale={sale} />}
      {offer && (
        <div class={offer.isNew ? 'result-reward new' : 'result-reward'}>
          {offer.isNew && <Confetti />}
          <p>
            {offer.isNew && <strong>{texts.visit.cardFull}</strong>} {offer.reward.name}
          </p>
          <button
            type="button"
            class="big"
            disabled={isBusy.value || isOffline.value}
            onClick={() => void redeem({ rewardId: offer.reward.rewardId, isOnSale: true })}
          >
            <Icon name="gift" />
            <span>
              {texts.reward.useNow}
              <small>
                {isOffline.value ? texts.offline.notNow : texts.reward.todaysIsFree(offer.itemName)}
              </small>
            </span>
          </button>
        </div>
      )}
    </section>
  );
}

/** A sale for somebody without a card, and the next customer's card is scanned before "Next customer" is tapped. */
function NotTheirs({ sale }: { sale: Sale }) {
  return (
    <div class="result-claimed">
      <p class="result-hint">{texts.visit.claimedHint}</p>
      <button type="button" class="quiet" disabled={isBusy.value} onClick={() => void takeOffCard(sale)}>
        {texts.visit.notTheirs}
      </button>
    </div>
  );
}
