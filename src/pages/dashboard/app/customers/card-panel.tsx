import { useSignal } from '@preact/signals';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { formatMoment } from '../parts/day.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Panel } from '../parts/panel.tsx';
import { say } from '../parts/toast.tsx';
import { WorkButton } from '../parts/work-button.tsx';
import { texts } from '../texts/customers.ts';
import { formatCode } from './customer-name.ts';
import { customersApi } from './customers-api.ts';
import type { CustomerCard } from './customers-api.ts';
import { VoucherDialog } from './voucher-dialog.tsx';

/** One card of a customer: what is on it, and what can be done about it. */
export function CardPanel({
  card,
  isOver,
  reload,
}: {
  card: CustomerCard;
  /** Nothing can be done for this customer any more. */
  isOver: boolean;
  reload: () => Promise<void>;
}) {
  const words = texts.card;
  const isOpen = !isOver && card.joinedIntoId === null;
  return (
    <Panel title={card.programName} actions={isOpen && <Actions card={card} reload={reload} />}>
      <Stamps card={card} />
      <p class="hint">
        {words.code} <span class="card-code">{formatCode(card.shortCode)}</span> · {card.locationName}
      </p>
      {card.joinedIntoId && <p class="notice">{words.joined}</p>}
      {card.blockedAt && !isOver && (
        <p class="notice bad">{words.blockedSince(formatMoment(card.blockedAt))}</p>
      )}
      {isOpen && !card.hasLink && <p class="notice">{words.noLink}</p>}
      {card.openRewards.length > 0 && (
        <div class="card-rewards">
          <h3>{words.rewardsOpen}</h3>
          <ul>
            {card.openRewards.map(({ rewardId, name, earnedAt, expiresAt }) => (
              <li key={rewardId}>
                {name}{' '}
                <span class="hint">
                  {expiresAt
                    ? words.rewardExpires(formatMoment(expiresAt))
                    : words.rewardEarned(formatMoment(earnedAt))}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  );
}

function Stamps({ card: { stamps, stampsRequired, rewardName, colour } }: { card: CustomerCard }) {
  const said = texts.card.progress(stamps, stampsRequired, rewardName);
  return (
    <>
      <div class="card-stamps" aria-hidden="true">
        {Array.from({ length: stampsRequired }, (_, place) => (
          <svg key={place} viewBox="0 0 20 20" class={place < stamps ? 'full' : ''}>
            <circle cx="10" cy="10" r="8.5" fill={place < stamps ? colour : undefined} />
          </svg>
        ))}
      </div>
      <p>{said}</p>
    </>
  );
}

function Actions({ card, reload }: { card: CustomerCard; reload: () => Promise<void> }) {
  const words = texts.card;
  const { cardId, hasLink } = card;
  const isBlocked = card.blockedAt !== null;
  const isSending = useSignal(false);
  const link = useSignal<string | null>(null);

  const setBlocked = async (shouldBe: boolean): Promise<void> => {
    await customersApi.setBlocked(cardId, shouldBe);
    await reload();
  };
  const toggle = async (): Promise<void> => {
    await setBlocked(!isBlocked);
    say(isBlocked ? words.unblockedNow : words.blockedNow, { undo: () => setBlocked(isBlocked) });
  };
  const makeLink = async (): Promise<void> => {
    link.value = (await customersApi.makeLink(cardId)).link;
    await reload();
  };
  const askForLink = async (): Promise<void> =>
    confirmFirst({
      title: words.linkTitle,
      says: words.linkSays,
      yes: words.linkYes,
      isDestructive: true,
      work: makeLink,
    });

  return (
    <>
      {!isBlocked && (
        <button type="button" class="small" onClick={() => (isSending.value = true)}>
          {words.voucher}
        </button>
      )}
      <WorkButton class="quiet small" work={hasLink ? askForLink : makeLink}>
        {hasLink ? words.link : words.firstLink}
      </WorkButton>
      <WorkButton class="quiet small" work={toggle}>
        {isBlocked ? words.unblock : words.block}
      </WorkButton>
      {isSending.value && (
        <VoucherDialog cardId={cardId} onClose={() => (isSending.value = false)} reload={reload} />
      )}
      {link.value && <LinkDialog link={link.value} onClose={() => (link.value = null)} />}
    </>
  );
}

function LinkDialog({ link, onClose }: { link: string; onClose: () => void }) {
  const words = texts.card;
  return (
    <Dialog title={words.linkMade} onClose={onClose} isToldOnce>
      <p>{words.linkMadeSays}</p>
      <img
        class="link-qr"
        src={`${new URL(link).pathname}/link.svg`}
        alt={words.linkQr}
        width={200}
        height={200}
      />
      <p class="secret-line">{link}</p>
      <div class="dialog-actions">
        <CopyButton text={link} />
        <button type="button" onClick={onClose}>
          {words.done}
        </button>
      </div>
    </Dialog>
  );
}
