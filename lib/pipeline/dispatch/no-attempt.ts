import type { HoldReason } from '../../domain/delivery.ts';
import { redriven } from '../../domain/delivery-changes/dead-letters.ts';
import { abandoned, held } from '../../domain/delivery-changes/stops.ts';
import type { MessageTrigger } from '../../domain/delivery-state.ts';
import { type Endpoint, acceptsEvents, shutReason } from '../../domain/endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
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
): Promise<Verdict | 'reread'> {
  const next = held(recordOf(visit), holdReason(visit.snapshot.endpoint), ports.clock.now());
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

/** A delivery that came up although its endpoint is shut, or its payload has expired. */
export async function abandon(
  ports: Pick<Ports, 'clock' | 'log' | 'deliveries'>,
  visit: Visit,
  trigger: MessageTrigger,
): Promise<Verdict | 'reread'> {
  const { endpoint } = visit.snapshot;
  const reason = endpoint && trigger === 'endpoint-shut' ? shutReason(endpoint) : 'expired';
  const next = abandoned(recordOf(visit), trigger, reason, ports.clock.now());
  const record = await ports.deliveries.writeUnlessSuperseded(next);
  if (!record) return 'reread';
  ports.log.info('dispatch.abandoned', {
    ...visit.fields,
    event_type: record.eventType,
    status: `abandoned (${reason})`,
  });
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
