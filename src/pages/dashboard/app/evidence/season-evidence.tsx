import { ask, askUnlessDone } from '../api.ts';
import type { Location } from '../api-types.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { formatMoment } from '../parts/day.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { formatMoney } from '../parts/money.tsx';
import { say } from '../parts/toast.tsx';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/evidence.ts';
import { AfterwardsPanel } from './afterwards-panel.tsx';
import { BecausePanel } from './because-panel.tsx';
import { EffectChart, EffectOverTimeChart } from './effect-charts.tsx';
import type { Evidence, Season } from './evidence-types.ts';
import { LightsPanel } from './lights-panel.tsx';
import { SealedPanel } from './sealed-panel.tsx';
import { seasonDays } from './season-days.ts';
import { seasonName } from './season-name.ts';

/** The evidence of one season, at one location or at all (''), and what can be done with it. */
export function SeasonEvidence({
  season,
  locations,
  locationId,
  onStopped,
}: {
  season: Season;
  locations: readonly Location[];
  locationId: string;
  onStopped: () => void;
}) {
  const { merchant } = useSession();
  const query = new URLSearchParams({ seasonId: season.seasonId, ...(locationId && { locationId }) });
  const evidence = useLoad(() => ask<Evidence>('GET', `/reports/evidence?${query}`));
  return (
    <Loaded of={evidence}>
      {(view) => (
        <>
          <p class="hint evidence-of">
            <span class="only-printed">{merchant.name} · </span>
            {texts.of(
              seasonName(season, locations),
              view.locationName ?? texts.everywhere,
              formatMoment(view.asOf),
            )}
          </p>
          {view.trueEffectMinor !== null && (
            <p class="notice">{texts.made(formatMoney(view.trueEffectMinor, view.currency))}</p>
          )}
          <div class="evidence-two">
            <BecausePanel view={view} />
            <AfterwardsPanel view={view} days={seasonDays(season, locations)} />
          </div>
          <EffectChart view={view} />
          <EffectOverTimeChart view={view} />
          <LightsPanel lights={view.lights} />
          <SealedPanel view={view} />
          <Actions season={season} query={query} onStopped={onStopped} />
        </>
      )}
    </Loaded>
  );
}

function Actions({
  season,
  query,
  onStopped,
}: {
  season: Season;
  query: URLSearchParams;
  onStopped: () => void;
}) {
  const { isOwner } = useSession();
  return (
    <div class="form-actions evidence-choose">
      {isOwner && (
        <>
          <FileButton path={`/reports/evidence.csv?${query}`} text={texts.file} />
          <FileButton path={`/reports/evidence.xlsx?${query}`} text={texts.workbook} />
        </>
      )}
      <button type="button" class="quiet" onClick={() => window.print()}>
        <Icon name="print" /> {texts.print}
      </button>
      {isOwner && season.endedAt === null && (
        <button type="button" class="quiet" onClick={() => askToStop(season, onStopped)}>
          {texts.stop}
        </button>
      )}
    </div>
  );
}

function askToStop({ seasonId }: Season, onStopped: () => void): void {
  const words = texts.stopping;
  confirmFirst({
    title: words.title,
    says: <p>{words.says}</p>,
    yes: words.yes,
    isDestructive: true,
    work: async () => {
      await askUnlessDone('season-ended', 'POST', `/seasons/${seasonId}/stop`);
      say(words.done);
      onStopped();
    },
  });
}
