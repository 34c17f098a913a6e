import { useSignal } from '@preact/signals';
import { texts } from '../texts/shell.ts';

/** Takes a text along, where a browser lets a page do so: over https, or on the server’s own computer. */
export function CopyButton({ text }: { text: string }) {
  const isCopied = useSignal(false);
  if (!isSecureContext) return null;
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => void navigator.clipboard.writeText(text).then(() => (isCopied.value = true))}
    >
      {isCopied.value ? texts.copied : texts.copy}
    </button>
  );
}
