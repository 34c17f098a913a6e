import { effect, untracked } from '@preact/signals';
import type { Item, Problem, RedemptionAnswer } from '../api-types.ts';
import { api } from '../api.ts';
import { isOffline } from '../send.ts';
import { texts } from '../texts.ts';
import { waitingTapOf } from './acts.ts';
import { speakState } from './card-words.ts';
import { explain, notice, show } from './notice.ts';
import { isBusy, showTrouble, whileBusy } from './recording.ts';
import { ringUp } from './ring-up.ts';
import { interruptIfSignedOut, session } from './session.ts';
import { closeSheet, openSheet, sheet } from './sheet.ts';
import type { Sheet } from './sheet.ts';
import { basketLines, changeVisit, proofOf, visit } from './visit.ts';
import type { Proof } from './visit.ts';
import { readCardAgain } from './why-not.ts';

/** A reward to be spent: on the sale just rung up or what was tapped (which is rung up), or handed over without. */
export interface Redemption {
  rewardId: string;
  isOnSale: boolean;
}

/** What another live code, or somebody's word, puts right. */
const ABOUT_PROOF = new Set<Problem['refused']>([
  'live-code-needed',
  'live-code-wrong',
  'live-code-used',
  'locked',
]);

/** The reward is not there any more. */
const IS_CARD_OLD = new Set<Problem['refused']>([
  'reward-already-redeemed',
  'reward-expired',
  'reward-unknown',
  'card-not-full',
]);

/** Spends a reward. Without proof that the customer is here, or when it is not taken, a sheet asks for it. */
export async function redeem({ rewardId, isOnSale }: Redemption, given?: Proof): Promise<void> {
  // A reward is money: whether it is still there, only the server knows.
  if (isOffline.value) return say(texts.offline.noRewards);
  const { unanswered } = visit.value ?? {};
  const again = unanswered?.rewardId === rewardId ? unanswered.proof : null;
  const proof = again ?? given ?? (visit.value && proofOf(visit.value));
  if (!proof) return openSheet({ kind: 'proof', rewardId, isOnSale, trouble: null });
  const sale = isOnSale ? (visit.value?.sale ?? (await ringUp({ isNeededNow: true }))) : null;
  if (sale && visit.value && waitingTapOf(visit.value, sale.saleId)) return say(texts.reward.saleFirst);
  if (isOnSale && !sale) return closeQuestion(); // why not is said at the top
  const cardCode = visit.value?.card?.cardId;
  const signedIn = session.value;
  if (cardCode === undefined || !signedIn || isBusy.value) return;
  notice.value = null;
  const saleId = sale ? { saleId: sale.saleId } : {};
  const outcome = await whileBusy(() =>
    api.redeem(signedIn.token, { cardCode, rewardId, ...saleId, ...proof }),
  );
  const isOpen = outcome.kind === 'silence' || (outcome.kind === 'no' && outcome.problem.status >= 500);
  changeVisit({ unanswered: isOpen ? { rewardId, proof } : null });
  if (outcome.kind === 'yes') return showRedeemed(outcome.answer, { rewardId, isOnSale });
  if (outcome.kind === 'no' && interruptIfSignedOut(outcome.problem, signedIn)) return;
  const isAboutProof = outcome.kind === 'no' && ABOUT_PROOF.has(outcome.problem.refused);
  if (outcome.kind === 'no' && IS_CARD_OLD.has(outcome.problem.refused)) void readCardAgain();
  if (isAboutProof && 'liveCode' in proof) changeVisit({ live: null }); // each works once
  const isTyping = sheet.value !== null && !isQuestion(sheet.value);
  if (!isAboutProof || isTyping) {
    closeQuestion();
    return showTrouble(outcome);
  }
  openSheet({ kind: 'proof', rewardId, isOnSale, trouble: explain(outcome) });
}

/** At the top of the screen, which the question would cover. */
function say(text: string): void {
  closeQuestion();
  show('warn', text);
}

/** Takes away what is asked about a reward, and no sheet that was opened meanwhile. */
function closeQuestion(): void {
  if (isQuestion(sheet.value)) closeSheet();
}

function isQuestion(open: Sheet | null): open is Sheet & { kind: 'reward' | 'proof' } {
  return open?.kind === 'reward' || open?.kind === 'proof';
}

function showRedeemed({ card, sale, reward }: RedemptionAnswer, { rewardId, isOnSale }: Redemption): void {
  closeQuestion();
  changeVisit({ card, live: null, ...(isOnSale && { sale }) });
  if (!isOnSale) return show('good', `${texts.reward.used(reward.name)}.`);
  const covered = sale?.lines.find((line) => line.rewardId === rewardId);
  speakState([`${texts.reward.todaysIsFree(covered?.name ?? reward.name)}.`]);
}

// Another till has spent it meanwhile: there is nothing left to ask.
effect(() => {
  const asked = sheet.value;
  if (!isQuestion(asked)) return;
  const isOpen = visit.value?.card?.openRewards.some(({ rewardId }) => rewardId === asked.rewardId);
  if (!isOpen) untracked(() => say(texts.refusals['reward-already-redeemed']!));
});

/** Whether a reward may pay for something that was tapped. */
export function findCoverable(): Item | undefined {
  return basketLines.value.map(({ item }) => item).find(({ qualifies }) => qualifies);
}
