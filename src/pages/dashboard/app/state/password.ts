import { signal } from '@preact/signals';

/** Why it is asked: what was asked for wants a password entered lately, the session is over, or it is another’s by now. */
export type Why = 'old' | 'over' | 'another';

/** The question that is being asked, and how it is settled; null when none is. */
export const askedForPassword = signal<{ why: Why; settle: (isRight: boolean) => void } | null>(null);

let asking: Promise<boolean> | undefined;

/** Asks for the password again, in a dialog; true once it was right. Whoever asks meanwhile gets the same answer. */
export function askForPassword(why: Why): Promise<boolean> {
  asking ??= new Promise((resolve) => {
    askedForPassword.value = {
      why,
      settle(isRight) {
        askedForPassword.value = null;
        asking = undefined;
        resolve(isRight);
      },
    };
  });
  return asking;
}
