import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { closeSheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';

interface SheetDialogProps {
  title: string;
  children: ComponentChildren;
  /** What the button at its end says; Cancel unless given. */
  closeLabel?: string;
  onClose?: () => void;
}

/** A dialog over the screen. Escape, its last button and a tap beside it close it. */
export function SheetDialog({ title, children, closeLabel, onClose = closeSheet }: SheetDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="sheet-inside">
        <h2 id={titleId}>{title}</h2>
        {children}
        <button type="button" class="quiet sheet-cancel" onClick={onClose}>
          {closeLabel ?? texts.cancel}
        </button>
      </div>
    </dialog>
  );
}
