import type { AbandonReason, Delivery } from '../../domain/delivery.ts';
import { waitingStatus } from '../../domain/delivery-state.ts';
import { acceptsEvents } from '../../domain/endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from '../delivery/change-record.ts';
import { newRecord } from '../delivery/new-record.ts';
import { dueNow, sendNow } from './retry.ts';
import { HOLD_LIMIT } from '../delivery/times.ts';
import { type DispatchPorts, type Verdict, type Visit, describe } from './visit.ts';

/**
 * Records a delivery as held, because its endpoint is paused; then looks at the endpoint again before the message goes:
 * if it was resumed or shut meanwhile, the job of that change may have looked before there was anything held (B3).
 */
export async function hold(ports: DispatchPorts, visit: Visit): Promise<Verdict | 'reread'> {
  const { record, event, endpoint } = visit.snapshot;
  const base = record ?? newRecord(event, visit.pointer);
  const now = ports.clock.now();
  const { dueAt: _, ...rest } = base;
  const held = await ports.deliveries.writeUnlessSuperseded({
    ...rest,
    status: 'held',
    statusReason: endpoint?.statusReason === 'breaker' ? 'breaker' : 'paused',
    epoch: base.epoch + 1,
    heldAt: now,
    checkAt: now + HOLD_LIMIT,
    updatedAt: now,
  });
  if (!held) return 'reread';
  ports.log.info('dispatch.held', { ...describe(visit), event_type: held.eventType, status: 'held' });
  const present = await ports.endpoints.get(visit.pointer.tenantId, visit.pointer.endpointId);
  if (present?.status === 'active') await releaseHeld(ports, [held]);
  return present && !acceptsEvents(present) ? 'reread' : 'acknowledge';
}

/**
 * Lets held deliveries go on, due now: records first, then their messages (B2). Those that have moved on are left, also
 * what is held anew.
 * @returns how many were released
 */
export async function releaseHeld(
  ports: Pick<Ports, 'clock' | 'deliveries' | 'queues'>,
  records: readonly Delivery[],
): Promise<number> {
  const now = ports.clock.now();
  const outcomes = await Promise.all(
    records.map((record) =>
      changeRecord(ports, record, (present) =>
        present.status === 'held' && present.heldAt === record.heldAt ? afterHold(present, now) : undefined,
      ),
    ),
  );
  const released = outcomes.filter((record) => record !== undefined);
  await sendNow(ports, released);
  return released.length;
}

/** The time spent held does not count for the schedule (DESIGN: States). */
function afterHold(record: Delivery, now: number): Delivery {
  const { heldAt = now, statusReason: _, ...rest } = record;
  const { scheduleStartedAt } = record;
  return {
    ...rest,
    ...dueNow(record, now),
    ...(scheduleStartedAt !== undefined && { scheduleStartedAt: scheduleStartedAt + (now - heldAt) }),
    status: waitingStatus(record),
  };
}

/** A delivery that came up although its endpoint is shut, or its payload has expired. */
export async function abandon(ports: DispatchPorts, visit: Visit): Promise<Verdict | 'reread'> {
  const { record, event, endpoint } = visit.snapshot;
  const reason = endpoint && event ? shutReason(endpoint.status) : 'expired';
  const base = record ?? newRecord(event, visit.pointer);
  const written = await abandonRecord(ports, base, reason);
  if (!written) return 'reread';
  ports.log.info('dispatch.abandoned', {
    ...describe(visit),
    event_type: base.eventType,
    status: `abandoned (${reason})`,
  });
  return 'acknowledge';
}

export function shutReason(status: string): AbandonReason {
  return status === 'revoked' ? 'revoked' : 'disabled';
}

/** False when it has moved on. */
export async function abandonRecord(
  ports: Pick<Ports, 'deliveries' | 'clock'>,
  base: Delivery,
  reason: AbandonReason,
): Promise<boolean> {
  const written = await ports.deliveries.writeUnlessSuperseded(abandoned(base, reason, ports.clock.now()));
  return written !== undefined;
}

export function abandoned(record: Delivery, reason: AbandonReason, now: number): Delivery {
  const { dueAt: _, checkAt: __, heldAt: ___, dlqPending: ____, ...rest } = record;
  return { ...rest, status: 'abandoned', statusReason: reason, updatedAt: now };
}
