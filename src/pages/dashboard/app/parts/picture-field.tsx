import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { Problem, sayProblem } from '../api.ts';
import { Busy } from './busy.tsx';
import { useHold } from './form.tsx';
import { shopApi } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/cards.ts';

/** The longer side of what is kept: sharp on a phone, and a few dozen kilobytes. */
const MAX_PIXELS = 900;
const QUALITY = 0.85;
/** As the API has it. A photograph that keeps its transparent parts may only fit when it is smaller still. */
const MAX_BYTES = 400 * 1024;
const SMALLER = 0.7;

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
  const holdForm = useHold();
  /** Of several that were chosen, or taken away again, while one was on its way, the last counts. */
  const turn = useRef(0);
  const isKeeping = useSignal(false);

  async function keep(chosen: File): Promise<boolean> {
    const own = ++turn.current;
    wrong.value = null;
    isKeeping.value = true;
    try {
      const small = await makeSmall(chosen, kind === 'logo' ? 'image/png' : 'image/jpeg');
      const { pictureId } = await shopApi.addPicture(small);
      if (own === turn.current) value.value = pictureId;
    } catch (error) {
      if (own === turn.current)
        wrong.value = error instanceof Problem ? sayProblem(error.document) : texts.pictureUnreadable;
    }
    if (own === turn.current) isKeeping.value = false;
    return wrong.value === null;
  }

  function remove(): void {
    turn.current += 1;
    value.value = null;
    isKeeping.value = false;
  }

  function choose(input: HTMLInputElement): void {
    const chosen = input.files?.[0];
    if (chosen) holdForm(keep(chosen));
    input.value = '';
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
          onChange={(event) => choose(event.currentTarget)}
        />
        <button type="button" class="quiet small" onClick={() => file.current?.click()}>
          {url ? texts.changePicture : texts.choosePicture}
        </button>
        {url && (
          <button type="button" class="bare small" onClick={remove}>
            {texts.removePicture}
          </button>
        )}
        {isKeeping.value && <Busy />}
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
  let pixels = Math.min(MAX_PIXELS, Math.max(picture.width, picture.height));
  let small = await draw(picture, pixels, type);
  while (small.size > MAX_BYTES) {
    pixels *= SMALLER;
    small = await draw(picture, pixels, type);
  }
  return small;
}

function draw(picture: ImageBitmap, pixels: number, type: 'image/png' | 'image/jpeg'): Promise<Blob> {
  const scale = pixels / Math.max(picture.width, picture.height);
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
