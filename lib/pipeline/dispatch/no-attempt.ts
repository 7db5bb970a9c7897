import type { AbandonReason, Delivery, HoldReason } from '../../domain/delivery.ts';
import { redriven } from '../../domain/delivery-changes/dead-letters.ts';
import { abandonedAsGone } from '../../domain/delivery-changes/results.ts';
import { abandoned, held } from '../../domain/delivery-changes/stops.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { MessageTrigger } from '../../domain/delivery-triggers.ts';
import { type Endpoint, acceptsEvents, shutReason } from '../../domain/endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from '../delivery/change-record.ts';
import { sendToRetries } from '../delivery/messages.ts';
import { releaseHeld } from '../delivery/release.ts';
import { type Verdict, type Visit, recordOf } from './visit.ts';

/**
 * Records a delivery as held, because its endpoint is paused; then looks at the endpoint again before the message goes:
 * if it was resumed or shut meanwhile, the job of that change may have looked before there was anything held.
 */
export async function hold(
  ports: Pick<Ports, 'clock' | 'log' | 'queues' | 'deliveries' | 'endpoints'>,
  visit: Visit,
  trigger: MessageTrigger,
): Promise<Verdict | 'reread'> {
  const next = held(recordOf(visit), trigger, holdReason(visit.snapshot.endpoint), ports.clock.now());
  const record = await ports.deliveries.writeUnlessSuperseded(next);
  if (!record) return 'reread';
  ports.log.info('dispatch.held', { ...visit.fields, event_type: record.eventType, status: 'held' });
  const present = await ports.endpoints.get(visit.pointer.tenantId, visit.pointer.endpointId);
  if (present?.status === 'active') await releaseHeld(ports, [record]);
  return present && !acceptsEvents(present) ? 'reread' : 'acknowledge';
}

function holdReason(endpoint: Endpoint | undefined): HoldReason {
  return endpoint?.statusReason === 'breaker' ? 'breaker' : 'paused';
}

/** A delivery that came up although its endpoint is shut, or its payload is deleted or has expired. */
export async function abandon(
  ports: Pick<Ports, 'clock' | 'log' | 'deliveries'>,
  visit: Visit,
  trigger: MessageTrigger,
): Promise<Verdict | 'reread'> {
  const next = abandoned(recordOf(visit), trigger, reasonOf(visit, trigger), ports.clock.now());
  const record = await ports.deliveries.writeUnlessSuperseded(next);
  if (!record) return 'reread';
  logAbandoned(ports, visit, record);
  return 'acknowledge';
}

function reasonOf({ snapshot: { endpoint } }: Visit, trigger: MessageTrigger): AbandonReason {
  if (trigger === 'payload-deleted') return 'payload_deleted';
  return endpoint && trigger === 'endpoint-shut' ? shutReason(endpoint) : 'expired';
}

function logAbandoned(ports: Pick<Ports, 'log'>, { fields }: Visit, { eventType, statusReason }: Delivery): void {
  ports.log.info('dispatch.abandoned', { ...fields, event_type: eventType, status: `abandoned (${statusReason})` });
}

/**
 * The answer has disabled the endpoint: the delivery, whose attempt is recorded, does not wait for another. If this is
 * never done, the job of the disable does it.
 */
export async function abandonAsGone(
  ports: Pick<Ports, 'clock' | 'log' | 'deliveries'>,
  visit: Visit,
  attempted: Delivery,
): Promise<Verdict> {
  const written = await changeRecord(ports, attempted, (present) =>
    transition(present, 'failed-gone').action === 'settle' ? abandonedAsGone(present, ports.clock.now()) : undefined,
  );
  if (written) logAbandoned(ports, visit, written);
  return 'acknowledge';
}

/** An exhausted delivery whose message came back from its queue: a fresh schedule, due now, once (invariant 9). */
export async function redrive(
  ports: Pick<Ports, 'clock' | 'queues' | 'deliveries'>,
  visit: Visit,
  trigger: MessageTrigger,
): Promise<Verdict | 'reread'> {
  const next = redriven(recordOf(visit), trigger, ports.clock.now());
  const record = await ports.deliveries.writeUnlessSuperseded(next);
  // Perhaps only its way into the exhausted queue was noted meanwhile: the redrive is decided afresh on that.
  if (!record) return 'reread';
  await sendToRetries(ports, [record]);
  return 'acknowledge';
}
