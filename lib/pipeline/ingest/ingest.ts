import { isPaged } from '../delivery/event-endpoints.ts';
import { type QuotaState, createQuota } from '../quota.ts';
import { createRegisterTenant } from '../register-tenant.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../settings.ts';
import { ingestBatch } from './batch.ts';
import { noteAccepted, sendFirstMessages, startFanOuts } from './fan-out.ts';
import { type IngestPorts, type Ingesting, keepEvent } from './keep-event.ts';
import { createKnownTypes } from './known-types.ts';
import { createMatcher } from './matcher.ts';
import type { Accepted, BatchResult, IngestRequest } from './request.ts';

/** What a caller of ingest names. */
export type { Accepted, BatchResult, IngestRequest, PostedEvent } from './request.ts';

export interface Ingest {
  (request: IngestRequest): Promise<Accepted>;
  /** Accepts each event by itself; the results are in the order of the requests. Never throws because of one event. */
  batch(requests: readonly IngestRequest[]): Promise<BatchResult[]>;
  /** What was left of a tenant's quota when its last event came; undefined: it has none. */
  quota(tenantId: string): QuotaState | undefined;
}

/**
 * Accepts events: an event that it has answered is kept (invariant 1). Each call is a new event; with a key, a repeated
 * call is the same event (invariant 2).
 */
export function createIngest(ports: IngestPorts, settings: PipelineSettings = DEFAULT_SETTINGS): Ingest {
  const ingesting: Ingesting = {
    ports,
    settings,
    matcherOf: createMatcher(ports),
    typeOf: createKnownTypes(ports),
    admit: createQuota(ports),
    register: createRegisterTenant(ports),
  };
  return Object.assign((request: IngestRequest) => ingestOne(ingesting, request), {
    batch: (requests: readonly IngestRequest[]) => ingestBatch(ingesting, requests),
    quota: (tenantId: string) => ingesting.admit.state(tenantId),
  });
}

/** Keeps the event before its first message is sent. */
async function ingestOne(ingesting: Ingesting, request: IngestRequest): Promise<Accepted> {
  const kept = await keepEvent(ingesting, request);
  await (isPaged(kept.event) ? startFanOuts : sendFirstMessages)(ingesting.ports, [kept]);
  return noteAccepted(ingesting.ports, kept);
}
