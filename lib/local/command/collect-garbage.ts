import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The first requests and the demo's event are over; and what comes then waits for some 50 ms, once. */
const AFTER_START_MS = 1000;

/**
 * Collects what the start has left behind, soon after it. V8 would leave it in memory until it needs the room, which in a
 * service with little to do is never: some 40 MB.
 */
export function collectGarbageOfStart(): void {
  setTimeout(collectGarbage, AFTER_START_MS).unref();
}

/** V8's own function, which Node gives to programs only if it is started so (nodejs.org: "--expose-gc"). */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: object) => void;
  setFlagsFromString('--no-expose-gc');
  // This kind gives the room for new objects back too, which the start has grown to 32 MB; it grows again under load.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
