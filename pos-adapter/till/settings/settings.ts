import { signal } from '@preact/signals';

const STORED = 'doublestamp-till-settings';
export const LOCK_MINUTES = [1, 2, 3, 5, 10] as const;

/** How this tablet suits whoever stands behind it. */
export interface Settings {
  /** The hand that taps: the menu is on its side. */
  hand: 'right' | 'left';
  hasSound: boolean;
  hasVibration: boolean;
  /** After so long without a touch the till asks for a PIN. */
  lockAfterMinutes: number;
}

const usual: Settings = { hand: 'right', hasSound: true, hasVibration: true, lockAfterMinutes: 5 };

export const settings = signal<Settings>(readStored());

export function changeSettings(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
  localStorage.setItem(STORED, JSON.stringify(settings.value));
}

function readStored(): Settings {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<Settings>;
    const lockAfterMinutes = LOCK_MINUTES.find((minutes) => minutes === stored.lockAfterMinutes);
    return { ...usual, ...stored, lockAfterMinutes: lockAfterMinutes ?? usual.lockAfterMinutes };
  } catch {
    return usual; // whatever wrote this, it was not we
  }
}
