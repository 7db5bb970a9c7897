import type { Endpoint } from '../../domain/endpoint.ts';
import { RequestError } from '../../domain/errors.ts';
import { isFinal } from '../../domain/delivery-state.ts';
import { type EventTypePolicy, policyInForce } from '../../domain/event-type.ts';
import type { Event } from '../../domain/event.ts';
import { type DeliveryKey, newId, timeOf } from '../../domain/ids.ts';
import { REPEAT_DELAY_SECONDS } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { firstMessages } from '../delivery/messages.ts';
import { existing } from '../endpoints/change-status.ts';
import { type IdempotencyPorts, type KeyedCall, claimForCall } from '../idempotency-key.ts';
import { createQuota, secondsToNextWindow, windowAt } from '../quota.ts';
import { type Sample, sampleFor } from './sample-event.ts';

export type TestPorts = IdempotencyPorts &
  Pick<Ports, 'random' | 'log' | 'endpoints' | 'subscriptions' | 'eventTypes' | 'events' | 'quotas' | 'queues'>;

/** A call that waits occupies a function for as long: a tenant may occupy ten. */
const MAX_TESTS_A_MINUTE = 60;
/** How long a call waits for the first attempt at most, milliseconds: API Gateway ends a call after 30 s. */
const MAX_WAIT = 10_000;
const FIRST_LOOK = 100;
const LONGEST_BETWEEN_LOOKS = 1000;

export interface TestCall {
  /** Default: the first that the endpoint subscribes to. */
  type?: string | undefined;
  /** One event for all calls with the same key within 24 h. */
  keyed?: KeyedCall | undefined;
  /** The deployment's. */
  eventTypePolicy: EventTypePolicy;
}

/**
 * Sends a sample event to one endpoint, through the same steps as any other event (docs/delivery-states.md, Test events).
 * @returns the delivery that is now on its way
 * @throws RequestError `not-found`, `wrong-state` for an endpoint that is not active, `unknown-event-type`,
 *   `over-quota`, `idempotency-conflict`
 */
export async function testEndpoint(
  ports: TestPorts,
  tenantId: string,
  endpointId: string,
  { type, keyed, eventTypePolicy }: TestCall,
): Promise<DeliveryKey> {
  const endpoint = await activeEndpoint(ports, tenantId, endpointId);
  const tenant = await ports.subscriptions.tenant(tenantId);
  const policy = policyInForce(eventTypePolicy, tenant.eventTypePolicy);
  const sample = await sampleFor(ports, endpoint, policy, type);
  const now = ports.clock.now();
  const newEventId = newId('evt', { now: () => now, fraction: () => ports.random.fraction() });
  const { resourceId: eventId, repeated } = keyed
    ? await claimForCall(ports, tenantId, keyed, newEventId)
    : { resourceId: newEventId, repeated: false };
  await admitTest(ports, tenantId);
  await createQuota(ports)(tenantId, tenant.eventsPerSecond);
  await ports.events.putUnlessExists(testEvent(endpoint, eventId, sample));
  // The first call's message may be on its way.
  const late = repeated && { delaySeconds: REPEAT_DELAY_SECONDS };
  const messages = firstMessages(tenantId, eventId, [endpointId]).map((message) => ({ ...message, ...late }));
  await ports.queues.send('deliveries', messages);
  ports.log.info('manual.test', { tenant_id: tenantId, event_id: eventId, endpoint_id: endpointId });
  return { tenantId, endpointId, eventId, ordinal: 0 };
}

/** Waits until the first attempt of a delivery is recorded. @returns false when it is not within ten seconds */
export async function awaitFirstAttempt(
  { clock, deliveries }: Pick<Ports, 'clock' | 'deliveries'>,
  key: DeliveryKey,
): Promise<boolean> {
  const end = clock.now() + MAX_WAIT;
  for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 1.5, LONGEST_BETWEEN_LOOKS)) {
    const record = await deliveries.get(key);
    if (record && (record.attempts.length > 0 || isFinal(record.status))) return true;
    const left = end - clock.now();
    if (left <= 0) return false;
    await clock.sleep(Math.min(pause, left));
  }
}

/** It matches nothing: its one endpoint is that which it is for. */
function testEvent({ tenantId, id: endpointId, projectId }: Endpoint, id: string, sample: Sample): Event {
  return {
    tenantId,
    id,
    ...sample,
    ...(projectId !== undefined && { project: { id: projectId } }),
    isTest: true,
    acceptedAt: timeOf(id),
    endpointIds: [endpointId],
  };
}

/** @throws RequestError `over-quota` */
async function admitTest({ clock, quotas }: Pick<Ports, 'clock' | 'quotas'>, tenantId: string): Promise<void> {
  const now = clock.now();
  const tests = await quotas.add(tenantId, windowAt(now), 1, 'tests');
  if (tests <= MAX_TESTS_A_MINUTE) return;
  throw new RequestError(
    'over-quota',
    `This tenant may send ${MAX_TESTS_A_MINUTE} test events a minute. Send it again later.`,
    secondsToNextWindow(now),
  );
}

/** @throws RequestError `not-found`, `wrong-state` */
async function activeEndpoint(ports: Pick<Ports, 'endpoints'>, tenantId: string, id: string): Promise<Endpoint> {
  const endpoint = await existing(ports, tenantId, id);
  if (endpoint.status === 'active') return endpoint;
  throw new RequestError('wrong-state', REFUSALS[endpoint.status]);
}

const REFUSALS: Readonly<Record<Exclude<Endpoint['status'], 'active'>, string>> = {
  paused: 'The endpoint is paused, so a test event would be held: resume it first.',
  disabled: 'The endpoint is disabled, so it gets no events: enable it first.',
  revoked: 'The endpoint is revoked, which is final. Create a new one.',
};
