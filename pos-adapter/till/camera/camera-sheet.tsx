import { useEffect, useRef, useState } from 'preact/hooks';
import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { scan } from '../scan.ts';
import { closeSheet } from '../state/sheet.ts';
import { texts } from '../texts.ts';
import { readCardCode } from '../wedge.ts';
import { openCamera } from './camera.ts';
import './camera.css';

/** The tablet's camera, for a shop without a scanner. What reads the picture is fetched when this is first opened. */
export function CameraSheet() {
  const video = useRef<HTMLVideoElement>(null);
  const [said, setSaid] = useState(texts.camera.hold);

  useEffect(() => {
    let isClosed = false;
    let stop: (() => void) | undefined;
    function hear(text: string): void {
      const cardCode = readCardCode(text);
      if (!cardCode) return setSaid(texts.camera.notACard);
      isClosed = true;
      stop?.();
      closeSheet();
      void scan(cardCode);
    }
    void openCamera(video.current!, (text) => isClosed || hear(text)).then((opened) => {
      if (typeof opened === 'string') return setSaid(texts.camera.troubles[opened]);
      stop = opened.stop;
      if (isClosed) stop();
    });
    return () => {
      isClosed = true;
      stop?.();
    };
  }, []);

  return (
    <SheetDialog title={texts.camera.title}>
      <div class="camera">
        <video ref={video} playsInline muted aria-hidden="true" />
        <span class="camera-frame" />
      </div>
      <p class="camera-said" role="status">
        {said}
      </p>
    </SheetDialog>
  );
}
