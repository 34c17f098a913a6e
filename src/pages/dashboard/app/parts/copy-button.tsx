import { useSignal } from '@preact/signals';
import { texts } from '../texts/shell.ts';

/**
 * Takes a text along, where a browser lets a page do so: over https, or on the server’s own computer. It may still
 * refuse, by its settings or its owner's.
 */
export function CopyButton({ text }: { text: string }) {
  const label = useSignal(texts.copy);
  if (!isSecureContext) return null;
  const copy = (): Promise<unknown> =>
    navigator.clipboard.writeText(text).then(
      () => (label.value = texts.copied),
      () => (label.value = texts.notCopied),
    );
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {label.value}
    </button>
  );
}
