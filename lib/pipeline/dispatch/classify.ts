import type { Delivery } from '../../domain/delivery.ts';
import { type Happening, isFinal } from '../../domain/delivery-state.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { timeOf } from '../../domain/ids.ts';
import { STALE_OVERDUE } from '../delivery/times.ts';
import type { Visit } from './visit.ts';

/**
 * What a message that came up means for its delivery (protocol B3).
 * @param now milliseconds since the Unix epoch
 * @param logTtlMs what the log keeps: an event older than that may be missing
 */
export function classify(visit: Visit, now: number, logTtlMs: number): Happening {
  const { pointer, snapshot } = visit;
  const { record, endpoint, event } = snapshot;
  if (pointer.epoch > (record?.epoch ?? 0)) return 'unknown-epoch';
  if (record && isFinal(record.status)) return byEpoch(visit, record, now);
  if (!event || !endpoint) return timeOf(pointer.eventId) + logTtlMs <= now ? 'payload-expired' : 'unknown-epoch';
  if (isShut(endpoint, record?.createdAt ?? event.acceptedAt)) return 'endpoint-shut';
  // What is not due yet keeps its schedule: held now, it would be released before its time.
  if (endpoint.status === 'paused' && now >= (record?.dueAt ?? 0)) return 'endpoint-paused';
  return record ? byEpoch(visit, record, now) : 'current-due';
}

/** Disabled, revoked, or the delivery was accepted before the endpoint's last disable (protocol D3). */
export function isShut(endpoint: Endpoint, acceptedAt: number): boolean {
  if (endpoint.status === 'disabled' || endpoint.status === 'revoked') return true;
  return endpoint.abandonBefore !== undefined && acceptedAt < endpoint.abandonBefore;
}

function byEpoch({ queue, pointer }: Visit, record: Delivery, now: number): Happening {
  const due = record.dueAt ?? 0;
  if (pointer.epoch < record.epoch) return now - due >= STALE_OVERDUE ? 'stale-overdue' : 'stale';
  if (now >= due) return 'current-due';
  return queue === 'retries' ? 'current-early' : 'current-early-elsewhere';
}
