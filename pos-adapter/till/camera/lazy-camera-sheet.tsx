import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { show } from '../state/notice.ts';
import { closeSheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';

/** The camera's sheet, fetched when it is first opened: most shops have a scanner. */
export function CameraSheet() {
  const [Sheet, setSheet] = useState<FunctionComponent | null>(null);
  useEffect(() => {
    import('./camera-sheet.tsx').then(
      (module) => setSheet(() => module.CameraSheet),
      () => {
        closeSheet();
        show('warn', texts.trouble.notFetched);
      },
    );
  }, []);
  return Sheet && <Sheet />;
}
