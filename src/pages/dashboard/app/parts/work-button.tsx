import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { attempt } from './toast.tsx';

/**
 * A button that asks the API at once; what is refused is said at the foot of the page. Pressed again before the answer
 * it does nothing more, and nor does the second press of a double click, under which another button may lie by then.
 */
export function WorkButton({
  work,
  ...button
}: Omit<JSX.IntrinsicElements['button'], 'onClick' | 'type'> & { work: () => Promise<void> }) {
  const isBusy = useSignal(false);

  async function press({ detail }: MouseEvent): Promise<void> {
    if (isBusy.value || detail > 1) return;
    isBusy.value = true;
    await attempt(work);
    isBusy.value = false;
  }

  return (
    <button {...button} type="button" aria-disabled={isBusy.value} onClick={(event) => void press(event)} />
  );
}
