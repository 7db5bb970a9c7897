import { Refusal } from '../refusal.ts';
import { placeOf, tenantOf } from './fields.ts';
import type { PlacedRow } from './read-rows.ts';
import type { Target } from './target.ts';

/** That the other sender sent an event to an endpoint; without one, that it sent it to none. */
export interface SentEvent {
  tenantId: string | undefined;
  /** What both senders call the event. */
  externalId: string;
  /** As it is called there. */
  endpointId: string | undefined;
}

/** @throws Refusal with the line */
export function readSent({ row, line }: PlacedRow): SentEvent {
  const { tenant_id: tenant, external_id: externalId, endpoint_id: endpoint, ...rest } = row;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new Refusal(`Line ${line}: there is no field \`${unknown}\`. Take it out.`);
  if (typeof externalId !== 'string') throw new Refusal(`Line ${line}: give \`external_id\`, that of the event.`);
  if (endpoint !== undefined && typeof endpoint !== 'string' && typeof endpoint !== 'number') {
    throw new Refusal(`Line ${line}: \`endpoint_id\` must be what the endpoint was called in the import.`);
  }
  return {
    tenantId: tenantOf(tenant, placeOf(line)),
    externalId,
    endpointId: endpoint === undefined ? undefined : String(endpoint),
  };
}

export interface ComparedEvent {
  externalId: string;
  /** None: both senders chose the same endpoints. */
  differences: string[];
}

/** Endpoints that were not imported, and events that the other sender is not said to have sent, count for nothing. */
export async function compareTenant(
  target: Target,
  tenantId: string,
  sent: readonly SentEvent[],
  since: string | undefined,
): Promise<ComparedEvent[]> {
  const there = Map.groupBy(sent, ({ externalId }) => externalId);
  const eventIds = await findEvents(target, tenantId, new Set(there.keys()), since);
  const imported = await target.importedOf(tenantId);
  const oldIds = new Map([...imported].map(([oldId, { id }]) => [id, oldId]));
  const compared: ComparedEvent[] = [];
  for (const [externalId, lines] of there) {
    const wanted = new Set(lines.map(({ endpointId }) => endpointId).filter((id) => id !== undefined));
    const eventId = eventIds.get(externalId);
    const differences =
      eventId === undefined ? ['is not here'] : differ(wanted, await endpointsOf(target, tenantId, eventId, oldIds));
    compared.push({ externalId, differences });
  }
  return compared;
}

/** Newest first, and no further than the last of them. */
async function findEvents(target: Target, tenantId: string, wanted: Set<string>, since: string | undefined) {
  const found = new Map<string, string>();
  const from = since === undefined ? '' : `&since=${encodeURIComponent(since)}`;
  for await (const { id, external_id: externalId } of target.list<{ id: string; external_id: string | null }>(
    `/v1/events?limit=200${from}`,
    tenantId,
  )) {
    if (externalId !== null && wanted.has(externalId) && !found.has(externalId)) found.set(externalId, id);
    if (found.size === wanted.size) break;
  }
  return found;
}

async function endpointsOf(target: Target, tenantId: string, eventId: string, oldIds: ReadonlyMap<string, string>) {
  const path = `/v1/events/${eventId}/deliveries?limit=200`;
  const deliveries = await Array.fromAsync(target.list<{ endpoint_id: string }>(path, tenantId));
  return new Set(deliveries.map(({ endpoint_id: id }) => oldIds.get(id)).filter((id) => id !== undefined));
}

function differ(there: ReadonlySet<string>, here: ReadonlySet<string>): string[] {
  return [
    ...[...there].filter((id) => !here.has(id)).map((id) => `only there to ${id}`),
    ...[...here].filter((id) => !there.has(id)).map((id) => `only here to ${id}`),
  ];
}
