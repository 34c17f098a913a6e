import { signal } from '@preact/signals';
import type { Problem } from '../api-types.ts';
import { moment } from '../formats.ts';
import { NOT_KEPT } from '../queue/tap-queue.ts';
import type { Outcome } from '../send.ts';
import { serverNow } from '../server-time.ts';
import { texts } from '../texts.ts';

export interface Notice {
  tone: 'good' | 'note' | 'warn' | 'bad';
  text: string;
}

const GOOD_NEWS_MS = 5_000;

/** What was last said at the top of the screen; gone with the next thing done. */
export const notice = signal<Notice | null>(null);
/** What a screen reader says; `count` makes the same words be said again. */
export const spoken = signal({ text: '', count: 0 });

/** Says something to those who hear the till rather than see it. */
export function speak(text: string): void {
  spoken.value = { text, count: spoken.value.count + 1 };
}

export function show(tone: Notice['tone'], text: string): void {
  display(tone, text);
  speak(text);
}

/** As `show`, for what is spoken otherwise. Good news, and a mere note, goes by itself; the rest stays until something else is done. */
export function display(tone: Notice['tone'], text: string): void {
  const shown = { tone, text };
  notice.value = shown;
  if (tone === 'good' || tone === 'note')
    setTimeout(() => notice.value === shown && (notice.value = null), GOOD_NEWS_MS);
}

/** Why something did not happen, in plain words, with what is next. */
export function explain(outcome: Exclude<Outcome<unknown>, { kind: 'yes' }>): string {
  if (outcome.kind === 'silence') return outcome.wasSent ? texts.trouble.unknown : texts.trouble.notSent;
  return explainProblem(outcome.problem);
}

/** A refusal in plain words. */
export function explainProblem(problem: Problem): string {
  const { refused, title, status, requestId } = problem;
  switch (refused) {
    case undefined:
      return status === NOT_KEPT ? texts.trouble.notKept : texts.trouble.http(status);
    case 'allowance-spent':
      return texts.gesture.noneLeft(problem.resetsAt ? moment(problem.resetsAt) : '');
    case 'cool-down':
      return texts.gesture.coolDown(problem.endsAt ? moment(problem.endsAt) : '');
    case 'preferences-changed':
      return texts.preferences.changed(problem.preferences ?? null);
    case 'pin-wrong':
      if (problem.retryAt) return texts.pin.locked(secondsUntil(problem.retryAt));
      return [
        texts.pin.wrong,
        problem.triesLeft === undefined ? '' : texts.pin.triesLeft(problem.triesLeft),
      ].join(' ');
    case 'locked':
      return texts.pin.locked(problem.retryAt ? secondsUntil(problem.retryAt) : 30);
  }
  const said = texts.refusals[refused] ?? title;
  return requestId ? `${said} ${texts.trouble.requestId(requestId)}` : said;
}

function secondsUntil(instant: string): number {
  return Math.max(1, Math.ceil((Date.parse(instant) - serverNow()) / 1000));
}
