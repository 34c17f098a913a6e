import { useSignal } from '@preact/signals';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { Ago } from '../parts/day.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Panel } from '../parts/panel.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { Table } from '../parts/table.tsx';
import type { Column } from '../parts/table.tsx';
import { say } from '../parts/toast.tsx';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/account.ts';
import { accountApi } from './account-api.ts';
import type { OpenSession } from './account-api.ts';

const words = texts.sessions;

/** Where one is signed in, and for owners where everybody is; each can be ended. */
export function SessionsPanel() {
  const { isOwner } = useSession();
  const isEverybody = useSignal(false);
  const sessions = useLoad(() => accountApi.sessions(isEverybody.value), [isEverybody.value]);

  const end = (session: OpenSession) =>
    confirmFirst({
      title: words.endTitle,
      says: words.endSays(session.staffName, whereOf(session)),
      yes: words.endYes,
      isDestructive: true,
      async work() {
        await accountApi.endSession(session.sessionId);
        await sessions.reload();
        say(words.ended);
      },
    });
  const endOthers = () =>
    confirmFirst({
      title: words.endOthersTitle,
      says: words.endOthersSays,
      yes: words.endOthersYes,
      isDestructive: true,
      async work() {
        await accountApi.endOthers();
        await sessions.reload();
        say(words.othersEnded);
      },
    });

  return (
    <Panel
      title={isEverybody.value ? words.titleAll : words.title}
      lead={words.lead}
      actions={
        <>
          {isOwner && (
            <button
              type="button"
              class="quiet small"
              onClick={() => (isEverybody.value = !isEverybody.value)}
            >
              {isEverybody.value ? words.onlyMe : words.everybody}
            </button>
          )}
          <button type="button" class="quiet small" onClick={endOthers}>
            {words.endOthers}
          </button>
        </>
      }
    >
      <Loaded of={sessions}>
        {({ items }) => (
          <Table
            caption={words.caption}
            columns={columnsFor({ isEverybody: isEverybody.value, end })}
            rows={items}
            rowKey={({ sessionId }) => sessionId}
            empty={<Empty icon="shield" title={words.none} />}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function columnsFor({
  isEverybody,
  end,
}: {
  isEverybody: boolean;
  end: (session: OpenSession) => void;
}): Column<OpenSession>[] {
  const who: Column<OpenSession> = {
    key: 'who',
    head: words.columns.who,
    cell: ({ staffName }) => staffName,
  };
  return [
    {
      key: 'where',
      head: words.columns.where,
      isRowHead: true,
      cell: (session) => (
        <>
          {whereOf(session)} {session.isCurrent && <span class="mark good">{words.here}</span>}
        </>
      ),
    },
    ...(isEverybody ? [who] : []),
    { key: 'browser', head: words.columns.browser, cell: browserOf },
    {
      key: 'since',
      head: words.columns.since,
      cell: ({ signedInAt }) => <Ago at={signedInAt} />,
    },
    {
      key: 'actions',
      head: words.columns.actions,
      isHeadHidden: true,
      cell: (session) =>
        !session.isCurrent && (
          <RowButton
            text={words.end}
            label={words.endLabel(`${session.staffName}, ${whereOf(session)}`)}
            onClick={() => end(session)}
          />
        ),
    },
  ];
}

function whereOf({ till }: OpenSession): string {
  return till ? words.till(till.name, till.locationName) : words.desk;
}

function browserOf({ browser, system }: OpenSession): string {
  if (browser && system) return words.browserOn(browser, system);
  return browser ?? system ?? words.unknownBrowser;
}
