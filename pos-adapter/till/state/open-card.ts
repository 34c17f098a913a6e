import type { Card, CardAtTill, CardScanned, Sale, SaleAnswer } from '../api-types.ts';
import { api } from '../api.ts';
import { isOffline } from '../send.ts';
import type { Outcome } from '../send.ts';
import { money } from '../formats.ts';
import { texts } from '../texts.ts';
import { waitingTapOf } from './acts.ts';
import { nameOf, standingOf } from './card-words.ts';
import { keptWords, unreadWords } from './connection-words.ts';
import { notice, show, speak } from './notice.ts';
import { isBusy, record, showTrouble, whileBusy } from './recording.ts';
import { redeem } from './redeem.ts';
import { codeOf, isCardCode, recallCard, rememberCard } from './seen-cards.ts';
import { interruptIfSignedOut, session } from './session.ts';
import type { Session } from './session.ts';
import { closeSheet, openSheet, sheet } from './sheet.ts';
import type { Sheet } from './sheet.ts';
import { till } from './till.ts';
import { basketLines, before, changeVisit, drawOf, liveScanOf, startVisit, visit } from './visit.ts';
import type { LiveScan } from './visit.ts';
import { readWhyNot } from './why-not.ts';

/** `unknown`: there is no such card. `not-now`: something else was in the way, and was said. */
export type Opening = 'opened' | 'unknown' | 'not-now';

/** Looks up what was scanned or typed, which may be a name, and puts that customer on the screen. */
export async function openCard(
  code: string,
  { mayBeName = false, scannedAt = performance.now() } = {},
): Promise<Opening> {
  const live = liveScanOf(code, scannedAt);
  const looked = await lookUp(code, mayBeName);
  if (typeof looked === 'string') return looked;
  const { found, seenAt, isUnread } = looked;
  const current = visit.value;
  if (current && !current.card && current.sale) {
    closeSheet();
    return (await claim(looked, current.sale, live)) ? 'opened' : 'not-now';
  }
  if (current?.card && isSameCard(current.card, found.card, code)) {
    changeVisit({
      ...(current.isUnread && before(found)), // now it is known who it is
      card: found.card, // another till may have been at it
      lastGesture: found.lastGesture,
      preferences: found.preferences,
      draw: drawOf(found, current),
      seenAt,
      isUnread,
      ...(live && { live }),
    });
    // A phone left under the scanner is read over and over: what the barista is asked stays.
    if (sheet.value?.kind === 'proof') answerProof(sheet.value, live);
  } else {
    closeSheet();
    // What was tapped and not rung up stays: the card is often shown last.
    const kept = basketLines.value.length > 0 ? current?.basket : undefined;
    startVisit(found, kept, live);
    changeVisit({ seenAt, isUnread });
    if (kept && current?.card) show('warn', texts.visit.kept(nameOf(found.card)));
  }
  const { title, note } = unreadWords(found.card);
  speak(isUnread ? `${title}. ${note}` : describeFound(found.card));
  return 'opened';
}

/** Also when it was served as one nobody knew yet, by the code that was scanned or typed. */
function isSameCard(shown: Card, found: Card, code: string): boolean {
  return [found.cardId, found.shortCode, codeOf(code)].includes(shown.cardId);
}

/** The card is scanned again while a reward asks for its live code, which only a phone shows. */
function answerProof(asking: Sheet & { kind: 'proof' }, live: LiveScan | null): void {
  if (live) void redeem(asking);
  else openSheet({ ...asking, trouble: texts.proof.notLive });
}

/** Who it is, for those who hear the till, and what a draw put into their hands. */
function describeFound(card: Card): string {
  const draw = visit.value?.draw;
  return [texts.visit.found(nameOf(card), standingOf(card)), draw ? texts.draw[draw.kind] : '']
    .filter(Boolean)
    .join('. ');
}

interface LookedUp {
  found: CardAtTill | CardScanned;
  seenAt: number | null;
  isUnread: boolean;
}

/** What was scanned or typed last. */
let lastCode = '';

/** From the server; without a connection from memory, or else as a card whose customer nobody here knows yet. */
async function lookUp(code: string, mayBeName: boolean): Promise<LookedUp | Exclude<Opening, 'opened'>> {
  const signedIn = session.value;
  if (!signedIn || isBusy.value) return 'not-now';
  // A phone left under the scanner is read over and over: what was said of it is still to be read.
  if (codeOf(code) !== lastCode) notice.value = null;
  lastCode = codeOf(code);
  const outcome = await whileBusy(() =>
    // Nobody is served as a card of that name, however slow the network is.
    mayBeName && !isOffline.value
      ? api.tryCode(signedIn.token, code)
      : api.scanCard(signedIn.token, code, (late) => takeLate(late, { code, signedIn })),
  );
  if (outcome.kind === 'no' && interruptIfSignedOut(outcome.problem, signedIn)) return 'not-now';
  if (!isStillHere(signedIn)) return 'not-now';
  if (outcome.kind === 'yes') {
    remember(outcome.answer, code);
    return { found: outcome.answer, seenAt: null, isUnread: false };
  }
  const seen = outcome.kind === 'silence' ? recallCard(code) : undefined;
  if (seen) return { ...seen, isUnread: false };
  if (outcome.kind === 'silence' && isCardCode(code))
    return { found: unreadCard(codeOf(code)), seenAt: null, isUnread: true };
  showTrouble(outcome);
  return outcome.kind === 'no' && outcome.problem.refused === 'card-unknown' ? 'unknown' : 'not-now';
}

