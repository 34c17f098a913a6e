import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { closeSheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';

/** A dialog over the customer's screen. Escape, Cancel and a tap beside it close it. */
export function SheetDialog({ title, children }: { title: string; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby="sheet-title"
      onClose={closeSheet}
      onClick={(event) => event.target === dialog.current && closeSheet()}
    >
      <div class="sheet-inside">
        <h2 id="sheet-title">{title}</h2>
        {children}
        <button type="button" class="quiet sheet-cancel" onClick={closeSheet}>
          {texts.cancel}
        </button>
      </div>
    </dialog>
  );
}
