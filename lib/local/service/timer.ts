import type { Clock } from '../../ports/clock.ts';

/**
 * Calls back once after some milliseconds, unless it is cancelled before.
 * @returns a function that cancels it
 */
export type SetTimer = (ms: number, callback: () => void) => () => void;

export const systemTimer: SetTimer = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

/** Timers that follow a clock whose sleeps can't be cancelled: a virtual one. */
export function timerOf(clock: Clock): SetTimer {
  return (ms, callback) => {
    let cancelled = false;
    void clock.sleep(ms).then(() => {
      if (!cancelled) callback();
    });
    return () => {
      cancelled = true;
    };
  };
}
