import { useEffect, useRef, useState } from 'preact/hooks';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { askForNewCard } from '../state/new-card.ts';
import { isBusy, openCard } from '../state/serve.ts';
import { startVisit } from '../state/visit.ts';
import { texts } from '../texts.ts';

/** Nobody at the till yet: scan, type, make a card, or sell without one. */
export function WaitingScreen() {
  return (
    <section class="waiting">
      <div class="waiting-scan panel">
        <span class="waiting-picture">
          <Icon name="scan" />
        </span>
        <FocusHeading>{texts.waiting.title}</FocusHeading>
        <p>{texts.waiting.lead}</p>
        <CodeForm />
      </div>
      <div class="waiting-else">
        <button type="button" class="tile" onClick={askForNewCard}>
          <Icon name="card" />
          <span class="tile-name">{texts.waiting.newCard}</span>
          <span class="tile-note">{texts.waiting.newCardHint}</span>
        </button>
        <button type="button" class="tile" onClick={() => startVisit(null)}>
          <Icon name="cup" />
          <span class="tile-name">{texts.waiting.noCard}</span>
          <span class="tile-note">{texts.waiting.noCardHint}</span>
        </button>
      </div>
    </section>
  );
}

function CodeForm() {
  const [code, setCode] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => focusWhenTyping(input.current!), []);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (code.trim() !== '') void openCard(code.trim());
  }

  return (
    <form class="code-form" onSubmit={submit}>
      <label for="card-code">{texts.waiting.code}</label>
      <input
        id="card-code"
        ref={input}
        class="code-field"
        value={code}
        onInput={(event) => setCode(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="characters"
        spellcheck={false}
        maxLength={64}
        placeholder="7F3K-9QPD"
      />
      <button type="submit" disabled={isBusy.value || code.trim() === ''}>
        {texts.waiting.find}
      </button>
    </form>
  );
}

/** Whoever starts to type a code need not tap the field first. */
function focusWhenTyping(input: HTMLInputElement): () => void {
  function onKeyDown(event: KeyboardEvent): void {
    const isElsewhere = !(event.target instanceof HTMLInputElement);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isElsewhere && isPlain && /^[a-z0-9]$/i.test(event.key)) input.focus();
  }
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
