import { type Endpoint, isTripped } from '../../domain/endpoint.ts';
import { type DeliveryKey, deliveryId, parseDeliveryId } from '../../domain/ids.ts';
import type { Job, ProbeNotes } from '../../domain/job.ts';
import type { Snapshot } from '../../ports/dispatch-reader.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RequestSource } from '../delivery/request.ts';

type ChoicePorts = Pick<Ports, 'clock' | 'deliveries' | 'reader'>;

/** What a look found: a delivery to send, or a place where the next step goes on. */
export type Choice = { kind: 'send'; source: RequestSource } | { kind: 'go-on'; cursor: string } | { kind: 'nothing' };

/** Held deliveries that are read together. */
const PAGE = 5;
/** Pages of one step. The index may have thousands of entries of other endpoints before the first of this one. */
const PAGES = 3;

/**
 * The oldest held delivery whose event the endpoint has not just refused; if there is none and the endpoint has cooled
 * down, one that it has refused. Those whose event has expired, or has no payload any more, are passed over.
 */
export async function chooseHeld(
  ports: ChoicePorts,
  job: Job,
  endpoint: Endpoint,
  { refused = [], coolDownMs, requestedAt = 0 }: ProbeNotes,
): Promise<Choice> {
  const { tenantId, id: endpointId } = endpoint;
  const refusedKeys = refused.map((id) => parseDeliveryId(id, tenantId)).filter((key) => key !== undefined);
  const refusedEvents = new Set(refusedKeys.map(({ eventId }) => eventId));
  let { cursor } = job;
  for (let pages = 0; pages < PAGES; pages += 1) {
    const page = await ports.deliveries.pageByStatus({
      tenantId,
      endpointId,
      status: 'held',
      order: 'oldest-first',
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    const source = await firstUsable(
      ports,
      page.deliveries.filter(({ eventId }) => !refusedEvents.has(eventId)),
    );
    if (source) return { kind: 'send', source };
    cursor = page.next;
    if (cursor === undefined) break;
  }
  if (cursor !== undefined) return { kind: 'go-on', cursor };
  const isCool = ports.clock.now() >= requestedAt + coolDownMs;
  const again = isCool ? await firstUsable(ports, refusedKeys) : undefined;
  return again ? { kind: 'send', source: again } : { kind: 'nothing' };
}

/** The index may lag behind the records, so those decide. */
async function firstUsable(
  ports: Pick<Ports, 'clock' | 'reader'>,
  keys: readonly DeliveryKey[],
): Promise<RequestSource | undefined> {
  if (keys.length === 0) return undefined;
  const readAt = ports.clock.now();
  const snapshots = await ports.reader.read(keys, 'consistent');
  const at = snapshots.findIndex(isUsable);
  const [pointer, snapshot] = [keys[at], snapshots[at]];
  return pointer && snapshot && { pointer, snapshot, readAt };
}

function isUsable({ event, record, endpoint, braked }: Snapshot): boolean {
  if (!event || event.payloadDeleted || !endpoint || braked) return false;
  return record?.status === 'held' && isTripped(endpoint);
}

/** How many different events the endpoint has refused in a row, this one included. */
export function withRefused(refused: readonly string[] = [], key: DeliveryKey): readonly string[] {
  const eventOf = (id: string) => parseDeliveryId(id, key.tenantId)?.eventId;
  return refused.some((id) => eventOf(id) === key.eventId) ? refused : [...refused, deliveryId(key)];
}
