import type { Event } from '../domain/event.ts';
import { newId, timeOf } from '../domain/ids.ts';
import { writeDeliveryMessage } from '../domain/message.ts';
import type { Claim } from '../ports/idempotency-claims.ts';
import type { Ports } from '../ports/ports.ts';
import type { OutgoingMessage } from '../ports/queues.ts';
import { claimKey } from './claim.ts';
import { type MatchEndpoints, createMatcher } from './matcher.ts';

/** An event as posted and validated. */
export interface PostedEvent {
  type: string;
  /** JSON text. */
  data: string;
  project?: { id: string; name?: string };
  /** JSON text. */
  trace?: string;
  externalId?: string;
}

export interface IngestRequest {
  tenantId: string;
  event: PostedEvent;
  idempotencyKey?: string;
}

/** The answer to a post. */
export interface Accepted {
  id: string;
  /** How many endpoints matched. */
  deliveries: number;
}

export type IngestPorts = Pick<Ports, 'clock' | 'random' | 'log' | 'endpoints' | 'events' | 'claims' | 'queues'>;
export type Ingest = (request: IngestRequest) => Promise<Accepted>;

/**
 * Accepts events: what it answers is kept (promise 1). One call is one event; with a key, the same call again is the
 * same event (promise 2).
 */
export function createIngest(ports: IngestPorts): Ingest {
  const match = createMatcher(ports);
  return async (request) => {
    if (request.idempotencyKey === undefined) {
      const id = newId('evt', { now: () => ports.clock.now(), fraction: () => ports.random.fraction() });
      return accept(ports, match, request, id);
    }
    const claimed = await claimKey(ports, request, request.idempotencyKey);
    if (claimed.kind === 'done') return claimed.accepted;
    const accepted = await acceptClaimed(ports, match, request, claimed.claim);
    await ports.claims.finishIfHeldBy(claimed.claim, accepted.deliveries);
    return accepted;
  };
}

/** Who takes a key over finds perhaps the event there: then that one counts, with its endpoints (A3). */
async function acceptClaimed(
  ports: IngestPorts,
  match: MatchEndpoints,
  request: IngestRequest,
  claim: Claim,
): Promise<Accepted> {
  const kept = await ports.events.get(request.tenantId, claim.eventId);
  return kept ? send(ports, kept) : accept(ports, match, request, claim.eventId);
}

/** Matches, keeps, sends (A1). The event is there before the first message, and frozen with its endpoints (A4). */
async function accept(
  ports: IngestPorts,
  match: MatchEndpoints,
  request: IngestRequest,
  id: string,
): Promise<Accepted> {
  const { tenantId, event: posted } = request;
  const endpointIds = await match(tenantId, posted);
  const event: Event = { ...posted, tenantId, id, acceptedAt: timeOf(id), endpointIds };
  if (await ports.events.putUnlessExists(event)) return send(ports, event);
  const kept = await ports.events.get(tenantId, id);
  if (!kept) throw new Error(`The event ${id} is there and cannot be read.`);
  return send(ports, kept);
}

async function send(ports: IngestPorts, event: Event): Promise<Accepted> {
  const messages = event.endpointIds.map((endpointId) => firstMessage(event, endpointId));
  if (messages.length > 0) await ports.queues.send('deliveries', messages);
  ports.log.info('ingest.accepted', {
    tenant_id: event.tenantId,
    event_id: event.id,
    event_type: event.type,
    deliveries: messages.length,
  });
  return { id: event.id, deliveries: messages.length };
}

function firstMessage({ tenantId, id }: Event, endpointId: string): OutgoingMessage {
  return { body: writeDeliveryMessage({ tenantId, endpointId, eventId: id, ordinal: 0, epoch: 0 }), group: tenantId };
}
