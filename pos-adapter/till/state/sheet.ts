import { signal } from '@preact/signals';
import type { DrawOffer, GestureKind } from '../api-types.ts';

/** What lies over the screen: a scan, or the lock, takes it away. */
export type Sheet =
  | { kind: 'gesture'; gesture: GestureKind; draw?: DrawOffer }
  /** The allowance is spent: which gesture is asked first. */
  | { kind: 'one-more' }
  | { kind: 'reward'; rewardId: string }
  /** Who spends a reward shows the card's live code, or somebody vouches for them. */
  | { kind: 'proof'; rewardId: string; isOnSale: boolean; trouble: string | null }
  /** With what is typed, in place of what: a PIN that is asked for in between leaves it where it is. */
  | { kind: 'preferences'; typed: string; shown: string | null }
  /** Whose card it is, when a customer without one has one after all. */
  | { kind: 'find' }
  | { kind: 'settings' }
  /** Goes back to the sheet it was opened from. */
  | { kind: 'camera'; from?: Sheet };

export const sheet = signal<Sheet | null>(null);

export function openSheet(wanted: Sheet): void {
  sheet.value = wanted;
}

export function closeSheet(): void {
  sheet.value = null;
}
