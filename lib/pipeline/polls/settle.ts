import { type Delivery, newRecord } from '../../domain/delivery.ts';
import { committed } from '../../domain/delivery-changes/polls.ts';
import { abandoned } from '../../domain/delivery-changes/stops.ts';
import type { NextDelivery } from '../../domain/delivery-changes/next-delivery.ts';
import { transition } from '../../domain/delivery-state.ts';
import { type Endpoint, isShut, shutReason } from '../../domain/endpoint.ts';
import { timeOf } from '../../domain/ids.ts';
import { type PollConsumer, counts } from '../../domain/poll-consumer.ts';
import { type PollEntry, entryKey } from '../../domain/poll-entry.ts';
import { BEGINNING, type PollPosition, advanced, givenBy, notGiven, readFrom } from '../../domain/poll-position.ts';
import { POLL_KEPT, POLL_REREAD } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from '../delivery/change-record.ts';
import { readEntries } from './entries.ts';

export type SettlePorts = Pick<Ports, 'clock' | 'deliveries' | 'log' | 'polls'>;

/** Entries that are looked at in one go, and a second more; records that are written at the same time. */
const ENOUGH = 500;
const PARALLEL = 16;

/** How a delivery ends; undefined: it waits for a consumer. */
type End = 'committed' | 'shut' | 'expired' | undefined;

export interface Settled {
  /** How many deliveries have ended. */
  count: number;
  /** There may be more that can be settled now. */
  more: boolean;
}

/**
 * Ends the deliveries of a poll endpoint that all consumers have committed, and those that nobody is given any more, up to
 * the first that waits. The records come first, then how far it has come: a crash in between only repeats it.
 */
export async function settle(ports: SettlePorts, endpoint: Endpoint): Promise<Settled> {
  const place = { tenantId: endpoint.tenantId, endpointId: endpoint.id };
  const now = ports.clock.now();
  const position = (await ports.polls.settled(place)) ?? BEGINNING;
  const consumers = (await ports.polls.consumers(place)).filter((one) => counts(one, now));
  const { entries: found, isAll } = await readEntries(ports, place, readFrom(position), hasEnough(position));
  // A second that was read in part says nothing of who has been given it.
  const read = isAll ? found : withoutLastSecond(found);
  const endOf = endsBy(endpoint, consumers, read, now);
  const open = notGiven(position, read);
  const waiting = open.findIndex((entry) => endOf(entry) === undefined);
  const ending = waiting < 0 ? open : open.slice(0, waiting);
  for (let start = 0; start < ending.length; start += PARALLEL) {
    const some = ending.slice(start, start + PARALLEL);
    await Promise.all(some.map((entry) => end(ports, endpoint, entry, endOf(entry))));
  }
  const last = waiting < 0 ? read.at(-1) : ending.at(-1);
  if (last && ending.length > 0) {
    const final = Math.max(0, now - POLL_REREAD);
    await ports.polls.putSettled(place, advanced(position, { read, after: entryKey(last), final }));
  }
  return { count: ending.length, more: waiting < 0 && !isAll };
}

/** Counted are those that come after all that was settled, and at least their first second is whole. */
function hasEnough({ after }: PollPosition): (entries: readonly PollEntry[]) => boolean {
  return (entries) => {
    const fresh = entries.filter((entry) => entryKey(entry) > after);
    return fresh.length >= ENOUGH && secondOf(fresh[0]) !== secondOf(fresh.at(-1));
  };
}

function withoutLastSecond(entries: readonly PollEntry[]): PollEntry[] {
  const last = secondOf(entries.at(-1));
  return entries.filter((entry) => secondOf(entry) !== last);
}

function secondOf(entry: PollEntry | undefined): number {
  return Math.floor((entry?.writtenAt ?? 0) / 1000);
}

function endsBy(
  endpoint: Endpoint,
  consumers: readonly PollConsumer[],
  read: readonly PollEntry[],
  now: number,
): (entry: PollEntry) => End {
  const committedBy = consumers.map(({ position }) => givenBy(position, read));
  return (entry) => {
    if (isShut(endpoint, entry.createdAt ?? timeOf(entry.eventId))) return 'shut';
    if (committedBy.length > 0 && committedBy.every((isGiven) => isGiven(entry))) return 'committed';
    return entry.writtenAt + POLL_KEPT <= now ? 'expired' : undefined;
  };
}

async function end(ports: SettlePorts, endpoint: Endpoint, entry: PollEntry, how: End): Promise<void> {
  const { eventType: type, isTest } = entry;
  const record = newRecord({ type, ...(isTest && { isTest }) }, entry);
  const now = ports.clock.now();
  const written = await changeRecord(ports, record, (present) => nextOf(present, how, endpoint, now));
  if (!written) return;
  ports.log.info('poll.settled', {
    tenant_id: entry.tenantId,
    endpoint_id: entry.endpointId,
    event_id: entry.eventId,
    event_type: type,
    ordinal: entry.ordinal,
    status: written.status,
    ...(entry.isFirst && { first_of_event: true }),
  });
}

function nextOf(present: Delivery, how: End, endpoint: Endpoint, now: number): NextDelivery | undefined {
  if (how === 'committed') {
    return transition(present, 'committed').action === 'settle' ? committed(present, now) : undefined;
  }
  const trigger = how === 'shut' ? 'endpoint-shut' : 'payload-expired';
  if (transition(present, trigger).action !== 'abandon') return undefined;
  // One that a person has asked for again is younger than its entry.
  if (how === 'shut' && !isShut(endpoint, present.createdAt)) return undefined;
  return abandoned(present, trigger, how === 'shut' ? shutReason(endpoint) : 'expired', now);
}
