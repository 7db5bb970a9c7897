import type { Ports } from '../ports/ports.ts';
import type { MustWait } from './set-aside.ts';
import type { Visit } from './visit.ts';

/**
 * Reserves the slot in which an attempt may start, in one atomic write; costs nothing for an endpoint without a limit.
 * A slot is reserved once for an attempt of a generation: the message that comes back when it is due just goes (C5).
 * @returns undefined when the attempt may start now
 */
export async function takeSlot(ports: Pick<Ports, 'slots' | 'clock'>, visit: Visit): Promise<MustWait | undefined> {
  const { endpoint, record } = visit.snapshot;
  if (!endpoint?.rateLimitPerSecond) return undefined;
  const { tenantId, id: endpointId, generation } = endpoint;
  const slot = { attempt: (record?.attempts.length ?? 0) + 1, generation };
  if (record?.slot?.attempt === slot.attempt && record.slot.generation === generation) return undefined;
  const now = ports.clock.now();
  const intervalMs = 1000 / endpoint.rateLimitPerSecond;
  const dueAt = await ports.slots.reserve({ tenantId, endpointId, generation, intervalMs, now });
  return dueAt <= now ? undefined : { reason: 'rate_limited', dueAt, slot };
}
