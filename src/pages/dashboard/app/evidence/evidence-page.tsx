import { useSignal } from '@preact/signals';
import { ask } from '../api.ts';
import { Choose } from '../parts/choose.tsx';
import { listEverywhere, locationChoice } from '../parts/everybody.ts';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/evidence.ts';
import { AlarmsPanel } from './alarms-panel.tsx';
import type { Season } from './evidence-types.ts';
import { PlanDialog } from './plan-dialog.tsx';
import { SeasonEvidence } from './season-evidence.tsx';
import { seasonName } from './season-name.ts';
import '../gestures/gestures.css';
import './evidence.css';

/** What gestures caused, with its doubt; and apart from it what came afterwards. */
export function EvidencePage() {
  const { isOwner } = useSession();
  const isPlanning = useSignal(false);
  const seasonId = useSignal('');
  const locationId = useSignal('');
  const shop = useLoad(async () => {
    const [seasons, locations] = await Promise.all([
      ask<{ items: Season[] }>('GET', '/seasons'),
      listEverywhere(),
    ]);
    return { seasons: seasons.items, locations };
  });
  const plan = () => (isPlanning.value = true);
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        isOwner && (
          <button type="button" class="quiet" onClick={plan}>
            {texts.plan}
          </button>
        )
      }
    >
      <Loaded of={shop}>
        {({ seasons, locations }) => {
          // The one that home tells of: the newest that is on, or else the newest.
          const season =
            seasons.find((one) => one.seasonId === seasonId.value) ??
            seasons.find(({ endedAt }) => endedAt === null) ??
            seasons[0];
          if (!season) return <NoSeason onPlan={isOwner ? plan : undefined} />;
          return (
            <>
              {(seasons.length > 1 || locations.length > 1) && (
                <div class="evidence-choose">
                  <Choose
                    label={texts.season}
                    value={season.seasonId}
                    choices={seasons.map((one) => ({
                      value: one.seasonId,
                      text: seasonName(one, locations),
                    }))}
                    onChoose={(id) => (seasonId.value = id)}
                  />
                  {locations.length > 1 && (
                    <Choose
                      label={texts.location}
                      value={locationId.value}
                      choices={[{ value: '', text: texts.everywhere }, ...locations.map(locationChoice)]}
                      onChoose={(id) => (locationId.value = id)}
                    />
                  )}
                </div>
              )}
              <SeasonEvidence
                key={`${season.seasonId} ${season.endedAt} ${locationId.value}`}
                season={season}
                locations={locations}
                locationId={locationId.value}
                onStopped={() => {
                  seasonId.value = season.seasonId;
                  void shop.reload();
                }}
              />
            </>
          );
        }}
      </Loaded>
      {isOwner && (
        // Of single members of staff, and for the owner alone: no part of the report, on paper as in its files.
        <div class="not-printed">
          <AlarmsPanel />
        </div>
      )}
      {isPlanning.value && shop.value.value && (
        <PlanDialog
          locations={shop.value.value.locations.filter(({ endedAt }) => endedAt === null)}
          onClose={() => (isPlanning.value = false)}
          onBegun={(season) => {
            isPlanning.value = false;
            seasonId.value = season.seasonId;
            void shop.reload();
          }}
        />
      )}
    </Page>
  );
}

function NoSeason({ onPlan }: { onPlan: (() => void) | undefined }) {
  return (
    <Panel title={texts.none.title}>
      <p>{texts.none.says}</p>
      {onPlan ? (
        <button type="button" onClick={onPlan}>
          {texts.none.plan}
        </button>
      ) : (
        <p class="hint">{texts.none.byOwner}</p>
      )}
    </Panel>
  );
}
