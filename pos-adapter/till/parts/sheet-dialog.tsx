import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { closeSheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';
import { focusIfLost } from './focus-if-lost.ts';
import { LiveRegion } from './live-region.tsx';

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
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    // Once it is gone: unless the screen behind has taken the focus meanwhile, one goes on where one was, or else, if that
    // is gone or off by now, from what came last.
    return () =>
      queueMicrotask(() => {
        focusIfLost(opener);
        focusIfLost([...document.querySelectorAll('main :is(h1, h2)')].at(-1));
      });
  }, []);
  // The button that was tapped is gone, and with it the focus: the next question takes it.
  useLayoutEffect(() => {
    if (dialog.current!.contains(document.activeElement)) return;
    heading.current!.tabIndex = -1; // not before, or a browser may show the dialog with the focus there
    focus(heading.current);
  }, [title]);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="sheet-inside">
        <h2 id={titleId} ref={heading}>
          {title}
        </h2>
        {children}
        <button type="button" class="quiet sheet-cancel" onClick={onClose}>
          {closeLabel ?? texts.cancel}
        </button>
        <LiveRegion />
      </div>
    </dialog>
  );
}

function focus(element: Element | null): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}
