import type { Dialect, RenderedRequest } from '../../dialects/dialect.ts';
import { dialectNameOf, dialectOf } from '../../dialects/index.ts';
import { refuseStandardSecret } from '../../dialects/standard/signing.ts';
import type { Endpoint, SealedSecret } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import { type DeliveryKey, deliveryId } from '../../domain/ids.ts';
import type { SendResult } from '../../domain/outcome.ts';
import { fingerprintOf } from '../../domain/secret-rotation.ts';
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
  { pointer, snapshot, readAt }: RequestSource,
  maxResponseBytes = 0,
): Promise<Sent | 'stale'> {
  const { event, endpoint } = snapshot;
  if (!event || !endpoint) throw new Error('A request needs its event and its endpoint.');
  if (event.payloadDeleted) throw new Error('A request needs the payload of its event.');
  const dialect = dialectOf(endpoint);
  const { rendered, signedWith } = await prepare(ports, dialect, { pointer, event, endpoint });
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

/** With the wait that the platform asks for in the body, and no more of that than the caller wants. */
function heard({ retryAfterIn }: Dialect, result: SendResult, maxResponseBytes: number): SendResult {
  if (!retryAfterIn || result.kind !== 'answer') return result;
  const retryAfter = retryAfterIn(result.statusCode, result.body);
  const body = result.body.subarray(0, maxResponseBytes);
  return { ...result, body, ...(retryAfter !== undefined && { retryAfter }) };
}

interface Prepared {
  rendered: RenderedRequest;
  /** Fingerprints of the secrets that sign it. */
  signedWith: string[];
}

async function prepare(
  ports: Pick<Ports, 'clock' | 'secrets'>,
  dialect: Dialect,
  { pointer, event, endpoint }: { pointer: DeliveryKey; event: Event; endpoint: Endpoint },
): Promise<Prepared> {
  const now = ports.clock.now();
  const [own, beside, keys, headers] = await Promise.all([
    opened(ports.secrets, endpoint, secretsOf(dialect, endpoint, now)),
    standardSecretsOf(ports.secrets, endpoint, now),
    opened(ports.secrets, endpoint, privateKeysOf(endpoint, now)),
    openHeaders(ports.secrets, endpoint),
  ]);
  const input = {
    event,
    // Of every delivery of a pair, the first one's id: the customer sees the same one (invariant 11).
    deliveryId: deliveryId({ ...pointer, ordinal: 0 }),
    url: endpoint.url,
    secrets: textsOf(own),
    now,
  };
  const additions = { headers, standardSecrets: textsOf(beside), privateKeys: textsOf(keys) };
  const rendered = await render(dialect, input, additions);
  return { rendered, signedWith: [...new Set([...own, ...beside, ...keys].map(({ at }) => fingerprintOf(at)))] };
}

/** What the dialect signs with. A header with one signature has room for the newest secret alone. */
function secretsOf(dialect: Dialect, { secrets }: Endpoint, now: number): SealedSecret[] {
  if (dialect.unsigned) return [];
  const usable = inForce(secrets, now).filter(({ generated }) => !(dialect.signsOnlyOwnSecrets && generated));
  return dialect.signsWithAllSecrets ? usable : usable.slice(0, 1);
}

/** What signs the headers of Standard Webhooks of an endpoint that has them beside its dialect's own. */
async function standardSecretsOf(box: SecretBox, endpoint: Endpoint, now: number): Promise<Opened[]> {
  if (!endpoint.alsoStandard || dialectNameOf(endpoint) === 'standard') return [];
  const all = await opened(box, endpoint, inForce(endpoint.standardSecrets ?? endpoint.secrets, now));
  // A rotation may have brought a secret of another form beside one of theirs.
  return all.filter(({ secret }) => refuseStandardSecret(secret) === undefined);
}

function privateKeysOf(endpoint: Endpoint, now: number): SealedSecret[] {
  if (!endpoint.asymmetricSigning) return [];
  const hasHeaders = endpoint.alsoStandard || dialectNameOf(endpoint) === 'standard';
  return hasHeaders ? inForce(endpoint.privateKeys ?? [], now) : [];
}

/** A secret with where it is kept. */
interface Opened {
  secret: string;
  at: SealedSecret;
}

async function opened(box: SecretBox, endpoint: Endpoint, sealed: readonly SealedSecret[]): Promise<Opened[]> {
  const secrets = await openSecrets(box, endpoint, sealed);
  return sealed.map((at, index) => ({ secret: secrets[index] as string, at }));
}

function textsOf(secrets: readonly Opened[]): string[] {
  return secrets.map(({ secret }) => secret);
}
