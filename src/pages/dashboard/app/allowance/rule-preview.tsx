import { useEffect, useState } from 'preact/hooks';
import { Problem, sayProblem } from '../api.ts';
import { Day, formatDay } from '../parts/day.tsx';
import { formatMoney } from '../parts/money.tsx';
import { texts } from '../texts/allowance.ts';
import { previewRule } from './rules.ts';
import type { AllowancePreview, NewAllowanceRule } from './rules.ts';

const words = texts.preview;
/** While somebody types, nothing is asked. */
const PAUSE_MS = 350;
const MAX_DAYS_SHOWN = 6;

/** What a rule would have done, before it is set; null while it says no limit yet. */
export function RulePreview({ rule }: { rule: NewAllowanceRule | null }) {
  const [shown, setShown] = useState<{ preview: AllowancePreview; of: NewAllowanceRule } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const key = JSON.stringify(rule);
  useEffect(() => {
    if (!rule) return undefined;
    let isOver = false;
    const timer = setTimeout(() => {
      previewRule(rule).then(
        (preview) => {
          if (isOver) return;
          setShown({ preview, of: rule });
          setProblem(null);
        },
        (error: unknown) => {
          if (!(error instanceof Problem)) throw error;
          if (!isOver) setProblem(sayProblem(error.document));
        },
      );
    }, PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key]);
  const isFresh = rule !== null && JSON.stringify(shown?.of) === key;
  return (
    <section
      class="rule-preview"
      aria-label={words.title}
      aria-live="polite"
      aria-busy={rule !== null && !isFresh}
    >
      <h3>{words.title}</h3>
      {rule === null && <p class="hint">{words.waiting}</p>}
      {rule !== null && problem !== null && <p class="notice bad">{problem}</p>}
      {rule !== null && problem === null && !shown && <p class="hint">{words.looking}</p>}
      {rule !== null && problem === null && shown && <Findings preview={shown.preview} rule={shown.of} />}
    </section>
  );
}

function Findings({ preview, rule }: { preview: AllowancePreview; rule: NewAllowanceRule }) {
  const { from, to, gestures, wouldRefuse, mostUsed, costPerMonthMinor, subjects } = preview;
  return (
    <>
      <p class="hint">{words.span(formatDay(from), formatDay(to))}</p>
      <p class={wouldRefuse > 0 ? 'finding warn' : 'finding'}>
        {gestures === 0
          ? words.none
          : wouldRefuse === 0
            ? words.refusedNone(gestures)
            : words.refused(wouldRefuse, gestures)}
      </p>
      {wouldRefuse > 0 && <Refused preview={preview} />}
      {mostUsed && (
        <p>
          {words.most(
            mostUsed.name,
            mostUsed.gestures,
            formatMoney(mostUsed.costMinor),
            rule.period,
            formatDay(mostUsed.periodStart),
          )}
        </p>
      )}
      <p>
        <strong>{words.month(formatMoney(costPerMonthMinor))}</strong>,{' '}
        {words.monthHint(subjects, rule.scope, rule.period)}
      </p>
      <p class="hint">{words.grants}</p>
    </>
  );
}

function Refused({ preview: { refusedOn, refusedOf } }: { preview: AllowancePreview }) {
  const shown = refusedOn.toReversed().slice(0, MAX_DAYS_SHOWN);
  const more = refusedOn.length - shown.length;
  return (
    <div class="refused">
      <div>
        <h4>{words.days}</h4>
        <ul class="unmarked">
          {shown.map(({ businessDay, gestures }) => (
            <li key={businessDay}>
              <Day day={businessDay} /> <span class="hint">{words.times(gestures)}</span>
            </li>
          ))}
          {more > 0 && <li class="hint">{words.moreDays(more)}</li>}
        </ul>
      </div>
      <div>
        <h4>{words.people}</h4>
        <ul class="unmarked">
          {refusedOf.map(({ staffId, staffName, gestures }) => (
            <li key={staffId}>
              {staffName} <span class="hint">{words.times(gestures)}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
