import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { Problem, sayProblem } from '../api.ts';
import { shopApi } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/cards.ts';

/** The longer side of what is kept: sharp on a phone, and a few dozen kilobytes. */
const MAX_PIXELS = 900;
const QUALITY = 0.85;

/** Where a picture of this merchant is found; null for none. */
export function usePictureUrl(pictureId: string | null): string | null {
  const { merchant } = useSession();
  return pictureId && `/pictures/${merchant.merchantId}/${pictureId}`;
}

/** Chooses a picture, makes it small in the browser, and keeps it at once; `value` is its id. */
export function PictureField({
  label,
  hint,
  value,
  kind = 'picture',
}: {
  label: string;
  hint: string;
  value: Signal<string | null>;
  /** A logo keeps its transparent parts. */
  kind?: 'picture' | 'logo';
}) {
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const wrong = useSignal<string | null>(null);
  const url = usePictureUrl(value.value);

  async function choose(): Promise<void> {
    const chosen = file.current?.files?.[0];
    if (!chosen) return;
    wrong.value = null;
    try {
      const small = await makeSmall(chosen, kind === 'logo' ? 'image/png' : 'image/jpeg');
      value.value = (await shopApi.addPicture(small)).pictureId;
    } catch (error) {
      wrong.value = error instanceof Problem ? sayProblem(error.document) : texts.pictureUnreadable;
    }
    file.current!.value = '';
  }

  return (
    <fieldset class="field" aria-describedby={`${id}-hint`}>
      <legend>{label}</legend>
      <div class="picture-field">
        {url && <img class={kind} src={url} alt="" />}
        <input
          ref={file}
          class="visually-hidden"
          type="file"
          accept="image/png,image/jpeg,image/webp"
          tabIndex={-1}
          aria-hidden="true"
          onChange={() => void choose()}
        />
        <button type="button" class="quiet small" onClick={() => file.current?.click()}>
          {url ? texts.changePicture : texts.choosePicture}
        </button>
        {url && (
          <button type="button" class="bare small" onClick={() => (value.value = null)}>
            {texts.removePicture}
          </button>
        )}
      </div>
      {wrong.value && (
        <p class="mistake" role="alert">
          {wrong.value}
        </p>
      )}
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </fieldset>
  );
}

/** Throws when the file is no picture this browser can read. */
async function makeSmall(file: Blob, type: 'image/png' | 'image/jpeg'): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, MAX_PIXELS / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (made) => (made ? resolve(made) : reject(new Error('No picture came of it'))),
      type,
      QUALITY,
    );
  });
}
