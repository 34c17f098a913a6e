import { useSignal } from '@preact/signals';
import type { ListPage } from './api-types.ts';
import { historyEntry, noteInHistory } from './history-entry.ts';
import { useLoad } from './parts/loaded.tsx';
import type { Loading } from './parts/loaded.tsx';
import { attempt } from './parts/toast.tsx';

export interface Pages<Page> extends Loading<Page> {
  /** Asks for the next page; undefined on the last. */
  more: (() => void) | undefined;
  /** What is shown is not all there is to come: another list, or more of this one, is on its way. */
  isComing: boolean;
}

/**
 * The list of a page of the desk, shown a page at a time, from the beginning again whenever `dependencies` change. Who
 * comes back finds as many pages open as there were. `load` is given what is shown before the page it asks for.
 */
export function usePages<Page extends ListPage<unknown>>(
  load: (cursor: string | null, before?: Page) => Promise<Page>,
  dependencies: readonly unknown[] = [],
): Pages<Page> {
  const loading = useLoad(loadOpen, dependencies);
  const isLoadingMore = useSignal(false);
  const shown = loading.value.value;

  async function loadOpen(): Promise<Page> {
    const { openPages = 1 } = historyEntry();
    let pages = await load(null);
    for (let open = 1; open < openPages && pages.nextCursor !== null; open++) pages = await loadAfter(pages);
    return pages;
  }

  async function loadAfter(before: Page): Promise<Page> {
    const page = await load(before.nextCursor, before);
    return { ...page, items: [...before.items, ...page.items] };
  }

  async function loadMore(): Promise<void> {
    if (!shown) return;
    isLoadingMore.value = true;
    const entry = historyEntry();
    await attempt(async () => {
      const pages = await loadAfter(shown);
      // Another list may have taken its place meanwhile, or another page.
      if (loading.value.value !== shown || historyEntry() !== entry) return;
      loading.set(pages);
      noteInHistory({ openPages: (entry.openPages ?? 1) + 1 });
    });
    isLoadingMore.value = false;
  }

  return {
    ...loading,
    more: shown && shown.nextCursor !== null ? () => void loadMore() : undefined,
    isComing: isLoadingMore.value || loading.isBusy.value,
  };
}
