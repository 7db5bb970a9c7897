import type { RenderedRequest } from '../../dialects/dialect.ts';
import { dialectNamed } from '../../dialects/index.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import { type DeliveryKey, deliveryId } from '../../domain/ids.ts';
import type { SendResult } from '../../domain/outcome.ts';
import { READ_IS_FRESH } from '../../domain/times.ts';
import type { Snapshot } from '../../ports/dispatch-reader.ts';
import type { Ports } from '../../ports/ports.ts';
import { openSecrets } from './secrets.ts';

/** What a request is made of. */
export interface RequestSource {
  pointer: DeliveryKey;
  snapshot: Snapshot;
  /** When the snapshot's read started, milliseconds since the Unix epoch. */
  readAt: number;
}

/**
 * Renders, signs and sends. `stale`: the endpoint was read too long ago, and nothing was sent: pause, disable, revoke
 * and delete act at once (invariant 8).
 */
export async function request(
  ports: Pick<Ports, 'clock' | 'secrets' | 'sender'>,
  { pointer, snapshot, readAt }: RequestSource,
  maxResponseBytes = 0,
): Promise<{ result: SendResult; startedAt: number } | 'stale'> {
  const { event, endpoint } = snapshot;
  if (!event || !endpoint) throw new Error('A request needs its event and its endpoint.');
  const rendered = await prepare(ports, pointer, event, endpoint);
  const startedAt = ports.clock.now();
  if (startedAt - readAt > READ_IS_FRESH) return 'stale';
  const timeoutMs = endpoint.timeoutSeconds * 1000;
  const result = await ports.sender.send({
    url: endpoint.url,
    method: 'POST',
    ...rendered,
    timeoutMs,
    maxResponseBytes,
  });
  return { result, startedAt };
}

async function prepare(
  ports: Pick<Ports, 'clock' | 'secrets'>,
  pointer: DeliveryKey,
  event: Event,
  endpoint: Endpoint,
): Promise<RenderedRequest> {
  const now = ports.clock.now();
  const secrets = await openSecrets(ports.secrets, endpoint, now);
  const rendered = await dialectNamed(endpoint.dialect).render({
    event,
    // Of every delivery of a pair, the first one's id: the customer sees the same one (invariant 11).
    deliveryId: deliveryId({ ...pointer, ordinal: 0 }),
    url: endpoint.url,
    secrets,
    now,
  });
  return { body: rendered.body, headers: { ...endpoint.headers, ...rendered.headers } };
}
