import type { Delivery } from '../../domain/delivery.ts';
import { isFinal } from '../../domain/delivery-state.ts';
import { newId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { type IdempotencyPorts, type KeyedCall, claimForCall } from '../idempotency-key.ts';
import { type RepeatPorts, deliveriesOfPair, voidDeadLetter } from '../delivery/repeat.ts';

/**
 * What a retry with an `Idempotency-Key` does, as its first call found the delivery: `new`: it was finished, and is
 * repeated by a new delivery; `same`: it waited, and goes now; `first`: it had no record, and its first message is sent.
 */
type RetryKind = 'new' | 'same' | 'first';

export interface RetryClaim {
  kind: RetryKind;
  /** Marks the record that the retry writes. */
  id: string;
  /** Another call has claimed the key before, and may have done all of it. */
  repeated: boolean;
}

const SEPARATOR = ':';

/** @throws RequestError `idempotency-conflict` */
export async function claimRetry(
  ports: IdempotencyPorts & Pick<Ports, 'random'>,
  delivery: Delivery,
  keyed: KeyedCall,
): Promise<RetryClaim> {
  const now = ports.clock.now();
  const id = newId('rty', { now: () => now, fraction: () => ports.random.fraction() });
  const wanted = `${kindOf(delivery)}${SEPARATOR}${id}`;
  const { resourceId, repeated } = await claimForCall(ports, delivery.tenantId, keyed, wanted);
  const [kind, claimed] = resourceId.split(SEPARATOR) as [RetryKind, string];
  return { kind, id: claimed, repeated };
}

/** The delivery that an earlier call of a repeated one is answered with; undefined when that call died before. */
export async function retriedBefore(
  ports: RepeatPorts,
  delivery: Delivery,
  { kind, id }: RetryClaim,
): Promise<Delivery | undefined> {
  const records = await deliveriesOfPair(ports, delivery);
  const marked = records.find(({ retryId }) => retryId === id);
  if (marked) {
    // Whoever made it may have died before its next step.
    const original = records.find(({ ordinal }) => ordinal === marked.retriedFromOrdinal);
    if (original) await voidDeadLetter(ports, original);
    return marked;
  }
  // What it was asked for has moved on by itself: nothing is left to hurry.
  const isDone = kind === 'first' ? delivery.revision > 0 : kind === 'same' && isFinal(delivery.status);
  return isDone ? delivery : undefined;
}

function kindOf({ revision, status }: Delivery): RetryKind {
  if (revision === 0) return 'first';
  return isFinal(status) ? 'new' : 'same';
}
