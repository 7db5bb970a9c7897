import type { Delivery } from '../../domain/delivery.ts';
import { freed, released } from '../../domain/delivery-changes/resends.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { changeRecord } from './change-record.ts';
import { sendToRetries } from './messages.ts';

type ReleasePorts = Pick<Ports, 'clock' | 'deliveries' | 'queues'>;

/**
 * Lets held deliveries go on, due now: records first, then their messages. Those that have moved on are left alone, and
 * so are those that were held anew.
 * @returns how many were released
 */
export async function releaseHeld(ports: ReleasePorts, records: readonly Delivery[]): Promise<number> {
  const written = await Promise.all(records.map((record) => recordRelease(ports, record)));
  return sendWritten(ports, written);
}

/**
 * The first half of {@link releaseHeld}.
 * @param by the retry with a key that asked for it
 * @returns the record whose message is to be sent
 */
export function recordRelease(ports: ReleasePorts, read: Delivery, by?: string): Promise<Delivery | undefined> {
  return changeRecord(ports, read, (present) =>
    isToBeReleased(present, read) ? released(present, ports.clock.now(), by) : undefined,
  );
}

function isToBeReleased(present: Delivery, read: Delivery): boolean {
  return transition(present, 'released').action === 'release' && present.heldAt === read.heldAt;
}

/**
 * Lets deliveries go on that wait for a slot of a rate limit before this generation of their endpoint, due now: each takes
 * a slot of the present limit when its message comes up.
 * @returns how many wait no longer
 */
export async function freeFromSlots(
  ports: ReleasePorts,
  records: readonly Delivery[],
  generation: number,
): Promise<number> {
  const written = await Promise.all(
    records.map((record) =>
      changeRecord(ports, record, (present) =>
        waitsForSlot(present, generation) ? freed(present, ports.clock.now()) : undefined,
      ),
    ),
  );
  return sendWritten(ports, written);
}

function waitsForSlot(record: Delivery, before: number): boolean {
  if (transition(record, 'rate-changed').action !== 'resend') return false;
  const { statusReason, slot } = record;
  return statusReason === 'rate_limited' && slot !== undefined && slot.generation < before;
}

async function sendWritten(ports: ReleasePorts, outcomes: readonly (Delivery | undefined)[]): Promise<number> {
  const written = outcomes.filter((record) => record !== undefined);
  await sendToRetries(ports, written);
  return written.length;
}
