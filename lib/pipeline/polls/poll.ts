import type { RenderedRequest } from '../../dialects/dialect.ts';
import { newRecord } from '../../domain/delivery.ts';
import { type Endpoint, isShut } from '../../domain/endpoint.ts';
import { type DeliveryKey, timeOf } from '../../domain/ids.ts';
import { type PollEntry, entryKey, keyAt } from '../../domain/poll-entry.ts';
import { type PollPosition, advanced, notGiven, readFrom } from '../../domain/poll-position.ts';
import { POLL_REREAD } from '../../domain/times.ts';
import type { Snapshot } from '../../ports/dispatch-reader.ts';
import type { Ports } from '../../ports/ports.ts';
import { endWithoutPayload } from '../delivery/end-without-payload.ts';
import { rendering } from '../delivery/request.ts';
import { type ReadEntries, readEntries } from './entries.ts';

export type PollPorts = Pick<Ports, 'clock' | 'reader' | 'secrets' | 'polls' | 'deliveries'>;

/** A delivery as a consumer is given it: the request that another endpoint would have been sent. */
export interface PolledDelivery extends RenderedRequest {
  entry: PollEntry;
}

export interface PollResult {
  deliveries: PolledDelivery[];
  /** Where the next poll goes on. */
  position: PollPosition;
  /** There are others now. */
  more: boolean;
  /** Not active: nothing is given, and the position stays. */
  state: 'active' | 'paused' | 'braked';
}

export interface PollLook {
  position: PollPosition;
  /** At most so many. */
  limit: number;
  /** Entries that are younger are not given yet: others from before may come to light. Milliseconds. */
  delayMs: number;
}

/** Bodies of one answer: a Lambda's has 6 MB at most, as JSON in JSON. */
const ANSWER_BYTES = 1_048_576;

/**
 * What a consumer has not been given yet, in the order of writing, as far as that is known (docs/delivery-states.md, Poll
 * endpoints). It changes nothing but deliveries whose payload was deleted: it ends them.
 */
export async function pollOnce(ports: PollPorts, endpoint: Endpoint, look: PollLook): Promise<PollResult> {
  const { position, limit } = look;
  if (endpoint.status === 'paused') return { deliveries: [], position, more: false, state: 'paused' };
  const readAt = ports.clock.now();
  const read = await readUntil(ports, endpoint, look, readAt);
  const open = notGiven(position, read.entries);
  const some = open.slice(0, limit);
  const snapshots = await snapshotsOf(ports, some);
  const { braked = false, endpoint: present } = snapshots[0] ?? {};
  if (braked) return { deliveries: [], position, more: false, state: 'braked' };
  if (present?.status === 'paused') return { deliveries: [], position, more: false, state: 'paused' };
  const { deliveries, passed } = await renderAll(ports, some, snapshots);
  const more = passed < open.length || !read.isAll;
  const given = { read: read.entries, final: Math.max(0, readAt - POLL_REREAD) };
  const last = more ? open[passed - 1] : read.entries.at(-1);
  const reached = [more ? '' : position.after, more ? '' : keyAt(given.final), last ? entryKey(last) : ''];
  const after = reached.toSorted().at(-1) || position.after;
  return { deliveries, position: advanced(position, { ...given, after }), more, state: 'active' };
}

/** From what the position names, to as many as may be given now. */
async function readUntil(
  ports: PollPorts,
  { tenantId, id: endpointId }: Endpoint,
  { position, limit, delayMs }: PollLook,
  readAt: number,
): Promise<ReadEntries> {
  const isEnough = (entries: readonly PollEntry[]) =>
    entries.filter((entry) => entryKey(entry) > position.after).length >= limit;
  const read = await readEntries(ports, { tenantId, endpointId }, readFrom(position), isEnough);
  const entries = read.entries.filter(({ writtenAt }) => writtenAt <= readAt - delayMs);
  return { entries, isAll: read.isAll || entries.length < read.entries.length };
}

/** An event that a replica does not show yet may be there. */
async function snapshotsOf({ reader }: PollPorts, keys: readonly DeliveryKey[]): Promise<Snapshot[]> {
  if (keys.length === 0) return [];
  const snapshots = await reader.read(keys, 'eventual');
  return snapshots.every(({ event }) => event) ? snapshots : reader.read(keys, 'consistent');
}

/** Renders one after the other until the answer is full; the first is given whatever its size. */
async function renderAll(
  ports: PollPorts,
  entries: readonly PollEntry[],
  snapshots: readonly Snapshot[],
): Promise<{ deliveries: PolledDelivery[]; passed: number }> {
  const deliveries: PolledDelivery[] = [];
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    const snapshot = snapshots[index];
    if (!snapshot) continue;
    if (snapshot.event?.payloadDeleted) await endUngiven(ports, entry, snapshot);
    if (!isGivenOut(entry, snapshot)) continue;
    const { rendered } = await rendering(ports, { pointer: entry, snapshot });
    bytes += rendered.body.length;
    if (bytes > ANSWER_BYTES && deliveries.length > 0) return { deliveries, passed: index };
    deliveries.push({ entry, ...rendered });
  }
  return { deliveries, passed: entries.length };
}

/** Before a consumer commits what is passed over: that would be delivered, and nobody was given it. */
async function endUngiven(ports: PollPorts, entry: PollEntry, { record }: Snapshot): Promise<void> {
  if (record) return void (await endWithoutPayload(ports, record));
  const { eventType: type, isTest } = entry;
  const pending = newRecord({ type, ...(isTest && { isTest }) }, entry);
  return void (await endWithoutPayload(ports, pending, 'payload-deleted'));
}

/** Nothing of what has expired, was deleted, or is given up. */
function isGivenOut({ eventId, createdAt }: PollEntry, { event, endpoint, record }: Snapshot): boolean {
  if (!event || event.payloadDeleted || !endpoint || record?.status === 'abandoned') return false;
  return !isShut(endpoint, record?.createdAt ?? createdAt ?? timeOf(eventId));
}
