import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { texts } from '../texts/shell.ts';
import { Icon } from './icon.tsx';

const FIRST = ':is(input, select, textarea), .dialog-actions button';
/** What was sent and has no answer yet: what becomes of it is said here. */
const UNDER_WAY = ':is(form, .dialog-actions)[aria-busy=true]';

/**
 * The platform's dialog, open as long as it is drawn. Escape, the cross and a click beside it close it, but not while
 * something is under way; the click, which may be a slip, only as long as nothing was typed.
 */
export function Dialog({
  title,
  onClose,
  children,
  isWide = false,
  isToldOnce = false,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  isWide?: boolean;
  /** What it says is not said again: only a button among its own closes it, and no key or click by a slip. */
  isToldOnce?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isTyped = useRef(false);
  const id = useId();
  useEffect(() => {
    // The platform gives the focus back only while the dialog is still in the page.
    const opener = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    // What is to be filled in, or the way out: not the cross, which the platform would choose.
    dialog.current?.querySelector<HTMLElement>(FIRST)?.focus();
    return () => {
      if (opener?.isConnected) opener.focus();
    };
  }, []);

  function mayClose(): boolean {
    return !isToldOnce && !dialog.current?.querySelector(UNDER_WAY);
  }

  function close(): void {
    if (mayClose()) dialog.current?.close();
  }

  return (
    <dialog
      ref={dialog}
      class={isWide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => !mayClose() && event.preventDefault()}
      // The second Escape in a row closes it without asking.
      onKeyDown={(event) => event.key === 'Escape' && !mayClose() && event.preventDefault()}
      onInput={() => (isTyped.current = true)}
      // The second press of a double click on the button that opened it is no click beside it.
      onMouseDown={({ target, detail }) =>
        target === dialog.current && detail === 1 && !isTyped.current && close()
      }
    >
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          {!isToldOnce && (
            <button type="button" class="bare" aria-label={texts.close} onClick={close}>
              <Icon name="close" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
