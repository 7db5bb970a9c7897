import type { Dialect, RenderedRequest } from '../../dialects/dialect.ts';
import { dialectNameOf, dialectOf } from '../../dialects/index.ts';
import { refuseStandardSecret } from '../../dialects/standard/signing.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import { type DeliveryKey, deliveryId } from '../../domain/ids.ts';
import type { SendResult } from '../../domain/outcome.ts';
import { READ_IS_FRESH } from '../../domain/times.ts';
import type { Snapshot } from '../../ports/dispatch-reader.ts';
import type { Ports } from '../../ports/ports.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { render } from './render.ts';
import { openHeaders } from './sealed-headers.ts';
import { inForce, openSecrets } from './secrets.ts';

/** What a request is made of. */
export interface RequestSource {
  pointer: DeliveryKey;
  snapshot: Snapshot;
  /** When the snapshot's read started, milliseconds since the Unix epoch. */
  readAt: number;
}

/** As much of an answer as a dialect may have to read. */
const ANSWER_BYTES = 1024;

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
  if (event.payloadDeleted) throw new Error('A request needs the payload of its event.');
  const dialect = dialectOf(endpoint);
  const rendered = await prepare(ports, dialect, { pointer, event, endpoint });
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
  return { result: heard(dialect, result, maxResponseBytes), startedAt };
}

/** With the wait that the platform asks for in the body, and no more of that than the caller wants. */
function heard({ retryAfterIn }: Dialect, result: SendResult, maxResponseBytes: number): SendResult {
  if (!retryAfterIn || result.kind !== 'answer') return result;
  const retryAfter = retryAfterIn(result.statusCode, result.body);
  const body = result.body.subarray(0, maxResponseBytes);
  return { ...result, body, ...(retryAfter !== undefined && { retryAfter }) };
}

async function prepare(
  ports: Pick<Ports, 'clock' | 'secrets'>,
  dialect: Dialect,
  { pointer, event, endpoint }: { pointer: DeliveryKey; event: Event; endpoint: Endpoint },
): Promise<RenderedRequest> {
  const now = ports.clock.now();
  const secrets = await openSecrets(ports.secrets, endpoint, secretsOf(dialect, endpoint, now));
  const input = {
    event,
    // Of every delivery of a pair, the first one's id: the customer sees the same one (invariant 11).
    deliveryId: deliveryId({ ...pointer, ordinal: 0 }),
    url: endpoint.url,
    secrets,
    now,
  };
  const standardSecrets = await standardSecretsOf(ports.secrets, endpoint, now);
  return render(dialect, input, { headers: await openHeaders(ports.secrets, endpoint), standardSecrets });
}

/** What the dialect signs with. A header with one signature has room for the newest secret alone. */
function secretsOf(dialect: Dialect, { secrets }: Endpoint, now: number) {
  const usable = inForce(secrets, now).filter(({ generated }) => !(dialect.signsOnlyOwnSecrets && generated));
  return dialect.signsWithAllSecrets ? usable : usable.slice(0, 1);
}

/** What signs the headers of Standard Webhooks of an endpoint that has them beside its dialect's own. */
async function standardSecretsOf(box: SecretBox, endpoint: Endpoint, now: number): Promise<string[]> {
  if (!endpoint.alsoStandard || dialectNameOf(endpoint) === 'standard') return [];
  const opened = await openSecrets(box, endpoint, inForce(endpoint.standardSecrets ?? endpoint.secrets, now));
  // A rotation may have brought a secret of another form beside one of theirs.
  return opened.filter((secret) => refuseStandardSecret(secret) === undefined);
}
