import { useEffect, useRef } from 'preact/hooks';
import { pages } from './pages.ts';
import type { NavGroup, PageEntry } from './pages.ts';
import { Icon } from './parts/icon.tsx';
import { attempt } from './parts/toast.tsx';
import { leaveFor } from './parts/unsaved.ts';
import { match, path, visit } from './router.ts';
import { signOut, useSession } from './state/session.ts';
import { texts } from './texts/shell.ts';

const GROUPS: readonly NavGroup[] = ['day', 'shop', 'account'];

/** At the side on a wide screen; on a phone a bar at the foot, whose last button opens the rest. */
export function Navigation() {
  const { who, merchant } = useSession();
  const shown = pages.filter(({ nav, roles }) => nav && (!roles || roles.includes(who.role)));
  return (
    <>
      <header class="side">
        <p class="side-shop">
          <a href="/desk">{merchant.name}</a>
        </p>
        <nav aria-label={texts.navigation}>
          <Groups entries={shown} />
        </nav>
        <Foot />
      </header>
      <BottomBar entries={shown} />
    </>
  );
}

function Groups({ entries }: { entries: readonly PageEntry[] }) {
  return (
    <>
      {GROUPS.map((group) => {
        const members = entries.filter(({ nav }) => nav?.group === group);
        if (members.length === 0) return null;
        return (
          <div class="side-group" key={group}>
            {group !== 'day' && <p class="side-head">{texts.groups[group]}</p>}
            <ul class="unmarked">
              {members.map((entry) => (
                <li key={entry.path}>
                  <NavLink entry={entry} />
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </>
  );
}

function Foot({ onLeave }: { onLeave?: () => void }) {
  const { who, merchant } = useSession();
  return (
    <div class="side-foot">
      {merchant.isMadeUp && <p class="hint">{texts.madeUp}</p>}
      <p>{texts.signedInAs(who.name, texts.roles[who.role])}</p>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          onLeave?.();
          leaveFor(() => void attempt(signOut));
        }}
      >
        {texts.signOut}
      </button>
    </div>
  );
}

function BottomBar({ entries }: { entries: readonly PageEntry[] }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.close(), [visit.value]);
  return (
    <>
      <nav class="bar" aria-label={texts.navigation}>
        {entries
          .filter(({ nav }) => nav?.inBar)
          .map((entry) => (
            <NavLink key={entry.path} entry={entry} />
          ))}
        <button type="button" class="bar-more" onClick={() => dialog.current?.showModal()}>
          <Icon name="menu" />
          <span>{texts.more}</span>
        </button>
      </nav>
      <dialog
        ref={dialog}
        class="bar-dialog"
        aria-label={texts.navigation}
        onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      >
        <div class="bar-dialog-inside">
          <Groups entries={entries} />
          {/* What goes wrong is said at the foot of the page, which lies below this. */}
          <Foot onLeave={() => dialog.current?.close()} />
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
            {texts.close}
          </button>
        </div>
      </dialog>
    </>
  );
}

function NavLink({ entry: { path: to, title, nav } }: { entry: PageEntry }) {
  const isHere = to === '/desk' ? path.value === to : isWithin(to, path.value);
  return (
    <a class="nav-link" href={to} aria-current={isHere ? 'page' : undefined}>
      <Icon name={nav!.icon} />
      <span>{title}</span>
    </a>
  );
}

/** `/desk/people/42` is within `/desk/people`. */
function isWithin(to: string, current: string): boolean {
  return match(to, current) !== null || current.startsWith(`${to}/`);
}
