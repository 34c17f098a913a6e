import type { Card } from '../api-types.ts';
import { texts } from '../texts.ts';
import { speak } from './notice.ts';
import { visit } from './visit.ts';

/** A first name is enough to greet somebody, and all that whoever stands beside them needs to read. */
export function nameOf(card: Pick<Card, 'customerName'> | null): string {
  if (!card) return texts.visit.noCard;
  const [firstName] = card.customerName?.trim().split(/\s+/) ?? [];
  return firstName || texts.visit.guest;
}

export function stampsOf({ stamps, stampsRequired }: Card): string {
  return texts.visit.stampsOf(Math.max(stamps, 0), stampsRequired);
}

/** How a card stands, for those who hear it: its stamps, and what was earned with full ones. */
export function standingOf(card: Card): string {
  const rewards = card.openRewards.map(({ name }) => name);
  return [stampsOf(card), rewards.length > 0 && texts.reward.waiting(rewards)].filter(Boolean).join('. ');
}

/** Says what was done and how the card stands now, if that is known. */
export function speakState(done: readonly string[]): void {
  const card = visit.value?.isUnread ? null : visit.value?.card;
  speak([...done, card && standingOf(card)].filter(Boolean).join(' '));
}
