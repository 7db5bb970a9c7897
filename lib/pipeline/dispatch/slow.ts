import type { Endpoint } from '../../domain/endpoint.ts';
import { writeDeliveryMessage } from '../../domain/message.ts';
import { isSlow } from '../../domain/slowness.ts';
import { FIRST_ATTEMPT_RECEIVES, doublingSeconds } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import type { PipelineSettings } from '../settings.ts';
import type { Verdict, Visit } from './visit.ts';
import { type WaitTools, setAside } from './waiting.ts';

/** What keeping slow endpoints apart takes. */
export interface SlowTools extends WaitTools {
  places: Places;
}

/** Seconds that a delivery over its endpoint's limit waits at first, and at most. */
const FIRST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 16;

/**
 * Makes an attempt in a place of its endpoint. A delivery of a slow endpoint goes to the queue slow, where the places are
 * not limited by endpoint but by the queue's own concurrency; one without a free place comes back a little later.
 */
export async function inPlace(
  tools: SlowTools,
  visit: Visit,
  work: () => Promise<Verdict | 'reread'>,
): Promise<Verdict | 'reread'> {
  const { endpoint, health } = visit.snapshot;
  if (visit.queue === 'slow' || !endpoint) return work();
  if (isSlow(endpoint, health, tools.ports.clock.now())) return handToSlow(tools.ports, visit);
  const leave = tools.places.take(endpoint);
  if (!leave) return comeBackLater(tools, visit);
  try {
    return await work();
  } finally {
    leave();
  }
}

/**
 * Sent first, then acknowledged: a crash in between leaves two messages of one epoch, as SQS does now and then. Nothing
 * is written, so a delivery without a record has its first message there.
 */
async function handToSlow(ports: Pick<Ports, 'queues'>, { pointer }: Visit): Promise<Verdict> {
  await ports.queues.send('slow', [{ body: writeDeliveryMessage(pointer), group: pointer.endpointId }]);
  return 'acknowledge';
}

async function comeBackLater(tools: SlowTools, visit: Visit): Promise<Verdict | 'reread'> {
  const { ports } = tools;
  const { receiveCount } = visit.message;
  const { record } = visit.snapshot;
  // Overdue, so that even a stale message may act: it need not, for sweep has the delivery.
  if (record && visit.pointer.epoch < record.epoch) return 'acknowledge';
  const seconds = doublingSeconds(FIRST_WAIT_SECONDS, receiveCount, LONGEST_WAIT_SECONDS);
  if (!record && receiveCount >= FIRST_ATTEMPT_RECEIVES)
    return setAside(tools, visit, { reason: 'delayed', dueAt: ports.clock.now() + seconds * 1000 });
  await ports.queues.hide(visit.queue, visit.message, seconds);
  return 'keep';
}

/** Requests that are in flight in this process, by endpoint and by tenant. */
export class Places {
  readonly #limits: Pick<PipelineSettings, 'requestsPerEndpoint' | 'requestsPerTenant'>;
  readonly #ofEndpoints = new Map<string, number>();
  readonly #ofTenants = new Map<string, number>();

  constructor(limits: Pick<PipelineSettings, 'requestsPerEndpoint' | 'requestsPerTenant'>) {
    this.#limits = limits;
  }

  /** Takes a place. @returns what frees it; undefined when the endpoint or its tenant has as many as it may have */
  take({ tenantId, id }: Pick<Endpoint, 'tenantId' | 'id'>): (() => void) | undefined {
    const endpoint = `${tenantId} ${id}`;
    if ((this.#ofEndpoints.get(endpoint) ?? 0) >= this.#limits.requestsPerEndpoint) return undefined;
    if ((this.#ofTenants.get(tenantId) ?? 0) >= this.#limits.requestsPerTenant) return undefined;
    add(this.#ofEndpoints, endpoint, 1);
    add(this.#ofTenants, tenantId, 1);
    return () => {
      add(this.#ofEndpoints, endpoint, -1);
      add(this.#ofTenants, tenantId, -1);
    };
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
