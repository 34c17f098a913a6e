import { signal, useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Problem, sayProblem } from './api.ts';
import { pages } from './pages.ts';
import type { PageEntry, PageProps } from './pages.ts';
import { Busy } from './parts/busy.tsx';
import { ConfirmDialog } from './parts/confirm-dialog.tsx';
import { NotLoaded } from './parts/loaded.tsx';
import { Page } from './parts/page.tsx';
import { PasswordDialog } from './parts/password-dialog.tsx';
import { Toast } from './parts/toast.tsx';
import { match, path } from './router.ts';
import { Navigation } from './navigation.tsx';
import { loadSession, session } from './state/session.ts';
import { texts as pageTexts } from './texts/pages.ts';
import { texts } from './texts/shell.ts';

const sessionProblem = signal<string | null>(null);

/** The frame of every page: who is signed in, the navigation, the page itself, and what speaks up over it. */
export function Shell() {
  const found = findPage(path.value);
  const needsSession = found?.entry.frame !== 'bare';
  useEffect(() => {
    if (needsSession && !session.value) void openDesk();
  }, [needsSession]);
  return (
    <>
      {needsSession && <SkipLink />}
      {needsSession && found?.entry.frame !== 'focused' && session.value && <Navigation />}
      <main id="page" tabIndex={-1} class={found?.entry.frame ?? 'framed'}>
        {needsSession && !session.value ? <Opening /> : <PageOf found={found} />}
      </main>
      <Toast />
      <ConfirmDialog />
      <PasswordDialog />
    </>
  );
}

interface Found {
  entry: PageEntry;
  params: Record<string, string>;
}

function findPage(current: string): Found | null {
  for (const entry of pages) {
    const params = match(entry.path, current);
    if (params) return { entry, params };
  }
  return null;
}

async function openDesk(): Promise<void> {
  try {
    sessionProblem.value = null;
    await loadSession();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    sessionProblem.value = sayProblem(error.document);
  }
}

function SkipLink() {
  // The address stays: it would be one more step for Back.
  function skip(event: Event): void {
    event.preventDefault();
    document.getElementById('page')?.focus();
  }
  return (
    <a class="skip" href="#page" onClick={skip}>
      {texts.skip}
    </a>
  );
}

function Opening() {
  if (sessionProblem.value === null) return <Busy />;
  return <NotLoaded onRetry={() => void openDesk()}>{sessionProblem.value}</NotLoaded>;
}

function WayHome() {
  return (
    <p>
      <a class="button" href="/desk">
        {texts.backHome}
      </a>
    </p>
  );
}

/** Pages that were opened once are there at once. */
const opened = new Map<string, ComponentType<PageProps>>();

function PageOf({ found }: { found: Found | null }) {
  const failed = useSignal<string | null>(null);
  const arrived = useSignal(0);
  const entry = found?.entry;
  useEffect(() => {
    if (!entry || opened.has(entry.path)) return;
    entry
      .load()
      .then((component) => opened.set(entry.path, component))
      .then(() => (arrived.value += 1))
      // A page that is not there any more was changed by an update: the desk of today has it.
      .catch(() => (failed.value = entry.path));
  }, [entry]);
  if (!found || !entry)
    return (
      <Page title={pageTexts.unknown}>
        <p>{texts.unknownPage}</p>
        <WayHome />
      </Page>
    );
  if (entry.roles && session.value && !entry.roles.includes(session.value.who.role))
    return (
      <Page title={entry.title}>
        <p>{texts.notForYou}</p>
        <WayHome />
      </Page>
    );
  const Component = arrived.value >= 0 ? opened.get(entry.path) : undefined;
  if (Component) return <Component key={path.value} params={found.params} />;
  if (failed.value !== entry.path) return <Busy />;
  return <NotLoaded onRetry={() => location.reload()}>{texts.loadFailed}</NotLoaded>;
}
