import type { RateSlot } from '../../domain/delivery.ts';
import { slotLateness } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visit } from './visit.ts';
import type { MustWait } from './waiting.ts';

/**
 * Reserves the slot in which an attempt may start, in one atomic write; costs nothing for an endpoint without a limit.
 * The message that comes back when its slot is due just goes. One that comes late, after a backlog, takes another slot:
 * the slots of all that waited with it are past too, and they would go together (invariant 12). One that is free at once
 * is noted in the visit, which costs no write.
 * @returns undefined when the attempt may start now
 */
export async function slotWait(ports: Pick<Ports, 'slots' | 'clock'>, visit: Visit): Promise<MustWait | undefined> {
  const { endpoint, record } = visit.snapshot;
  if (!endpoint?.rateLimitPerSecond) return undefined;
  const { tenantId, id: endpointId, generation } = endpoint;
  const slot: RateSlot = { attempt: (record?.attempts.length ?? 0) + 1, generation };
  if (isSame(visit.slot, slot)) return undefined;
  const now = ports.clock.now();
  const taken = isSame(record?.slot, slot) ? (record?.slot?.taken ?? 1) : 0;
  if (taken > 0 && now - (record?.dueAt ?? now) <= slotLateness(taken)) return undefined;
  const intervalMs = 1000 / endpoint.rateLimitPerSecond;
  const dueAt = await ports.slots.reserve({ tenantId, endpointId, generation, intervalMs, now });
  if (dueAt > now) return { reason: 'rate_limited', dueAt, slot: taken > 0 ? { ...slot, taken: taken + 1 } : slot };
  visit.slot = slot;
  return undefined;
}

function isSame(taken: RateSlot | undefined, wanted: RateSlot): boolean {
  return taken?.attempt === wanted.attempt && taken.generation === wanted.generation;
}
