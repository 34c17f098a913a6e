import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.ts';
import type { FoundCustomers } from '../api-types.ts';
import { longAgo } from '../formats.ts';
import { show, speak } from '../state/notice.ts';
import { openCard } from '../state/open-card.ts';
import { ask, isBusy } from '../state/recording.ts';
import { texts } from '../texts.ts';
import { focusWhenTyping } from './focus-when-typing.ts';

/** Eight letters and figures, with or without their dash. */
const SHORT_CODE = /^[0-9a-z]{4}[-\s]?[0-9a-z]{4}$/i;
const CARD_CODE = /^GST1:/i;
/** As little as the server looks anybody up by. */
const ENOUGH = /\p{L}.*\p{L}|(?:\d\D*){4}/u;

/** One field for whatever the customer can say: the code on the card, a name, the end of a phone number. */
export function FindForm({ onFound }: { onFound: (found: FoundCustomers | null) => void }) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => focusWhenTyping(input.current!), []);
  const wanted = text.trim();
  const isCode = CARD_CODE.test(wanted) || SHORT_CODE.test(wanted);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (wanted === '' || isBusy.value) return;
    onFound(null);
    // `Jonathan` could be a code; `0770-0900` the end of a number.
    const mayBeName = !CARD_CODE.test(wanted);
    const isElse = !isCode || ((await openCard(wanted, { mayBeName })) === 'unknown' && mayBeName);
    if (!isElse) return;
    if (!ENOUGH.test(wanted)) return show('note', texts.waiting.tooLittle);
    const found = await ask((token) => api.findCustomers(token, wanted), {
      unsent: texts.waiting.noLookUp,
      unanswered: texts.waiting.noLookUp,
    });
    if (!found) return;
    const isNobody = found.items.length === 0;
    if (isNobody && !isCode) show('note', texts.waiting.nobody);
    else if (isNobody) show('warn', texts.refusals['card-unknown']!);
    else speak(texts.waiting.found(found.items.length));
    onFound(isNobody ? null : found);
  }

  return (
    <form class="code-form" onSubmit={(event) => void submit(event)}>
      <label for="card-code">{texts.waiting.code}</label>
      <input
        id="card-code"
        ref={input}
        class="tall"
        type="search"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        maxLength={60}
        enterKeyHint="search"
      />
      <button type="submit" disabled={isBusy.value || wanted === ''}>
        {texts.waiting.find}
      </button>
    </form>
  );
}

/** Who it could be, with just enough to tell two of a name apart. */
export function FoundList({ found: { items, hasMore } }: { found: FoundCustomers }) {
  return (
    <>
      <ul class="found" aria-label={texts.waiting.foundLabel}>
        {items.map(({ firstName, phoneEnd, lastVisitAt, stamps, stampsRequired, shortCode }) => (
          <li key={shortCode}>
            <button
              type="button"
              class="found-one"
              disabled={isBusy.value}
              onClick={() => void openCard(shortCode)}
            >
              <span class="found-name">{firstName ?? texts.visit.guest}</span>
              <span class="found-phone">{phoneEnd && texts.waiting.phoneEnd(phoneEnd)}</span>
              <span class="found-note">{lastVisitAt ? longAgo(lastVisitAt) : texts.visit.firstVisit}</span>
              <span class="found-note">{texts.visit.stampsOf(Math.max(stamps, 0), stampsRequired)}</span>
            </button>
          </li>
        ))}
      </ul>
      {hasMore && <p class="found-more">{texts.waiting.hasMore}</p>}
    </>
  );
}
