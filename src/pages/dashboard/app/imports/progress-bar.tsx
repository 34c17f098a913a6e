import { texts } from '../texts/imports.ts';
import type { Progress } from './import-api.ts';

/** How far a file is read or written. */
export function ProgressBar({ progress: { step, rowsDone, rowCount } }: { progress: Progress }) {
  const text = texts[step];
  return (
    <div class="import-progress">
      <progress aria-label={text} max={Math.max(1, rowCount)} value={Math.min(rowsDone, rowCount)} />
      <p>
        {text} <span class="number">{texts.rows(Math.min(rowsDone, rowCount), rowCount)}</span>
      </p>
    </div>
  );
}
