import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { texts } from '../texts.ts';
import { Icon } from './icon.tsx';

const SHORTEST_PIN = 4;
const LONGEST_PIN = 8;
const FIGURES = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

interface PinPadProps {
  label: string;
  /** Why the last PIN was not taken. */
  trouble: string | null;
  isBusy: boolean;
  onPin: (pin: string) => void;
}

/** Takes a PIN by touch or keyboard. Forgets it as soon as it is handed on. */
export function PinPad({ label, trouble, isBusy, onPin }: PinPadProps) {
  const [pin, setPin] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []); // before the screen is seen: the first figure counts
  const isWhole = pin.length >= SHORTEST_PIN;
  const add = (figure: string) => setPin((before) => (before + figure).slice(0, LONGEST_PIN));

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (!isWhole || isBusy) return;
    onPin(pin);
    setPin('');
    input.current?.focus();
  }

  return (
    <form class="pin-pad" onSubmit={submit}>
      <label for="pin" class="visually-hidden">
        {label}
      </label>
      <input
        id="pin"
        ref={input}
        class="pin-field"
        name="pin"
        inputMode="none"
        autoComplete="off"
        aria-describedby="pin-trouble"
        aria-invalid={trouble !== null}
        value={pin}
        onInput={(event) => setPin(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, LONGEST_PIN))}
      />
      <p id="pin-trouble" class="pin-trouble" role="alert">
        {trouble}
      </p>
      <div class="pin-keys">
        {FIGURES.map((figure) => (
          <PinKey key={figure} figure={figure} onPress={add} />
        ))}
        <button
          type="button"
          class="quiet"
          aria-label={texts.pin.erase}
          onClick={() => setPin((before) => before.slice(0, -1))}
        >
          <Icon name="erase" />
        </button>
        <PinKey figure="0" onPress={add} />
        <button type="submit" disabled={!isWhole || isBusy}>
          {texts.pin.ok}
        </button>
      </div>
    </form>
  );
}

function PinKey({ figure, onPress }: { figure: string; onPress: (figure: string) => void }) {
  return (
    <button type="button" class="quiet" onClick={() => onPress(figure)}>
      {figure}
    </button>
  );
}
