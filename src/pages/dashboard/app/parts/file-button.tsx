import { download } from '../api.ts';
import { texts } from '../texts/shell.ts';
import { Icon } from './icon.tsx';
import { say } from './toast.tsx';
import { WorkButton } from './work-button.tsx';

/** Takes an answer of the API as a file; what becomes of it is said at the foot of the page. */
export function FileButton({ path, text }: { path: string; text: string }) {
  async function take(): Promise<void> {
    say(texts.file.busy);
    await download(path);
    say(texts.file.done);
  }

  return (
    <WorkButton class="quiet" work={take}>
      <Icon name="file" /> {text}
    </WorkButton>
  );
}
