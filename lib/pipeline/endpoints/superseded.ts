import type { Ports } from '../../ports/ports.ts';

/** A write was superseded: another call changed the endpoint in between. */
export const SUPERSEDED = Symbol('superseded');

/** With the pauses below, 6 s at most: the API answers within 15 s. */
const MAX_TRIES = 12;
const FIRST_PAUSE_MS = 40;
const LONGEST_PAUSE_MS = 1000;

/**
 * Makes a change of an endpoint again while others get before it. Most conflicts are of two calls: the second try comes
 * at once. Later ones come after ever longer pauses of a random length, so that many calls at the same moment find their
 * turns.
 * @param attempt reads, and writes over what it has read
 * @param giveUp the error after the last try
 */
export async function repeatWhileSuperseded<T>(
  { clock, random }: Pick<Ports, 'clock' | 'random'>,
  attempt: () => Promise<T | typeof SUPERSEDED>,
  giveUp: () => Error,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const result = await attempt();
    if (result !== SUPERSEDED) return result;
    if (tries === MAX_TRIES) throw giveUp();
    const pauseMs = tries > 1 ? Math.min(FIRST_PAUSE_MS * 2 ** (tries - 2), LONGEST_PAUSE_MS) : 0;
    if (pauseMs > 0) await clock.sleep(Math.round(random.fraction() * pauseMs));
  }
}
