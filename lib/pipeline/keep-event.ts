import type { Event } from '../domain/event.ts';
import { newId, timeOf } from '../domain/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { type OwnClaim, newToken } from './claim.ts';
import type { IngestPorts, IngestRequest } from './ingest.ts';
import type { MatcherOf } from './matcher.ts';
import type { AdmitEvent } from './quota.ts';
import type { PipelineSettings } from './settings.ts';

/** What ingest works with. */
export interface Ingesting {
  ports: IngestPorts;
  settings: PipelineSettings;
  matcherOf: MatcherOf;
  admit: AdmitEvent;
}

/**
 * Matches an event and keeps it, frozen with its endpoints, before its first message is sent (A1, A4). Who has taken a
 * key over finds the event there perhaps: then that one counts, with its endpoints (A3).
 * @param own the claim of the event's key; absent: it has none
 */
export async function keepEvent(ingesting: Ingesting, request: IngestRequest, own?: OwnClaim): Promise<Event> {
  const { claim, takenOver } = own ?? {};
  const { ports } = ingesting;
  const { tenantId } = request;
  const id = claim?.eventId ?? newId('evt', { now: () => ports.clock.now(), fraction: () => ports.random.fraction() });
  const before = takenOver ? await ports.events.get(tenantId, id) : undefined;
  if (before) return before;
  const event = await matchEvent(ingesting, request, id, claim?.leaseToken ?? newToken(ports.random));
  if (await ports.events.putUnlessExists(event)) return event;
  const kept = await ports.events.get(tenantId, id);
  if (!kept) throw new Error(`The event ${id} is there and cannot be read.`);
  return kept;
}

async function matchEvent(
  { ports, settings, matcherOf, admit }: Ingesting,
  { tenantId, event: posted }: IngestRequest,
  id: string,
  token: string,
): Promise<Event> {
  const { match, eventsPerSecond } = await matcherOf(tenantId);
  await admit(tenantId, eventsPerSecond);
  const endpointIds = match(posted);
  const event = { ...posted, tenantId, id, acceptedAt: timeOf(id) };
  if (endpointIds.length <= settings.inlineEndpoints) return { ...event, endpointIds };
  const pages = inPages(endpointIds, settings.endpointsPerPage);
  await keepPages(ports, event, token, pages);
  return { ...event, endpointIds: [], endpointPages: { token, pages: pages.length, count: endpointIds.length } };
}

function keepPages(
  ports: Pick<Ports, 'events'>,
  { tenantId, id: eventId }: Pick<Event, 'tenantId' | 'id'>,
  token: string,
  pages: readonly string[][],
): Promise<unknown> {
  return Promise.all(
    pages.map((page, index) => ports.events.putEndpointPage({ tenantId, eventId, token, index }, page)),
  );
}

function inPages(ids: readonly string[], size: number): string[][] {
  const count = Math.ceil(ids.length / size);
  return Array.from({ length: count }, (_, page) => ids.slice(page * size, (page + 1) * size));
}
