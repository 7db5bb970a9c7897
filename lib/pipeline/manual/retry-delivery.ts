import { maxAttempts } from '../../dialects/retry-presets.ts';
import type { Delivery } from '../../domain/delivery.ts';
import { hurried } from '../../domain/delivery-changes/resends.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { RequestError, changedMeanwhile, notFound } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { deliveryId, parseDeliveryId } from '../../domain/ids.ts';
import { REPEAT_DELAY_SECONDS } from '../../domain/times.ts';
import type { LogFields } from '../../ports/log.ts';
import type { Ports } from '../../ports/ports.ts';
import type { IdempotencyPorts, KeyedCall } from '../idempotency-key.ts';
import { loggingFaults } from '../delivery/logging-faults.ts';
import { firstMessages, sendToRetries } from '../delivery/messages.ts';
import { recordRelease } from '../delivery/release.ts';
import { recordRepeat, voidDeadLetter } from '../delivery/repeat.ts';
import { type DeliveryView, type ViewPorts, asViews } from '../history/views.ts';
import { findDelivery } from '../history/event-deliveries.ts';
import { refuseWithoutPayload } from './delete-payload.ts';
import { type RetryClaim, claimRetry, retriedBefore } from './retry-claim.ts';

type RetryPorts = ViewPorts & IdempotencyPorts & Pick<Ports, 'log' | 'queues' | 'random'>;

/** How often a retry is decided again when the delivery moves on meanwhile. */
const MAX_TRIES = 10;

/**
 * Retries one delivery, as a person asks for it. A finished one is repeated by a new delivery, with a fresh
 * schedule; one that waits is made due now, which uses one of its attempts.
 * @param keyed one retry for all calls with the same key within 24 h: a repeated one is answered with its delivery
 * @returns the delivery that is now on its way: the new one, or the same
 * @throws RequestError `not-found`, `wrong-state` for what its state or its endpoint's does not allow, `event-expired`
 * when its event is no longer in the log, `payload-deleted`, `idempotency-conflict`
 */
export async function retryDelivery(
  ports: RetryPorts,
  tenantId: string,
  id: string,
  keyed?: KeyedCall,
): Promise<DeliveryView> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const view = await tryRetry(ports, tenantId, id, keyed);
    if (!view) continue;
    const { endpointId, ordinal } = view.delivery;
    ports.log.info('manual.retry', { tenant_id: tenantId, delivery_id: id, endpoint_id: endpointId, ordinal });
    return view;
  }
  throw changedMeanwhile('delivery');
}

/** Undefined when it has moved on between our read and our write. */
async function tryRetry(
  ports: RetryPorts,
  tenantId: string,
  id: string,
  keyed: KeyedCall | undefined,
): Promise<DeliveryView | undefined> {
  const key = parseDeliveryId(id, tenantId);
  const delivery = key && (await findDelivery(ports, key));
  if (!delivery) throw notFound('delivery');
  const claim = keyed && (await claimRetry(ports, delivery, keyed));
  const before = claim?.repeated ? await retriedBefore(ports, delivery, claim) : undefined;
  if (before) return (await asViews(ports, [before]))[0];
  const endpoint = openFor(delivery, await ports.endpoints.get(tenantId, delivery.endpointId));
  const event = await ports.events.get(tenantId, delivery.eventId);
  if (!event) throw expired();
  refuseWithoutPayload(event);
  const retried = hasSlot(endpoint, delivery) ? delivery : await retryAs(ports, event, delivery, claim);
  // What was recorded is accepted: nothing more is read for the answer, which could fail.
  return retried && { delivery: retried, maxAttempts: retried.scheduleBase + maxAttempts(endpoint.retry) };
}

/** Under the present rate limit it has the earliest time already; a slot of an earlier one is void. */
function hasSlot({ generation }: Endpoint, { statusReason, slot }: Delivery): boolean {
  return statusReason === 'rate_limited' && slot?.generation === generation;
}

function retryAs(
  ports: RetryPorts,
  event: Event,
  delivery: Delivery,
  claim: RetryClaim | undefined,
): Promise<Delivery | undefined> {
  const { action } = transition(delivery, 'retried');
  switch (action) {
    case 'send-first':
      return sendFirst(ports, delivery, claim);
    case 'resend':
      return hurry(ports, delivery, claim);
    case 'release':
      return release(ports, delivery, claim);
    case 'renew':
      return renew(ports, event, delivery, claim);
  }
}

/**
 * Nothing is recorded: when its message can't be sent, the call has failed. A repeated call sends it late, because the
 * first one's may be on its way.
 */
async function sendFirst(ports: RetryPorts, pending: Delivery, claim: RetryClaim | undefined): Promise<Delivery> {
  const { tenantId, eventId, endpointId } = pending;
  const late = claim?.repeated && { delaySeconds: REPEAT_DELAY_SECONDS };
  const messages = firstMessages(tenantId, eventId, [endpointId]).map((message) => ({ ...message, ...late }));
  await ports.queues.send('deliveries', messages);
  return pending;
}

async function hurry(
  ports: RetryPorts,
  waiting: Delivery,
  claim: RetryClaim | undefined,
): Promise<Delivery | undefined> {
  const written = await ports.deliveries.writeUnlessSuperseded(hurried(waiting, ports.clock.now(), claim?.id));
  if (written) await sendOrLeave(ports, written);
  return written;
}

/** Its endpoint was resumed: the release job would come to it too. */
async function release(
  ports: RetryPorts,
  held: Delivery,
  claim: RetryClaim | undefined,
): Promise<Delivery | undefined> {
  const written = await recordRelease(ports, held, claim?.id);
  if (written) await sendOrLeave(ports, written);
  return written;
}

async function renew(
  ports: RetryPorts,
  event: Event,
  finished: Delivery,
  claim: RetryClaim | undefined,
): Promise<Delivery | undefined> {
  const record = await recordRepeat(ports, event, finished, claim?.id);
  if (!record) return undefined;
  // It stands when a service fails now: a caller who repeats it would get one more delivery.
  await loggingFaults(ports.log, 'manual.dead-letter-kept', fieldsOf(record), () => voidDeadLetter(ports, finished));
  await sendOrLeave(ports, record);
  return record;
}

/** When its message can't be sent, sweep sends it. */
async function sendOrLeave(ports: RetryPorts, record: Delivery): Promise<void> {
  await loggingFaults(ports.log, 'manual.not-sent', fieldsOf(record), () => sendToRetries(ports, [record]));
}

function fieldsOf(record: Delivery): LogFields {
  return { tenant_id: record.tenantId, delivery_id: deliveryId(record) };
}

/** @throws RequestError `wrong-state` when nothing can be sent now */
function openFor({ status, statusReason }: Delivery, endpoint: Endpoint | undefined): Endpoint {
  if (!endpoint || endpoint.status === 'revoked') throw refusal('Its endpoint is revoked or deleted, which is final.');
  if (endpoint.status === 'disabled') throw refusal('Its endpoint is disabled: enable that first.');
  if (status === 'held' && endpoint.status === 'paused')
    throw refusal('It is held, because its endpoint is paused: resume the endpoint.');
  if (statusReason === 'braked') throw refusal('Sending is stopped by a brake: it goes when the brake is released.');
  return endpoint;
}

function refusal(why: string): RequestError {
  return new RequestError('wrong-state', why);
}

function expired(): RequestError {
  return new RequestError(
    'event-expired',
    'The event of this delivery has expired from the log, so there is nothing to send. Post the event again.',
  );
}
