import { useEffect, useRef, useState } from 'preact/hooks';
import type { DrawOffer, GestureKind, Item, Person, Reason } from '../api-types.ts';
import { money } from '../formats.ts';
import { PinPad } from '../parts/pin-pad.tsx';
import { SheetDialog } from '../parts/sheet-dialog.tsx';
import { Warning } from '../parts/warning.tsx';
import { explain, show } from '../state/notice.ts';
import { explainNotGiven, GESTURE_KINDS, give, giveDrawn, itemsToGive, managersHere } from '../state/give.ts';
import type { Wish } from '../state/give.ts';
import { isBusy } from '../state/recording.ts';
import { describeLines } from '../state/ring-up.ts';
import { closeSheet } from '../state/sheet.ts';
import { basketLines, basketTotalMinor } from '../state/visit.ts';
import { texts } from '../texts.ts';

const REASONS = Object.keys(texts.gesture.reasons) as Reason[];

interface Trouble {
  text: string;
  /** A manager could help. */
  isSpent: boolean;
  /** It may have been given: only the same again, under the same key, is safe. */
  isUnclear: boolean;
  /** No other reason would change the answer. */
  isFinal: boolean;
}

interface GestureSheetProps {
  /** Null when the allowance is spent: which, is asked, and a manager has to put in a PIN. */
  gesture: GestureKind | null;
  /** The draw it is given on. */
  draw: DrawOffer | null;
}

/** What, why and, if need be, by whose leave: each answered by one tap, the last of which gives it. */
export function GestureSheet(props: GestureSheetProps) {
  const [kind, setKind] = useState(props.gesture);
  const [item, setItem] = useState<Item | null>(() => (props.draw?.kind === 'lucky' ? null : findOnlyItem()));
  const [reason, setReason] = useState<Reason | null>(null);
  const [manager, setManager] = useState<Person | null>(null);
  const [isOneMore, setOneMore] = useState(props.gesture === null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  /** The draw by which the house gives one more than the allowance. */
  const [bonusDrawId, setBonusDrawId] = useState<string | null>(null);
  const isGone = useRef(false);
  useEffect(() => () => void (isGone.current = true), []);

  async function finish(
    because: Reason,
    { grant, drawId = props.draw?.drawId }: Pick<Wish, 'grant' | 'drawId'> = {},
  ): Promise<void> {
    setTrouble(null);
    const outcome = await give({
      kind: kind!,
      reason: because,
      item: kind === 'free_item' && item ? item : undefined,
      grant,
      drawId,
    });
    if (!outcome || outcome.kind === 'yes') return isGone.current ? undefined : closeSheet();
    const text = grant ? explain(outcome) : explainNotGiven(outcome);
    if (isGone.current) return show('warn', text);
    const bonus = outcome.kind === 'no' ? outcome.problem.bonus : undefined;
    if (bonus?.isGranted) return setBonusDrawId(bonus.drawId);
    const isSpent = outcome.kind === 'no' && outcome.problem.refused === 'allowance-spent';
    // That is why a manager is asked: first comes whether the house gives it, which nobody is told when it does not.
    if (isSpent && isOneMore && !grant) return;
    setTrouble({
      text,
      isSpent,
      isUnclear: outcome.kind === 'silence' && outcome.wasSent,
      isFinal: outcome.kind === 'no' && outcome.problem.status < 500,
    });
  }

  function chooseReason(because: Reason): void {
    setReason(because);
    void finish(because);
  }

  function chooseItem(chosen: Item): void {
    setItem(chosen);
    // When the house pays, nobody is asked why.
    if (props.draw?.kind === 'lucky') {
      closeSheet();
      void giveDrawn(props.draw, { kind: 'free_item', item: chosen });
    }
  }

  if (bonusDrawId && reason) {
    return (
      <SheetDialog title={texts.draw.bonus}>
        <button
          type="button"
          class="big"
          disabled={isBusy.value}
          onClick={() => void finish(reason, { drawId: bonusDrawId })}
        >
          {texts.draw.giveBonus}
        </button>
        <Warning text={trouble?.text} />
      </SheetDialog>
    );
  }
  if (!kind) {
    return (
      <SheetDialog title={texts.gesture.kind}>
        <Choices from={GESTURE_KINDS} labelOf={(one) => texts.gesture.kinds[one]} onChoose={setKind} />
      </SheetDialog>
    );
  }
  if (kind === 'free_item' && !item) {
    return (
      <SheetDialog title={texts.gesture.which}>
        <Choices from={tappedFirst(itemsToGive())} labelOf={({ name }) => name} onChoose={chooseItem} />
      </SheetDialog>
    );
  }
  if (!reason || (trouble && !(isOneMore && manager))) {
    const what = kind === 'free_item' ? item!.name : texts.gesture.kinds[kind];
    return (
      <SheetDialog title={trouble?.isFinal ? what : texts.gesture.why(what)}>
        {kind === 'double_stamp' && basketLines.value.length > 0 && (
          <p class="sheet-hint">
            {texts.gesture.alsoRingsUp(describeLines(), money(basketTotalMinor.value))}
          </p>
        )}
        {reason && trouble?.isUnclear ? (
          <button type="button" class="big" disabled={isBusy.value} onClick={() => void finish(reason)}>
            {texts.tryAgain}
          </button>
        ) : (
          !trouble?.isFinal && (
            <Choices from={REASONS} labelOf={(one) => texts.gesture.reasons[one]} onChoose={chooseReason} />
          )
        )}
        <Warning text={trouble?.text} />
        {trouble?.isSpent && (
          <button
            type="button"
            class="big"
            onClick={() => {
              setTrouble(null);
              setOneMore(true);
            }}
          >
            {texts.gesture.askManager}
          </button>
        )}
      </SheetDialog>
    );
  }
  if (!isOneMore) return <SheetDialog title={texts.sending}>{null}</SheetDialog>;
  if (!manager) {
    return (
      <SheetDialog title={texts.gesture.whichManager}>
        {managersHere().length === 0 && <p>{texts.gesture.noManager}</p>}
        <Choices from={managersHere()} labelOf={({ firstName }) => firstName} onChoose={setManager} />
      </SheetDialog>
    );
  }
  return (
    <SheetDialog title={texts.gesture.managerPin(manager.firstName)}>
      <PinPad
        label={texts.gesture.managerPin(manager.firstName)}
        trouble={trouble?.text ?? null}
        isBusy={isBusy.value}
        onPin={(pin) => void finish(reason, { grant: { staffId: manager.staffId, pin } })}
      />
    </SheetDialog>
  );
}

interface ChoicesProps<Value> {
  from: readonly Value[];
  labelOf: (value: Value) => string;
  onChoose: (value: Value) => void;
}

function Choices<Value>({ from, labelOf, onChoose }: ChoicesProps<Value>) {
  return (
    <ul class="choices">
      {from.map((value, place) => (
        <li key={place}>
          <button type="button" class="choice" disabled={isBusy.value} onClick={() => onChoose(value)}>
            {labelOf(value)}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What the customer is having anyway is most likely what they get. */
function tappedFirst(items: readonly Item[]): Item[] {
  const tapped = new Set(basketLines.value.map(({ item }) => item.itemId));
  return items.toSorted((a, b) => Number(tapped.has(b.itemId)) - Number(tapped.has(a.itemId)));
}

function findOnlyItem(): Item | null {
  const [only, ...others] = itemsToGive();
  return only && others.length === 0 ? only : null;
}
