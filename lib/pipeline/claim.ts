import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.ts';
import { RequestError } from '../domain/errors.ts';
import { newId } from '../domain/ids.ts';
import type { Claim } from '../ports/idempotency-claims.ts';
import type { Ports } from '../ports/ports.ts';
import type { Random } from '../ports/random.ts';
import type { Accepted, IngestRequest } from './ingest.ts';

type ClaimPorts = Pick<Ports, 'clock' | 'random' | 'claims'>;

/** A claim that is ours to work on. Only one that was taken over can have its event kept already. */
export interface OwnClaim {
  claim: Claim;
  takenOver: boolean;
}

/** A claimed key: ours to work on, or done before, with the answer that was given. */
type Claimed = ({ kind: 'ours' } & OwnClaim) | { kind: 'done'; accepted: Accepted };
/** Another holder is at work on it, for this long at most. */
type Busy = { kind: 'busy'; leftMs: number };

const CLAIM_MS = 24 * 3600 * 1000;
/** Ingest's timeout (10 s) and 5 s more: a holder that has not finished by then is dead. */
const LEASE_MS = 15_000;
const PATIENCE_MS = 2_000;
const POLL_MS = 100;

/**
 * Makes an `Idempotency-Key` ours, waits up to 2 s for another holder, and takes over from one that died (A3).
 * @throws RequestError 409 for another body, 409 with Retry-After while another holder is at work
 */
export async function claimKey(ports: ClaimPorts, request: IngestRequest, key: string): Promise<Claimed> {
  const started = ports.clock.now();
  for (;;) {
    const claimed = await claimOnce(ports, request, key);
    if (claimed.kind !== 'busy') return claimed;
    if (ports.clock.now() - started >= PATIENCE_MS) throw inProgress(claimed.leftMs);
    await ports.clock.sleep(POLL_MS);
  }
}

/**
 * {@link claimKey} without the patience.
 * @throws RequestError 409 for another body
 */
export async function claimOnce(ports: ClaimPorts, request: IngestRequest, key: string): Promise<Claimed | Busy> {
  const bodyHash = hashOf(request);
  const now = ports.clock.now();
  const wanted = newClaim(ports, request, key, bodyHash, now);
  const existing = await ports.claims.claimUnlessTaken(wanted, now);
  if (!existing) return { kind: 'ours', claim: wanted, takenOver: false };
  if (existing.bodyHash !== bodyHash) throw otherBody();
  if (existing.deliveries !== undefined) return done(existing.eventId, existing.deliveries);
  if (existing.leaseUntil > now) return { kind: 'busy', leftMs: existing.leaseUntil - now };
  const claim: Claim = { ...existing, leaseToken: wanted.leaseToken, leaseUntil: wanted.leaseUntil };
  const taken = await ports.claims.takeOverIfHeldBy(claim, existing.leaseToken);
  return taken ? { kind: 'ours', claim, takenOver: true } : { kind: 'busy', leftMs: LEASE_MS };
}

function newClaim(ports: ClaimPorts, request: IngestRequest, key: string, bodyHash: string, now: number): Claim {
  return {
    tenantId: request.tenantId,
    key,
    eventId: newId('evt', { now: () => now, fraction: () => ports.random.fraction() }),
    bodyHash,
    leaseToken: newToken(ports.random),
    leaseUntil: now + LEASE_MS,
    expiresAt: now + CLAIM_MS,
  };
}

/** Names one holder of a claim, or one writer of an event's pages. */
export function newToken(random: Random): string {
  return Buffer.from(random.bytes(12)).toString('base64url');
}

/** Of the canonical body: the same event is the same, in whatever order its members were written. */
function hashOf({ event }: IngestRequest): string {
  const { data, trace, ...rest } = event;
  const body = {
    ...rest,
    data: JSON.parse(data) as unknown,
    ...(trace !== undefined && { trace: JSON.parse(trace) as unknown }),
  };
  return createHash('sha256').update(canonicalJson(body)).digest('base64url');
}

function done(id: string, deliveries: number): Claimed {
  return { kind: 'done', accepted: { id, deliveries } };
}

function otherBody(): RequestError {
  return new RequestError(
    409,
    'idempotency-conflict',
    'This Idempotency-Key was used with another body in the last 24 hours. Use a new key for a new event.',
  );
}

function inProgress(leftMs: number): RequestError {
  return new RequestError(
    409,
    'in-progress',
    'Another request with this Idempotency-Key is being worked on. Send it again in a moment.',
    Math.max(1, Math.ceil(leftMs / 1000)),
  );
}
