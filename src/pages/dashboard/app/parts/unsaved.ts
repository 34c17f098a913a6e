import { texts } from '../texts/shell.ts';
import { confirmFirst } from './confirm-dialog.tsx';

/** Forms of this page in which something was changed that is not saved. */
const unsaved = new Set<HTMLFormElement>();

/** Something was changed in this form. */
export function noteChange(form: HTMLFormElement): void {
  unsaved.add(form);
}

/** It is saved, on its way to be, or gone. Answers whether there was anything to save. */
export function forgetChange(form: HTMLFormElement): boolean {
  return unsaved.delete(form);
}

/** The page is left for good: there is nothing more to ask. */
export function forgetChanges(): void {
  unsaved.clear();
}

/** Whether leaving the page would lose something. */
export function hasUnsaved(): boolean {
  return unsaved.size > 0;
}

/** Goes there, after a question when something on this page would be lost. It is asked about until the page is gone. */
export function leaveFor(go: () => void): void {
  if (!hasUnsaved()) go();
  else
    confirmFirst({
      ...texts.leave,
      isDestructive: true,
      // Not at once: only when the question is gone can the next page take the focus.
      work: async () => void setTimeout(go),
    });
}

/** The browser asks in its own words before a tab with something unsaved is closed. */
export function askBeforeClosing(): void {
  addEventListener('beforeunload', (event) => {
    if (hasUnsaved()) event.preventDefault();
  });
}
