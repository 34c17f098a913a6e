import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Item } from '../api-types.ts';
import { money } from '../formats.ts';
import { focusIfLost } from '../parts/focus-if-lost.ts';
import { Icon } from '../parts/icon.tsx';
import { isBusy } from '../state/recording.ts';
import { till } from '../state/till.ts';
import { changeBasket, visit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** The menu as buttons; those that were tapped show how often. */
export function Menu() {
  const items = till.value?.items ?? [];
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => focusIfLost(list.current), []); // it comes back in place of a sale and its buttons
  if (items.length === 0) return <p class="menu-empty">{texts.visit.menuEmpty}</p>;
  return (
    <ul ref={list} class="menu" aria-label={texts.visit.menu} tabIndex={-1}>
      {items.map((item) => (
        <li key={item.itemId} class="menu-item">
          <MenuItem item={item} quantity={visit.value?.basket[item.itemId] ?? 0} />
        </li>
      ))}
    </ul>
  );
}

function MenuItem({ item, quantity }: { item: Item; quantity: number }) {
  const button = useRef<HTMLButtonElement>(null);

  function takeOff(): void {
    changeBasket(item, -1);
    if (quantity === 1) button.current!.focus({ preventScroll: true }); // Minus goes, and would take the focus along
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={quantity > 0 ? 'menu-button taken' : 'menu-button'}
        disabled={isBusy.value}
        onClick={() => changeBasket(item, 1)}
      >
        <span class="menu-name">{item.name}</span>
        <span class="menu-price">{money(item.priceMinor)}</span>
        {quantity > 0 && (
          <span class="menu-quantity">
            {quantity}
            <span class="visually-hidden"> {texts.visit.inBasket}</span>
          </span>
        )}
      </button>
      {quantity > 0 && (
        <button
          type="button"
          class="quiet menu-minus"
          aria-label={texts.visit.lessOf(item.name)}
          disabled={isBusy.value}
          onClick={takeOff}
        >
          <Icon name="minus" />
        </button>
      )}
    </>
  );
}
