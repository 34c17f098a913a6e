import { texts } from '../texts/customers.ts';

/** What a customer is called here: by the code of their card when they never gave a name. */
export function nameOf({
  name,
  cards,
}: {
  name: string | null;
  cards: readonly { shortCode: string }[];
}): string {
  if (name) return name;
  const [card] = cards;
  return card ? texts.someone(formatCode(card.shortCode)) : texts.nameless;
}

/** `7F3K9QPD` as people read it: `7F3K-9QPD`. */
export function formatCode(shortCode: string): string {
  return `${shortCode.slice(0, 4)}-${shortCode.slice(4)}`;
}
