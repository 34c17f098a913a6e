import { effect } from '@preact/signals';
import type { CardAtTill } from '../api-types.ts';
import { visit } from './visit.ts';

/** As many as come back to the counter within the hour. */
const MAX_SEEN = 40;

export interface SeenCard {
  found: CardAtTill;
  /** On `performance.now()`. */
  seenAt: number;
}

/** Customers of this session, in memory only: with the lock, or the page, they are gone. */
const seen = new Map<string, SeenCard>();

/** `GST1:…` without the live code behind it, or a short code as it is kept. */
export function codeOf(scanned: string): string {
  const code = scanned.trim().toUpperCase();
  return code.startsWith('GST1:') ? code.split(':').slice(0, 2).join(':') : code.replaceAll(/[\s-]/g, '');
}

export function rememberCard(found: CardAtTill, scanned?: string): void {
  const entry = { found, seenAt: performance.now() };
  const { cardId, shortCode } = found.card;
  const codes = [cardId.toUpperCase(), shortCode, ...(scanned === undefined ? [] : [codeOf(scanned)])];
  for (const code of codes) {
    seen.delete(code);
    seen.set(code, entry);
  }
  while (seen.size > MAX_SEEN * 3) seen.delete(seen.keys().next().value!);
}

export function recallCard(scanned: string): SeenCard | undefined {
  const code = codeOf(scanned);
  return seen.get(code) ?? seen.get(scanned.trim().toUpperCase());
}

// What is done for them afterwards belongs to what was last seen.
effect(() => {
  const { card, lastGesture = null, preferences, seenAt } = visit.value ?? {};
  const entry = card && seenAt === null && seen.get(card.cardId.toUpperCase());
  if (!entry || preferences === undefined) return;
  const { found } = entry;
  if (found.card === card && found.lastGesture === lastGesture && found.preferences === preferences) return;
  entry.found = { ...found, card, lastGesture, preferences, whyNow: null };
  entry.seenAt = performance.now();
});

export function forgetSeenCards(): void {
  seen.clear();
}

/** Whether it looks like a card that nobody here can look up now: scanned, or typed whole. */
export function isCardCode(scanned: string): boolean {
  return /^(GST1:[A-Z2-7]{26}|[0-9A-Z]{8})$/.test(codeOf(scanned));
}
