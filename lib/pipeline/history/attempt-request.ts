import type { RenderedRequest } from '../../dialects/dialect.ts';
import { dialectNameOf, dialectNamed } from '../../dialects/index.ts';
import { render } from '../../dialects/render.ts';
import { type Signers, signersOf } from '../../dialects/signers.ts';
import { newKeyPair } from '../../dialects/standard/key-pair.ts';
import { standard } from '../../dialects/standard/standard.ts';
import type { AttemptSummary } from '../../domain/delivery.ts';
import { type Endpoint, type SealedSecret, isPolled } from '../../domain/endpoint.ts';
import { RequestError, notFound } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { deliveryId, parseDeliveryId } from '../../domain/ids.ts';
import { fingerprintOf } from '../../domain/secret-rotation.ts';
import type { ViewPorts } from './views.ts';
import { findDelivery } from './event-deliveries.ts';

export interface AttemptRequest {
  /** Undefined: none was made yet, and this is the request of the first one, as if it were made now. */
  attempt: AttemptSummary | undefined;
  /** By lower-case name; undefined: the value is made with a secret. */
  headers: Record<string, string | undefined>;
  body: Uint8Array;
  /** The endpoint was changed after the attempt: its requests may have been written otherwise. */
  endpointChanged: boolean;
}

/**
 * The request of an attempt. It is not kept but written again, of what is known of it: its event, its time, and the endpoint
 * as it is now. No secret is opened for it.
 * @param number of the attempt; undefined: the newest
 * @throws RequestError `not-found`, `event-expired`, `payload-deleted`, `wrong-state` where no request is made
 */
export async function attemptRequest(
  ports: ViewPorts,
  tenantId: string,
  id: string,
  number: number | undefined,
): Promise<AttemptRequest> {
  const key = parseDeliveryId(id, tenantId);
  const delivery = key && (await findDelivery(ports, key));
  if (!delivery) throw notFound('delivery');
  const attempt =
    number === undefined ? delivery.attempts.at(-1) : delivery.attempts.find((one) => one.number === number);
  if (!attempt && number !== undefined) throw notFound('attempt');
  const [event, endpoint] = await Promise.all([
    ports.events.get(tenantId, delivery.eventId),
    ports.endpoints.get(tenantId, delivery.endpointId),
  ]);
  const written = await writtenAgain(sendable(event), pushed(endpoint), attempt, ports.clock.now());
  return {
    attempt,
    ...written,
    endpointChanged: attempt !== undefined && endpoint !== undefined && endpoint.updatedAt > attempt.at,
  };
}

function sendable(event: Event | undefined): Event {
  if (!event) throw new RequestError('event-expired', 'The event of this delivery has expired from the log.');
  if (event.payloadDeleted) throw new RequestError('payload-deleted', 'The payload of this event was deleted.');
  return event;
}

function pushed(endpoint: Endpoint | undefined): Endpoint {
  if (!endpoint) throw notFound('endpoint');
  if (isPolled(endpoint)) throw new RequestError('wrong-state', 'Its endpoint is polled: nothing is sent to it.');
  return endpoint;
}

/** Written with two sets of stand-ins for what is secret: a header that differs is made with a secret. */
async function writtenAgain(event: Event, endpoint: Endpoint, attempt: AttemptSummary | undefined, now: number) {
  const write = (fill: number) => rendering(event, endpoint, attempt, { fill, now: attempt?.at ?? now });
  const [one, other] = await Promise.all([write(1), write(2)]);
  const headers = Object.entries(one.headers).map(([name, value]): [string, string | undefined] => [
    name,
    other.headers[name] === value ? value : undefined,
  ]);
  return { headers: Object.fromEntries(headers), body: one.body };
}

/** @param fill what the bytes of each secret are */
function rendering(
  event: Event,
  endpoint: Endpoint,
  attempt: AttemptSummary | undefined,
  { fill, now }: { fill: number; now: number },
): Promise<RenderedRequest> {
  const name = dialectNameOf(endpoint);
  const dialect = dialectNamed(name);
  const source = { bytes: (count: number) => new Uint8Array(count).fill(fill) };
  const { own, standard: beside, asymmetric } = signing(signersOf(name, endpoint, now), attempt);
  const signers = {
    own: own.map(() => dialect.newSecret(source)),
    standard: beside.map(() => standard.newSecret(source)),
    asymmetric: asymmetric.map(() => newKeyPair(source).privateKey),
  };
  const secretNames = [...(endpoint.headers?.names ?? []), ...(endpoint.auth ? [endpoint.auth.name] : [])];
  const secretHeaders = Object.fromEntries(secretNames.map((header) => [header, `${fill}`]));
  const { tenantId, id: endpointId, url } = endpoint;
  // Of every delivery of a pair, the id of the first one (invariant 11).
  const first = deliveryId({ eventId: event.id, endpointId, ordinal: 0 });
  return render(dialect, { event: { ...event, tenantId }, deliveryId: first, url, now }, signers, secretHeaders);
}

/** Those that signed the attempt, where they are still known. */
function signing(signers: Signers<SealedSecret>, attempt: AttemptSummary | undefined): Signers<SealedSecret> {
  if (!attempt) return signers;
  const fingerprints = attempt.signedWith?.split(' ') ?? [];
  const known = (secrets: readonly SealedSecret[]) =>
    secrets.filter((secret) => fingerprints.includes(fingerprintOf(secret)));
  const { own, standard: beside, asymmetric } = signers;
  const found = { own: known(own), standard: known(beside), asymmetric: known(asymmetric) };
  const isKnown = fingerprints.length === 0 || Object.values(found).some((secrets) => secrets.length > 0);
  return isKnown ? found : signers;
}
