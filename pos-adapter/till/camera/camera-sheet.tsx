import { useEffect, useRef, useState } from 'preact/hooks';
import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { scan } from '../scan.ts';
import { closeSheet, openSheet } from '../state/sheet.ts';
import type { Sheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';
import { readCardCode } from '../wedge.ts';
import { openCamera } from './camera.ts';
import './camera.css';

/**
 * The tablet's camera, for a shop without a scanner. What it read goes where a scanner's would, to the sheet it was
 * opened from, if there is one.
 */
export function CameraSheet({ from }: { from: Sheet | undefined }) {
  const video = useRef<HTMLVideoElement>(null);
  const [said, setSaid] = useState(texts.loading);
  const [isOff, setOff] = useState(false);
  const leave = () => (from ? openSheet(from) : closeSheet());

  useEffect(() => {
    const stop = openCamera(video.current!, {
      onReady: () => setSaid(texts.camera.hold),
      onText(text) {
        const cardCode = readCardCode(text);
        if (!cardCode) return setSaid(texts.camera.notACard);
        stop();
        leave();
        void scan(cardCode);
      },
      onTrouble(trouble) {
        setOff(true);
        setSaid(texts.camera.troubles[trouble]);
      },
    });
    return stop;
  }, []);

  return (
    <SheetDialog
      title={texts.camera.title}
      {...(isOff && { closeLabel: texts.camera.close })}
      onClose={leave}
    >
      {/* Without a picture there is nothing to hold a code before. */}
      <div class="camera" hidden={isOff}>
        <video ref={video} playsInline muted aria-hidden="true" />
        <span class="camera-frame" />
      </div>
      <p class="camera-said" role="status">
        {said}
      </p>
    </SheetDialog>
  );
}
