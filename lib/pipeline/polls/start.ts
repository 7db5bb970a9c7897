import { RequestError } from '../../domain/errors.ts';
import { keyAt, timeOfKey } from '../../domain/poll-entry.ts';
import { type PollPosition, positionAt } from '../../domain/poll-position.ts';
import { POLL_KEPT } from '../../domain/times.ts';
import type { PollPlace } from '../../ports/poll-log.ts';
import type { Ports } from '../../ports/ports.ts';

type StartPorts = Pick<Ports, 'clock' | 'polls'>;

/** Where a poll begins: with a cursor, where a consumer has come to, or with the oldest that is given. */
export interface PollStart {
  cursor?: PollPosition | undefined;
  consumer?: string | undefined;
}

/**
 * @param logTtlMs how long the log keeps events: what is older is in no place that could tell
 * @throws RequestError `cursor-expired` when something after it is no longer given
 */
export async function startOf(
  ports: StartPorts,
  place: PollPlace,
  { cursor, consumer }: PollStart,
  logTtlMs: number,
): Promise<PollPosition> {
  const oldest = Math.max(0, ports.clock.now() - Math.min(POLL_KEPT, logTtlMs));
  const known = cursor ?? (await committedBy(ports, place, consumer));
  if (known === undefined) return positionAt(oldest);
  if (timeOfKey(known.after) >= oldest) return known;
  if (await hasMissed(ports, place, known, { oldest, logTtlMs })) throw expired();
  return positionAt(oldest);
}

async function committedBy(
  { polls }: StartPorts,
  place: PollPlace,
  name: string | undefined,
): Promise<PollPosition | undefined> {
  return name === undefined ? undefined : (await polls.consumer(place, name))?.position;
}

async function hasMissed(
  ports: StartPorts,
  place: PollPlace,
  { after }: PollPosition,
  { oldest, logTtlMs }: { oldest: number; logTtlMs: number },
): Promise<boolean> {
  // The log has forgotten whether there was anything.
  if (timeOfKey(after) < ports.clock.now() - logTtlMs) return true;
  const [next] = await ports.polls.entriesAfter(place, after, 1);
  return next !== undefined && keyAt(next.writtenAt) < keyAt(oldest);
}

function expired(): RequestError {
  return new RequestError(
    'cursor-expired',
    'Deliveries after this cursor are older than polls give. What you missed is in the list of deliveries; go on without a cursor, or commit one from now.',
  );
}
