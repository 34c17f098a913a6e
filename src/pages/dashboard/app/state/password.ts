import { signal } from '@preact/signals';

/** Settles the question that is being asked; null when none is. */
export const askedForPassword = signal<((isConfirmed: boolean) => void) | null>(null);

let asking: Promise<boolean> | undefined;

/** Asks for the password again, in a dialog; true once it was right. Whoever asks meanwhile gets the same answer. */
export function askForPassword(): Promise<boolean> {
  asking ??= new Promise((resolve) => {
    askedForPassword.value = (isConfirmed) => {
      askedForPassword.value = null;
      asking = undefined;
      resolve(isConfirmed);
    };
  });
  return asking;
}
