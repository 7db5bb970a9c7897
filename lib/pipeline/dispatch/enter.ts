import { entered } from '../../domain/delivery-changes/polls.ts';
import { transition } from '../../domain/delivery-state.ts';
import { POLL_KEPT } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { abandon } from './no-attempt.ts';
import { type Verdict, type Visit, recordOf } from './visit.ts';

/**
 * Writes the entry of a delivery of a poll endpoint, where another's request would be made; then, if it has a record, that
 * it waits for the consumers; then the message goes. After a crash in between there are two entries. What has waited for
 * as long as consumers may take is given up.
 */
export async function enter(
  ports: Pick<Ports, 'clock' | 'log' | 'deliveries'> & { polls: Pick<Ports['polls'], 'add'> },
  visit: Visit,
): Promise<Verdict | 'reread'> {
  const { record, event } = visit.snapshot;
  const { tenantId, endpointId, eventId, ordinal, eventType, isTest, createdAt } = recordOf(visit);
  const now = ports.clock.now();
  if (createdAt + POLL_KEPT <= now) return abandon(ports, visit, 'payload-expired');
  await ports.polls.add([
    {
      tenantId,
      endpointId,
      eventId,
      ordinal,
      eventType,
      writtenAt: now,
      ...(ordinal === 0 && event?.endpointIds[0] === endpointId && { isFirst: true }),
      ...(isTest && { isTest }),
      ...(record && { createdAt }),
    },
  ]);
  ports.log.info('dispatch.entered', { ...visit.fields, event_type: eventType });
  if (transition(record, 'entered').action !== 'await-commit' || !record) return 'acknowledge';
  return (await ports.deliveries.writeUnlessSuperseded(entered(record, now))) ? 'acknowledge' : 'reread';
}
