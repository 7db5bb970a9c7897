import { RequestError } from '../domain/errors.ts';
import { CLAIMS_KEPT } from '../domain/times.ts';
import type { IdempotencyRecord } from '../ports/idempotency-store.ts';
import type { Ports } from '../ports/ports.ts';

/** A call with an `Idempotency-Key`, other than the post of an event. */
export interface KeyedCall {
  key: string;
  /** The id of the call's route: the same key in another call is another key. */
  call: string;
  /** Of everything that the call says besides. */
  hash: string;
}

export interface KeyedId {
  resourceId: string;
  /** Another call has claimed it before: the resource may be there already. */
  repeated: boolean;
}

export type IdempotencyPorts = Pick<Ports, 'clock' | 'idempotency'>;

/** No header can contain it, so no event's key is that of another call. */
const SEPARATOR = '\n';

/**
 * Claims an id for what a keyed call makes. Every repeat within 24 h is answered with the first call's id, whether that
 * call is still running or has died (docs/delivery-states.md, Idempotency).
 * @throws RequestError `idempotency-conflict` when the key was used for something else
 */
export function claimForCall(
  ports: IdempotencyPorts,
  tenantId: string,
  { key, call, hash }: KeyedCall,
  resourceId: string,
): Promise<KeyedId> {
  return claimKey(ports, { tenantId, key: `${call}${SEPARATOR}${key}`, resourceId, bodyHash: hash });
}

/** {@link claimForCall} for a key as it stands: those of events. */
export async function claimKey(
  ports: IdempotencyPorts,
  wanted: Omit<IdempotencyRecord, 'expiresAt'>,
): Promise<KeyedId> {
  const now = ports.clock.now();
  const taken = await ports.idempotency.claimUnlessTaken({ ...wanted, expiresAt: now + CLAIMS_KEPT }, now);
  if (!taken) return { resourceId: wanted.resourceId, repeated: false };
  if (taken.bodyHash === wanted.bodyHash) return { resourceId: taken.resourceId, repeated: true };
  throw new RequestError(
    'idempotency-conflict',
    'This Idempotency-Key was used with another request in the last 24 hours. Use a new key for a new one.',
  );
}
