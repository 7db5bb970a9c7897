import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { parseExactJson } from '../../domain/exact-json.ts';
import { newId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { claimKey } from '../idempotency-key.ts';
import type { IngestRequest } from './request.ts';

type IdempotencyPorts = Pick<Ports, 'clock' | 'idempotency'>;

/** Under which id an event is kept. */
export interface EventName {
  eventId: string;
  /** Another post has named it before: it may be kept already. */
  repeated: boolean;
}

/** Its time is before what the event is matched with is read. */
export function newEventId(ports: Pick<Ports, 'clock' | 'random'>): string {
  const now = ports.clock.now();
  return newId('evt', { now: () => now, fraction: () => ports.random.fraction() });
}

/**
 * Names the event of a post: with a key all posts of it name the same one for 24 h.
 * @param eventId the name, unless another post of its key has one
 * @throws RequestError `idempotency-conflict` when the key was used with another body
 */
export async function claimName(ports: IdempotencyPorts, request: IngestRequest, eventId: string): Promise<EventName> {
  const { tenantId, idempotencyKey: key } = request;
  if (key === undefined) return { eventId, repeated: false };
  const { resourceId, repeated } = await claimKey(ports, {
    tenantId,
    key,
    resourceId: eventId,
    bodyHash: hashOf(request),
  });
  return { eventId: resourceId, repeated };
}

/** Of the canonical body: an event is the same in whatever order its members were written. */
function hashOf({ event }: IngestRequest): string {
  const { data, trace, ...rest } = event;
  const body = {
    ...rest,
    data: parseExactJson(data),
    ...(trace !== undefined && { trace: parseExactJson(trace) }),
  };
  return createHash('sha256').update(canonicalJson(body)).digest('base64url');
}
