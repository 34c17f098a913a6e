import { useSignal } from '@preact/signals';
import { download } from '../api.ts';
import { texts } from '../texts/shell.ts';
import { Icon } from './icon.tsx';
import { attempt, say } from './toast.tsx';

/** Takes an answer of the API as a file; what becomes of it is said at the foot of the page. */
export function FileButton({ path, text }: { path: string; text: string }) {
  const isBusy = useSignal(false);

  async function take(): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    say(texts.file.busy);
    await attempt(async () => {
      await download(path);
      say(texts.file.done);
    });
    isBusy.value = false;
  }

  return (
    <button type="button" class="quiet" aria-disabled={isBusy.value} onClick={() => void take()}>
      <Icon name="file" /> {text}
    </button>
  );
}
