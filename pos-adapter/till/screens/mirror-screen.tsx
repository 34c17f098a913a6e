import { useEffect } from 'preact/hooks';
import type { FairnessMirror } from '../api-types.ts';
import { percent } from '../formats.ts';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { leaveMirror, lookInMirror, mirror } from '../state/mirror.ts';
import { texts } from '../texts.ts';
import './mirror.css';

/** Of fewer gestures there is nothing to see. */
const LEAST_GESTURES = 5;
/** Nobody's mirror stays on a screen that others can see. */
const LEFT_AFTER_MS = 2 * 60_000;
const PARTS_OF_DAY = ['morning', 'midday', 'afternoon', 'evening'] as const;

type Share = FairnessMirror['newcomers'];

/** How one's own gestures spread: no mark, no ranking, nothing about anybody else. */
export function MirrorScreen() {
  useEffect(() => {
    const leaving = setTimeout(leaveMirror, LEFT_AFTER_MS);
    return () => clearTimeout(leaving);
  }, []);
  const { spread, trouble } = mirror.value ?? { spread: null, trouble: null };
  return (
    <section class="mirror panel">
      <FocusHeading>{texts.mirror.title}</FocusHeading>
      <p class="mirror-lead">{texts.mirror.lead}</p>
      {trouble === null ? spread ? <Spread spread={spread} /> : <p>{texts.loading}</p> : <p>{trouble}</p>}
      {trouble !== null && (
        <button type="button" class="big" onClick={() => void lookInMirror()}>
          {texts.tryAgain}
        </button>
      )}
      <button type="button" class="quiet big" onClick={leaveMirror}>
        <Icon name="back" />
        {texts.mirror.leave}
      </button>
    </section>
  );
}

function Spread({ spread }: { spread: FairnessMirror }) {
  const { gestures, customersGivenTo, newcomers, regulars, partsOfDay, sameThreeShare } = spread;
  if (gestures === 0) return <p class="mirror-warm">{texts.mirror.nothing}</p>;
  if (gestures < LEAST_GESTURES)
    return <p class="mirror-warm">{texts.mirror.few(gestures, customersGivenTo)}</p>;
  // A part of the day that somebody never works says nothing.
  const worked = PARTS_OF_DAY.filter((part) => partsOfDay[part].served > 0);
  return (
    <>
      <p class="mirror-warm">{texts.mirror.warm(gestures, customersGivenTo)}</p>
      <table>
        <caption class="visually-hidden">{texts.mirror.caption}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{texts.mirror.served}</th>
            <th scope="col">{texts.mirror.given}</th>
          </tr>
        </thead>
        <tbody>
          <Row name={texts.mirror.newcomers} share={newcomers} />
          <Row name={texts.mirror.regulars} share={regulars} />
        </tbody>
        <tbody>
          {worked.map((part) => (
            <Row key={part} name={texts.mirror.partsOfDay[part]} share={partsOfDay[part]} />
          ))}
        </tbody>
      </table>
      {sameThreeShare !== null && customersGivenTo > 3 && (
        <p>{texts.mirror.sameThree(percent(sameThreeShare))}</p>
      )}
    </>
  );
}

function Row({ name, share: { ofServed, ofGestures } }: { name: string; share: Share }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <Bar share={ofServed ?? 0} kind="served" />
      <Bar share={ofGestures ?? 0} kind="given" />
    </tr>
  );
}

function Bar({ share, kind }: { share: number; kind: 'served' | 'given' }) {
  return (
    <td>
      <span class="mirror-cell">
        <span class="mirror-track" aria-hidden="true">
          <span class={`mirror-bar ${kind}`} style={{ inlineSize: `${Math.round(100 * share)}%` }} />
        </span>
        {percent(share)}
      </span>
    </td>
  );
}
