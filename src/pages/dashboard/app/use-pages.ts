import { useSignal } from '@preact/signals';
import type { ListPage } from './api-types.ts';
import { useLoad } from './parts/loaded.tsx';
import type { Loading } from './parts/loaded.tsx';
import { attempt } from './parts/toast.tsx';

export interface Pages<Page> extends Loading<Page> {
  /** Asks for the next page; undefined on the last. */
  more: (() => void) | undefined;
  isLoadingMore: boolean;
}

/** A list that is shown a page at a time, from the beginning again whenever `dependencies` change. */
export function usePages<Page extends ListPage<unknown>>(
  load: (cursor: string | null) => Promise<Page>,
  dependencies: readonly unknown[] = [],
): Pages<Page> {
  const loading = useLoad(() => load(null), dependencies);
  const isLoadingMore = useSignal(false);
  const shown = loading.value.value;
  const cursor = shown?.nextCursor ?? null;

  async function loadMore(): Promise<void> {
    isLoadingMore.value = true;
    await attempt(async () => {
      const page = await load(cursor);
      // Another list may have taken its place meanwhile.
      if (loading.value.value === shown && shown)
        loading.set({ ...page, items: [...shown.items, ...page.items] });
    });
    isLoadingMore.value = false;
  }

  return {
    ...loading,
    more: cursor === null ? undefined : () => void loadMore(),
    isLoadingMore: isLoadingMore.value,
  };
}
