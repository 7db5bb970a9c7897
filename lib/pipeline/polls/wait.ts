import type { PollPlace } from '../../ports/poll-log.ts';
import type { Ports } from '../../ports/ports.ts';
import { openPollEndpoint } from './poll-endpoint.ts';
import { type PollPorts, type PollResult, pollOnce } from './poll.ts';
import { type PollStart, startOf } from './start.ts';

export interface WaitingLook {
  start: PollStart;
  limit: number;
  delayMs: number;
  logTtlMs: number;
  /** How long to wait for a delivery, milliseconds. Where no poll may wait, none does. */
  waitMs: number;
}

/**
 * Polls, and while there is nothing, once more with each entry that is written, until the time is over.
 * @throws RequestError `not-found`, `wrong-state`, `cursor-expired`
 */
export async function pollWaiting(
  ports: PollPorts & Pick<Ports, 'endpoints'>,
  tenantId: string,
  endpointId: string,
  { start, limit, delayMs, logTtlMs, waitMs }: WaitingLook,
): Promise<PollResult> {
  const place: PollPlace = { tenantId, endpointId };
  let endpoint = await openPollEndpoint(ports, tenantId, endpointId);
  const position = await startOf(ports, place, start, logTtlMs);
  const until = ports.clock.now() + waitMs;
  // From before the first look on: what is written during it ends the wait.
  const watch = waitMs > 0 ? ports.polls.watch?.(place) : undefined;
  try {
    for (;;) {
      const result = await pollOnce(ports, endpoint, { position, limit, delayMs });
      const left = until - ports.clock.now();
      if (!watch || result.deliveries.length > 0 || result.more || left <= 0) return result;
      if (!(await watch.next(left))) return result;
      endpoint = await openPollEndpoint(ports, tenantId, endpointId);
    }
  } finally {
    watch?.close();
  }
}
