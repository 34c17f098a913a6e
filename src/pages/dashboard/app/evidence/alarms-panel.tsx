import { ask } from '../api.ts';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Panel } from '../parts/panel.tsx';
import { texts } from '../texts/evidence.ts';
import type { Alarms } from './evidence-types.ts';

/** Gestures that stand out, with the numbers behind them; no ranking and no judgement. */
export function AlarmsPanel() {
  const words = texts.alarms;
  const alarms = useLoad(() => ask<Alarms>('GET', '/fairness/alarms'));
  return (
    <Panel title={words.title} lead={words.lead}>
      <Loaded of={alarms}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{words.none}</p>
          ) : (
            <ul>
              {items.map((item) => (
                <li key={`${item.kind} ${item.staffId} ${item.customer ?? ''}`}>{tell(item)}</li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function tell(item: Alarms['items'][number]): string {
  const words = texts.alarms;
  const { staffName, customer = '', gestures } = item;
  if (item.kind === 'one-pair')
    return words['one-pair'](staffName, customer, gestures, item.served ?? 0, item.expected ?? 0);
  if (item.kind === 'shared-contact')
    return words['shared-contact'](staffName, customer, gestures, item.by ?? 'card');
  return words['before-closing'](staffName, gestures, item.beforeClosing ?? 0);
}
