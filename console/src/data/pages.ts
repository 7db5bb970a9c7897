import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Page } from '@postrider/sdk';
import { type LoadOptions, type Loaded, useLoad } from './load.ts';

export interface Pages<Row> extends Omit<Loaded<Page<Row>>, 'value' | 'stop'> {
  /** undefined: nothing was read yet. */
  rows: Row[] | undefined;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** Are new rows shown as they come? Not while older pages are open: rows would move under the reader's eyes. */
  isLive: boolean;
  more: () => Promise<void>;
  /** Back to the newest. */
  close: () => void;
}

interface Older<Row> {
  rows: Row[];
  next: string | null;
}

/**
 * A list of the API, page by page: the first is kept up to date, the next come when they are asked for.
 * @param read one page; without a cursor the first
 */
export function usePages<Row>(
  read: (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<Row>>,
  key: string,
  { every = 0 }: LoadOptions = {},
): Pages<Row> {
  const older = useSignal<Older<Row> | undefined>(undefined);
  const isLoadingMore = useSignal(false);
  const moreError = useSignal<unknown>(undefined);
  const isLive = older.value === undefined;
  const {
    value: first,
    stop: _stop,
    ...rest
  } = useLoad((signal) => read(undefined, signal), key, {
    every: isLive ? every : 0,
  });
  const close = () => {
    older.value = undefined;
    moreError.value = undefined;
  };
  useEffect(close, [key]);

  const next = older.value ? older.value.next : (first?.next_cursor ?? null);
  const more = async () => {
    if (next === null || isLoadingMore.peek()) return;
    isLoadingMore.value = true;
    moreError.value = undefined;
    try {
      const page = await read(next);
      older.value = { rows: [...(older.peek()?.rows ?? []), ...page.data], next: page.next_cursor };
    } catch (error) {
      moreError.value = error;
    } finally {
      isLoadingMore.value = false;
    }
  };

  return {
    ...rest,
    error: rest.error ?? moreError.value,
    rows: first && [...first.data, ...(older.value?.rows ?? [])],
    hasMore: next !== null,
    isLoadingMore: isLoadingMore.value,
    isLive,
    more,
    close,
  };
}