/** After the lock a name is for nobody: whoever comes next scans the card themselves. */
const isStillHere = ({ sessionId }: Session): boolean => session.value?.sessionId === sessionId;

/** What a draw offers is for this visit, and only with a connection. */
function remember(found: CardAtTill | CardScanned, code: string): void {
  const { draw: _, ...seenNow } = { draw: null, ...found };
  rememberCard(seenNow, code);
}

/** The server knows the card after all, while it was served from memory or as one nobody knows yet. */
function takeLate(
  outcome: Outcome<CardAtTill | CardScanned>,
  { code, signedIn }: { code: string; signedIn: Session },
): void {
  if (!isStillHere(signedIn) || outcome.kind === 'silence') return;
  if (outcome.kind === 'yes') remember(outcome.answer, code);
  const current = visit.value;
  const shownId = current?.card?.cardId;
  const isShown =
    shownId === codeOf(code) || (outcome.kind === 'yes' && shownId === outcome.answer.card.cardId);
  if (outcome.kind === 'no') {
    if (interruptIfSignedOut(outcome.problem, signedIn) || !current || !isShown) return;
    // Nothing was done yet that would be told by its own answer.
    if (current.acts.length === 0) {
      closeSheet(); // it was about the card
      startVisit(null, current.basket);
    }
    return showTrouble(outcome);
  }
  if (!current || !isShown) return;
  const found = outcome.answer;
  const isNews = current.isUnread || current.seenAt !== null; // the answer to a tap may have come first
  changeVisit({
    ...before(found),
    whyNow: null, // no button moves under a thumb that is on its way
    passedDrawId: current.passedDrawId,
    draw: current.acts.length === 0 ? drawOf(found, current) : current.draw,
    card: isNews ? found.card : current.card,
    seenAt: null,
    isUnread: false,
  });
  if (isNews) speak(describeFound(found.card));
}

/** A card that was shown without a connection is read when it is back, unless the answer to a tap will tell of it. */
export async function readShownCard(): Promise<void> {
  const { card, seenAt, isUnread, acts, preferences } = visit.value ?? {};
  const signedIn = session.value;
  if (!card || !signedIn) return;
  if (!isUnread && seenAt === null) return preferences === undefined ? readWhyNot() : undefined;
  if (acts?.some(({ waitingTapId, claimTapId }) => waitingTapId ?? claimTapId)) return;
  const code = card.cardId;
  takeLate(await api.readCard(signedIn.token, code), { code, signedIn });
}

/** Stands for a card that can't be looked up: it is stamped by its code when the connection is back. */
function unreadCard(code: string): CardAtTill {
  const stampsRequired = till.value?.programs[0]?.stampsRequired ?? 1;
  return {
    card: {
      cardId: code,
      shortCode: '',
      customerName: null,
      stamps: 0,
      stampsRequired,
      openRewards: [],
      lastVisitAt: null,
      isBlocked: false,
    },
    lastGesture: null,
    preferences: null,
    isOwn: false,
    whyNow: null,
  };
}

async function claim(
  { found, seenAt, isUnread }: LookedUp,
  sale: Sale,
  live: LiveScan | null,
): Promise<boolean> {
  const current = visit.value!;
  const waitingTapId = waitingTapOf(current, sale.saleId);
  const { cardId: cardCode } = found.card;
  const claimed = await record<SaleAnswer>({
    operation: 'claim',
    path: '/api/v1/stamps',
    body: { cardCode, ...(!waitingTapId && { saleId: sale.saleId }) },
    label: current.acts.find(({ id }) => id === sale.saleId)?.label ?? money(sale.totalMinor),
    needs: waitingTapId ? { tapId: waitingTapId, id: 'saleId' } : null,
  });
  if (!claimed) return false;
  const { answer, tapId } = claimed;
  const { acts = [], sale: rungUp } = visit.value ?? {}; // as it is by now: it may have been answered meanwhile
  changeVisit({
    ...before(found),
    card: answer?.card ?? found.card,
    ...(answer && { sale: answer.sale }),
    acts: acts.map((act) =>
      act.id === rungUp?.saleId ? { ...act, claimTapId: answer ? null : tapId } : act,
    ),
    live,
    seenAt,
    isUnread,
  });
  show(
    'good',
    answer ? texts.visit.claimed(money(answer.sale.totalMinor), answer.sale.stampsEarned) : keptWords(),
  );
  return true;
}
