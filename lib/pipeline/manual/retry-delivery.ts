import type { Delivery } from '../../domain/delivery.ts';
import { hurried } from '../../domain/delivery-resends.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { RequestError, notFound } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { parseDeliveryId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { firstMessages, sendToRetries } from '../delivery/messages.ts';
import { releaseHeld } from '../delivery/release.ts';
import { recordRepeat } from '../delivery/repeat.ts';
import { tooBusy } from '../endpoints/change-status.ts';
import { type DeliveryView, type ViewPorts, asViews, findDelivery } from '../history/history.ts';

type RetryPorts = ViewPorts & Pick<Ports, 'log' | 'queues'>;

/** How often a retry is decided again when the delivery moves on meanwhile. */
const MAX_TRIES = 10;

/**
 * Retries one delivery, as a person asks for it. A finished one is repeated by a new delivery, with a fresh
 * schedule; one that waits is made due now, which uses one of its attempts.
 * @returns the delivery that is now on its way: the new one, or the same
 * @throws RequestError `not-found`, `wrong-state` for what its state or its endpoint's does not allow, `event-expired`
 * when its event is no longer in the log
 */
export async function retryDelivery(ports: RetryPorts, tenantId: string, id: string): Promise<DeliveryView> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const retried = await tryRetry(ports, tenantId, id);
    if (!retried) continue;
    ports.log.info('retry.manual', {
      tenant_id: tenantId,
      delivery_id: id,
      endpoint_id: retried.endpointId,
      ordinal: retried.ordinal,
    });
    const [view] = await asViews(ports, [retried]);
    return view as DeliveryView;
  }
  throw tooBusy('delivery');
}

/** Undefined when it has moved on between our read and our write. */
async function tryRetry(ports: RetryPorts, tenantId: string, id: string): Promise<Delivery | undefined> {
  const key = parseDeliveryId(id, tenantId);
  const delivery = key && (await findDelivery(ports, key));
  if (!delivery) throw notFound('delivery');
  const endpoint = await ports.endpoints.get(tenantId, delivery.endpointId);
  refuseUnlessSendable(endpoint, delivery);
  const event = await ports.events.get(tenantId, delivery.eventId);
  if (!event) throw expired();
  switch (transition(delivery, 'retried').action) {
    case 'send-first':
      return sendFirst(ports, delivery);
    case 'resend':
      return hurry(ports, delivery);
    case 'release':
      return release(ports, delivery);
    default:
      return renew(ports, event, delivery);
  }
}

async function sendFirst(ports: RetryPorts, pending: Delivery): Promise<Delivery> {
  const { tenantId, eventId, endpointId } = pending;
  await ports.queues.send('deliveries', firstMessages(tenantId, eventId, [endpointId]));
  return pending;
}

async function hurry(ports: RetryPorts, waiting: Delivery): Promise<Delivery | undefined> {
  const written = await ports.deliveries.writeUnlessSuperseded(hurried(waiting, ports.clock.now()));
  if (written) await sendToRetries(ports, [written]);
  return written;
}

/** Its endpoint was resumed: the release job would come to it too. */
async function release(ports: RetryPorts, held: Delivery): Promise<Delivery | undefined> {
  return (await releaseHeld(ports, [held])) === 1 ? ports.deliveries.get(held) : undefined;
}

async function renew(ports: RetryPorts, event: Event, finished: Delivery): Promise<Delivery> {
  const record = await recordRepeat(ports, event, finished);
  await sendToRetries(ports, [record]);
  return record;
}

function refuseUnlessSendable(endpoint: Endpoint | undefined, { status, statusReason }: Delivery): void {
  if (!endpoint || endpoint.status === 'revoked') throw refusal('Its endpoint is revoked or deleted, which is final.');
  if (endpoint.status === 'disabled') throw refusal('Its endpoint is disabled: enable that first.');
  if (status === 'held' && endpoint.status === 'paused')
    throw refusal('It is held, because its endpoint is paused: resume the endpoint.');
  if (statusReason === 'rate_limited')
    throw refusal('It waits for its turn under the rate limit of its endpoint, and goes by itself.');
  if (statusReason === 'braked') throw refusal('Sending is stopped by a brake: it goes when the brake is released.');
}

function refusal(why: string): RequestError {
  return new RequestError('wrong-state', why);
}

function expired(): RequestError {
  return new RequestError(
    'event-expired',
    'The log keeps the event of this delivery no more, so there is nothing to send: post it again.',
  );
}
