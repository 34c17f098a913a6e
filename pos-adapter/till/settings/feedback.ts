import { effect } from '@preact/signals';
import { notice } from '../state/notice.ts';
import { visit } from '../state/visit.ts';
import type { Visit } from '../state/visit.ts';
import { settings } from './settings.ts';

/** Hertz and the second at which each tone begins: short, and quiet enough for a counter full of people. */
const SOUNDS = {
  found: [[660, 0]],
  stamped: [
    [520, 0],
    [780, 0.07],
  ],
  full: [
    [523, 0],
    [659, 0.1],
    [784, 0.2],
    [1047, 0.32],
  ],
  trouble: [[196, 0]],
} as const;
const VIBRATIONS = { found: 15, stamped: 25, full: [30, 60, 30, 60, 80], trouble: [60, 40, 60] };
const TONE_SECONDS = 0.22;
const LOUDNESS = 0.12;

type Feedback = keyof typeof SOUNDS;

let audio: AudioContext | undefined;

/** Lets the barista hear and feel what happened without looking; until this is switched off. */
export function giveFeedback(): void {
  let before: Visit | null = null;
  effect(() => {
    const now = visit.value;
    const felt = compare(before, now);
    before = now;
    if (felt) play(felt);
  });
  effect(() => {
    if (notice.value?.tone === 'warn' || notice.value?.tone === 'bad') play('trouble');
  });
}

function compare(before: Visit | null, now: Visit | null): Feedback | null {
  if (!now?.card) return null;
  if (before?.card?.cardId !== now.card.cardId) return 'found';
  const hasMoreRewards = now.card.openRewards.length > before.card.openRewards.length;
  if (hasMoreRewards && countAnswered(now) > countAnswered(before)) return 'full';
  return now.acts.length > before.acts.length ? 'stamped' : null;
}

/** What stands, as the server has said: a card is filled when its answer comes, which may be late. */
function countAnswered({ acts }: Visit): number {
  return acts.filter(({ isUndone, waitingTapId, claimTapId }) => !isUndone && !(waitingTapId ?? claimTapId))
    .length;
}

function play(feedback: Feedback): void {
  const { hasSound, hasVibration } = settings.peek();
  // A browser lets a page sound or shake only once somebody touched it. Safari 15 does not say: whoever is signed in did.
  if (navigator.userActivation?.hasBeenActive === false) return;
  if (hasVibration) navigator.vibrate?.(VIBRATIONS[feedback]);
  if (hasSound) for (const [hertz, at] of SOUNDS[feedback]) playTone(hertz, at);
}

function playTone(hertz: number, afterSeconds: number): void {
  audio ??= new AudioContext();
  if (audio.state === 'suspended') void audio.resume();
  const startAt = audio.currentTime + afterSeconds;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  tone.type = 'sine';
  volume.gain.setValueAtTime(0, startAt);
  volume.gain.linearRampToValueAtTime(LOUDNESS, startAt + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, startAt + TONE_SECONDS);
  tone.connect(volume).connect(audio.destination);
  tone.start(startAt);
  tone.stop(startAt + TONE_SECONDS);
}
