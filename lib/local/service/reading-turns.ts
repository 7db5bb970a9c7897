import { setImmediate } from 'node:timers/promises';
import type { TakeTurn } from '../../api/serve-route.ts';

/**
 * Calls that read, one of each tenant at a time, and each in a turn of its own of the event loop. The store reads in this
 * thread: without turns, whatever one tenant asks for at once would be read before anybody else's request is looked at.
 */
export function createReadingTurns(): TakeTurn {
  const last = new Map<string, Promise<unknown>>();
  return (tenantId, read) => {
    const reading = (last.get(tenantId) ?? Promise.resolve()).then(() => setImmediate()).then(read);
    const ended = reading.then(
      () => undefined,
      () => undefined,
    );
    last.set(tenantId, ended);
    void ended.then(() => last.get(tenantId) === ended && last.delete(tenantId));
    return reading;
  };
}
