import type { Clock } from '../../ports/clock.ts';

/**
 * Rings once after so many milliseconds, unless it is called off before.
 * @returns calls it off
 */
export type SetTimer = (ms: number, ring: () => void) => () => void;

export const systemTimer: SetTimer = (ms, ring) => {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
};

/** Timers that follow a clock whose sleeps can't be called off: a virtual one. */
export function timerOf(clock: Clock): SetTimer {
  return (ms, ring) => {
    let wanted = true;
    void clock.sleep(ms).then(() => {
      if (wanted) ring();
    });
    return () => {
      wanted = false;
    };
  };
}
