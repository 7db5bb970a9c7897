import type { Dialect, RenderedRequest } from '../../dialects/dialect.ts';
import { dialectNameOf, dialectNamed } from '../../dialects/index.ts';
import { render } from '../../dialects/render.ts';
import { signersOf } from '../../dialects/signers.ts';
import { type DeliveryKey, deliveryId } from '../../domain/ids.ts';
import type { SendResult } from '../../domain/outcome.ts';
import { READ_IS_FRESH } from '../../domain/times.ts';
import type { Snapshot } from '../../ports/dispatch-reader.ts';
import type { Ports } from '../../ports/ports.ts';
import type { ReceivedMessage } from '../../ports/queues.ts';
import { openForRequest } from './secrets.ts';

/** What a request is made of. */
export interface RequestSource {
  pointer: DeliveryKey;
  snapshot: Snapshot;
  /** When the snapshot's read started, milliseconds since the Unix epoch. */
  readAt: number;
  /** The message that asks for it, if one does. */
  message?: Pick<ReceivedMessage, 'safe'>;
}

/** As much of an answer as a dialect may have to read. */
const ANSWER_BYTES = 1024;

/** A request that was made. */
interface Sent {
  result: SendResult;
  /** Milliseconds since the Unix epoch. */
  startedAt: number;
  /** Fingerprints of the secrets that signed it, newest first. */
  signedWith: string[];
}

/**
 * Renders, signs and sends. `stale`: the endpoint was read too long ago, and nothing was sent: pause, disable, revoke
 * and delete act at once (invariant 8).
 */
export async function request(
  ports: Pick<Ports, 'clock' | 'secrets' | 'sender'>,
  { pointer, snapshot, readAt, message }: RequestSource,
  maxResponseBytes = 0,
): Promise<Sent | 'stale'> {
  const { endpoint } = snapshot;
  if (!endpoint) throw new Error('A request needs its endpoint.');
  const { dialect, rendered, signedWith } = await rendering(ports, { pointer, snapshot });
  if (message?.safe) await message.safe;
  const startedAt = ports.clock.now();
  if (startedAt - readAt > READ_IS_FRESH) return 'stale';
  const timeoutMs = endpoint.timeoutSeconds * 1000;
  const result = await ports.sender.send({
    url: endpoint.url,
    method: 'POST',
    ...rendered,
    timeoutMs,
    maxResponseBytes: dialect.retryAfterIn ? Math.max(maxResponseBytes, ANSWER_BYTES) : maxResponseBytes,
  });
  return { result: heard(dialect, result, maxResponseBytes), startedAt, signedWith };
}

/** A request as it would be sent now. */
export async function rendering(
  ports: Pick<Ports, 'clock' | 'secrets'>,
  { pointer, snapshot: { event, endpoint } }: Pick<RequestSource, 'pointer' | 'snapshot'>,
): Promise<{ dialect: Dialect; rendered: RenderedRequest; signedWith: string[] }> {
  if (!event || !endpoint) throw new Error('A request needs its event and its endpoint.');
  if (event.payloadDeleted) throw new Error('A request needs the payload of its event.');
  const name = dialectNameOf(endpoint);
  const dialect = dialectNamed(name);
  const now = ports.clock.now();
  const opened = await openForRequest(ports.secrets, endpoint, signersOf(name, endpoint, now));
  // Of every delivery of a pair, the id of the first one: the customer sees the same one (invariant 11).
  const source = { event, deliveryId: deliveryId({ ...pointer, ordinal: 0 }), url: endpoint.url, now };
  const rendered = await render(dialect, source, opened.signers, opened.headers);
  return { dialect, rendered, signedWith: opened.signedWith };
}

/** With the wait that the platform asks for in the body, and no more of that than the caller wants. */
function heard({ retryAfterIn }: Dialect, result: SendResult, maxResponseBytes: number): SendResult {
  if (!retryAfterIn || result.kind !== 'answer') return result;
  const retryAfter = retryAfterIn(result.statusCode, result.body);
  const body = result.body.subarray(0, maxResponseBytes);
  return { ...result, body, ...(retryAfter !== undefined && { retryAfter }) };
}
