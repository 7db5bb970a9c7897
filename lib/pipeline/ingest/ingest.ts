import type { Ports } from '../../ports/ports.ts';
import { noteAccepted, sendFirstMessages, startFanOuts } from './fan-out.ts';
import { ingestBatch } from './batch.ts';
import { type Ingesting, keepEvent } from './keep-event.ts';
import { createMatcher } from './matcher.ts';
import { isPaged } from '../delivery/event-endpoints.ts';
import { type QuotaState, createQuota } from './quota.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../settings.ts';

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

/** What became of one event of a batch: accepted, or what a single post would have thrown. */
export type BatchResult = Accepted | { error: unknown };

export type IngestPorts = Pick<
  Ports,
  'clock' | 'random' | 'log' | 'endpoints' | 'events' | 'idempotency' | 'quotas' | 'jobs' | 'queues'
>;

export interface Ingest {
  (request: IngestRequest): Promise<Accepted>;
  /** Accepts each event by itself; the results are in the order of the requests. Never throws for an event's sake. */
  batch(requests: readonly IngestRequest[]): Promise<BatchResult[]>;
  /** What was left of a tenant's quota when its last event came; undefined: it has none. */
  quota(tenantId: string): QuotaState | undefined;
}

/**
 * Accepts events: what it answers is kept (promise 1). One call is one event; with a key, the same call again is the
 * same event (promise 2).
 */
export function createIngest(ports: IngestPorts, settings: PipelineSettings = DEFAULT_SETTINGS): Ingest {
  const ingesting: Ingesting = { ports, settings, matcherOf: createMatcher(ports), admit: createQuota(ports) };
  return Object.assign((request: IngestRequest) => ingestOne(ingesting, request), {
    batch: (requests: readonly IngestRequest[]) => ingestBatch(ingesting, requests),
    quota: (tenantId: string) => ingesting.admit.state(tenantId),
  });
}

/** Keeps, then sends (A1). */
async function ingestOne(ingesting: Ingesting, request: IngestRequest): Promise<Accepted> {
  const kept = await keepEvent(ingesting, request);
  await (isPaged(kept.event) ? startFanOuts : sendFirstMessages)(ingesting.ports, [kept]);
  return noteAccepted(ingesting.ports, kept);
}
