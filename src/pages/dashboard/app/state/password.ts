import { signal } from '@preact/signals';

/** Settles the question that is being asked; null when none is. */
export const askedForPassword = signal<((isConfirmed: boolean) => void) | null>(null);

/** Asks for the password again, in a dialog; true once it was right. */
export function askForPassword(): Promise<boolean> {
  return new Promise((resolve) => {
    askedForPassword.value = (isConfirmed) => {
      askedForPassword.value = null;
      resolve(isConfirmed);
    };
  });
}
