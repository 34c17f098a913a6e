import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { show } from '../state/notice.ts';
import { closeSheet } from '../state/sheet.ts';
import type { Sheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';

/** The camera's sheet, fetched when it is first opened: most shops have a scanner. */
export function CameraSheet({ from }: { from: Sheet | undefined }) {
  const [Fetched, setFetched] = useState<FunctionComponent<{ from: Sheet | undefined }> | null>(null);
  useEffect(() => {
    import('./camera-sheet.tsx').then(
      (module) => setFetched(() => module.CameraSheet),
      () => {
        closeSheet();
        show('warn', texts.camera.troubles['no-reader']);
      },
    );
  }, []);
  return Fetched && <Fetched from={from} />;
}
