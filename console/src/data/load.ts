import { type Signal, signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** What a screen shows of something that it reads. */
export interface Loading<Value> {
  /** The newest that was read. It stays while it is read again, and when that fails. */
  value: Value | undefined;
  /** Why the last reading failed. */
  error: unknown;
  isLoading: boolean;
  /** When the value was read, by the clock of this machine. */
  readAt: number | undefined;
}

export interface Loaded<Value> extends Loading<Value> {
  reload: () => Promise<void>;
  /** It changes no more: it is read no more at intervals. */
  stop: () => void;
}

export interface LoadOptions {
  /** Reads again after so many milliseconds while the page is seen; 0: never. */
  every?: number;
}

/** Raised by whatever changes something; every screen then reads again. */
export const changes = signal(0);
export const somethingChanged = () => {
  changes.value += 1;
};

/**
 * Reads something for a screen, again when the key changes, at intervals, when the page comes back into view and when
 * something changed.
 * @param key names what is read: with another key, the old value is dropped
 */
export function useLoad<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  key: string,
  { every = 0 }: LoadOptions = {},
): Loaded<Value> {
  const state: Signal<Loading<Value>> = useSignal<Loading<Value>>(NOTHING);
  const latest = useRef(read);
  latest.current = read;
  const running = useRef<AbortController>(undefined);
  const isStopped = useRef(false);

  const reload = async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    state.value = { ...state.peek(), isLoading: true };
    try {
      const value = await latest.current(controller.signal);
      if (!controller.signal.aborted) state.value = { value, error: undefined, isLoading: false, readAt: Date.now() };
    } catch (error) {
      if (!controller.signal.aborted) state.value = { ...state.peek(), error, isLoading: false };
    }
  };

  useEffect(() => {
    state.value = NOTHING;
    void reload();
    return () => running.current?.abort();
  }, [key]);

  useSignalEffect(() => {
    if (changes.value > 0 && state.peek().readAt !== undefined) void reload();
  });

  useEffect(() => {
    const again = () => {
      if (!document.hidden && !isStopped.current && !state.peek().isLoading) void reload();
    };
    document.addEventListener('visibilitychange', again);
    addEventListener('online', again);
    const timer = every > 0 ? setInterval(again, every) : undefined;
    return () => {
      document.removeEventListener('visibilitychange', again);
      removeEventListener('online', again);
      clearInterval(timer);
    };
  }, [key, every]);

  const stop = () => {
    isStopped.current = true;
  };
  return { ...state.value, reload, stop };
}

const NOTHING = { value: undefined, error: undefined, isLoading: true, readAt: undefined };
