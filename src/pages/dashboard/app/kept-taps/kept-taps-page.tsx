import { useRef } from 'preact/hooks';
import type * as z from 'zod';
import type { keptTapSchema } from '../../../../http/routes/kept-tap-routes.ts';
import type { saleAnswerSchema } from '../../../../http/routes/sale-routes.ts';
import { ask, withQuery } from '../api.ts';
import type { ListPage } from '../api-types.ts';
import { nameOf } from '../customers/customer-name.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { Moment } from '../parts/day.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { More } from '../parts/table.tsx';
import { say } from '../parts/toast.tsx';
import { WorkButton } from '../parts/work-button.tsx';
import { texts } from '../texts/kept-taps.ts';
import { usePages } from '../use-pages.ts';
import './kept-taps.css';

type KeptTap = z.infer<typeof keptTapSchema>;

/** What tills tapped offline and the rules refused: a manager puts it right, or leaves it at that. */
export function KeptTapsPage() {
  const taps = usePages((cursor) => ask<ListPage<KeptTap>>('GET', withQuery('/kept-taps', { cursor })));
  const list = useRef<HTMLElement>(null);
  /** The button that was pressed goes with its tap: the focus stays with those that are left. */
  const seenTo = async (): Promise<void> => {
    await taps.reload();
    list.current?.focus({ preventScroll: true });
  };
  return (
    <Page title={texts.title} lead={texts.lead} back={{ href: '/desk', text: texts.back }}>
      <section ref={list} class="panel" aria-label={texts.list} tabIndex={-1}>
        <Loaded of={taps}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon="check" title={texts.none}>
                {texts.noneHint}
              </Empty>
            ) : (
              <ul class="unmarked kept-taps">
                {items.map((tap) => (
                  <Tap key={tap.tapId} tap={tap} seenTo={seenTo} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <More onMore={taps.more} isBusy={taps.isComing} />
      </section>
    </Page>
  );
}

function Tap({ tap, seenTo }: { tap: KeptTap; seenTo: () => Promise<void> }) {
  const { staffName, deviceName, locationName, tappedAt, keptAt, refusal, refusalTitle } = tap;
  const what = describe(tap);
  const how = howToApply(tap);
  return (
    <li>
      <div class="kept-what">
        <h2>{what}</h2>
        <Whose tap={tap} />
        <p class="kept-why">{texts.why(refusalTitle ?? texts.unknownWhy(refusal))}</p>
        <dl class="facts">
          <div>
            <dt>{texts.who}</dt>
            <dd>{texts.place(staffName ?? texts.somebody, deviceName, locationName)}</dd>
          </div>
          <div>
            <dt>{texts.tapped}</dt>
            <dd>
              <Moment at={tappedAt} />
            </dd>
          </div>
          <div>
            <dt>{texts.arrived}</dt>
            <dd>
              <Moment at={keptAt} />
            </dd>
          </div>
        </dl>
      </div>
      <div class="row-actions">
        {how && (
          <WorkButton class="small" aria-label={texts.named(how, what)} work={() => apply(tap, seenTo)}>
            {how}
          </WorkButton>
        )}
        <RowButton
          text={texts.seen}
          label={texts.named(texts.seen, what)}
          onClick={() => askToDismiss(tap, seenTo)}
        />
      </div>
    </li>
  );
}

function Whose({ tap: { card, body, operation } }: { tap: KeptTap }) {
  if (card)
    return (
      <p>
        {texts.whose}{' '}
        <a href={`/desk/customers/${card.customerId}`}>
          {nameOf({ name: card.customerName, cards: [card] })}
        </a>
      </p>
    );
  const typed = body['cardCode'];
  if (typeof typed === 'string') return <p class="hint">{texts.typedCode(typed)}</p>;
  return operation === 'sale' ? <p class="hint">{texts.noCard}</p> : null;
}

function describe({ operation, body, items }: KeptTap): string {
  switch (operation) {
    case 'sale':
      return texts.sold(items);
    case 'claim':
      return texts.claimed;
    case 'gesture': {
      const given = texts.gesture[String(body['kind'])]?.(items) ?? texts.someGesture;
      const reason = texts.reasons[String(body['reason'])];
      return reason ? `${given} · ${reason}` : given;
    }
    case 'undo_sale':
      return texts.undidSale;
    case 'undo_gesture':
      return texts.undidGesture;
    case 'return_lease':
      return texts.returnedLease;
    default:
      return texts.somethingElse(operation);
  }
}

/** Only a sale can be recorded: the money was taken, whatever became of its card. */
function howToApply({ operation, card, body }: KeptTap): string | null {
  if (operation !== 'sale') return null;
  if (card && !card.isBlocked) return texts.apply;
  return body['cardCode'] === undefined ? texts.applySale : texts.applyWithoutCard;
}

async function apply({ tapId }: KeptTap, seenTo: () => Promise<void>): Promise<void> {
  const { sale } = await ask<z.infer<typeof saleAnswerSchema>>('POST', `/kept-taps/${tapId}/apply`);
  say(texts.applied(sale.stampsEarned));
  await seenTo();
}

function askToDismiss({ tapId }: KeptTap, seenTo: () => Promise<void>): void {
  confirmFirst({
    title: texts.seenTitle,
    says: texts.seenSays,
    yes: texts.seenYes,
    work: async () => {
      await ask('POST', `/kept-taps/${tapId}/dismiss`);
      say(texts.seenNow);
      // Not awaited: only when the question is gone can the page behind it take the focus.
      void seenTo();
    },
  });
}
