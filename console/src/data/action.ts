import { useSignal } from '@preact/signals';
import type { SecondFactorOptions } from '@postrider/sdk';
import { somethingChanged } from './load.ts';
import { GivenUp, sensitive } from './second-factor.ts';

export interface Action<Args extends unknown[]> {
  /** @returns was it done? */
  run: (...args: Args) => Promise<boolean>;
  isBusy: boolean;
  error: unknown;
  /** Forgets the error. */
  reset: () => void;
}

/**
 * Something that a person can do: what they clicked is busy meanwhile, a second click does nothing, an error is kept for
 * the screen, and what is shown is read again afterwards.
 * @param call gets the options of sensitive calls first: a code of the second factor where one is asked for
 */
export function useAction<Args extends unknown[]>(
  call: (options: SecondFactorOptions, ...args: Args) => Promise<unknown>,
): Action<Args> {
  const state = useSignal<{ isBusy: boolean; error: unknown }>({ isBusy: false, error: undefined });
  const run = async (...args: Args) => {
    if (state.peek().isBusy) return false;
    state.value = { isBusy: true, error: undefined };
    try {
      await sensitive((options) => call(options, ...args));
      state.value = { isBusy: false, error: undefined };
      somethingChanged();
      return true;
    } catch (error) {
      state.value = { isBusy: false, error: error instanceof GivenUp ? undefined : error };
      return false;
    }
  };
  const reset = () => {
    state.value = { ...state.peek(), error: undefined };
  };
  return { run, reset, ...state.value };
}
