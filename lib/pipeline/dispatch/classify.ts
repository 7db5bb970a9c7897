import type { Delivery } from '../../domain/delivery.ts';
import { isFinal } from '../../domain/delivery-state.ts';
import type { MessageTrigger } from '../../domain/delivery-triggers.ts';
import { isShut } from '../../domain/endpoint.ts';
import { timeOf } from '../../domain/ids.ts';
import { STALE_OVERDUE } from '../../domain/times.ts';
import type { Visit } from './visit.ts';

/**
 * What a message that came up means for its delivery (docs/delivery-states.md, Dispatch).
 * @param now milliseconds since the Unix epoch
 * @param logTtlMs how long the log keeps an event: an older one may be missing
 */
export function classify(visit: Visit, now: number, logTtlMs: number): MessageTrigger {
  const { pointer, snapshot } = visit;
  const { record, endpoint, event } = snapshot;
  if (pointer.epoch > (record?.epoch ?? 0)) return 'unknown-epoch';
  if (event?.payloadDeleted) return 'payload-deleted';
  if (record && isFinal(record.status)) return byEpoch(visit, record, now);
  if (!event || !endpoint) return timeOf(pointer.eventId) + logTtlMs <= now ? 'payload-expired' : 'unknown-epoch';
  if (isShut(endpoint, record?.createdAt ?? event.acceptedAt)) return 'endpoint-shut';
  // What is not due yet keeps its schedule: held now, it would be released before its time.
  if (endpoint.status === 'paused' && now >= (record?.dueAt ?? 0)) return 'endpoint-paused';
  return record ? byEpoch(visit, record, now) : 'current-due';
}

function byEpoch({ queue, pointer }: Visit, record: Delivery, now: number): MessageTrigger {
  const due = record.dueAt ?? 0;
  if (pointer.epoch < record.epoch) return now - due >= STALE_OVERDUE ? 'stale-overdue' : 'stale';
  if (now >= due) return 'current-due';
  return queue === 'retries' ? 'current-early' : 'current-early-elsewhere';
}
