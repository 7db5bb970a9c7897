import type { DeliveryDetailJson, DeliveryJson } from '../../api/resources/deliveries/schemas.ts';
import type { EndpointCreatedJson } from '../../api/resources/endpoints/schemas.ts';
import type { ApiClient } from './api-client.ts';
import type { ReceivedWebhook } from './demo-receiver.ts';
import { startDemoReceiver } from './demo-receiver.ts';

/** One endpoint, one event, and the expected outcome. */
export interface Scenario {
  title: string;
  /** What the scenario shows, in one line. */
  summary: string;
  eventType: string;
  /** Seconds between attempts. */
  delays: readonly number[];
  /** The receiver's status codes, in order; the last one repeats. */
  responses: readonly [number, ...number[]];
  expected: { status: DeliveryJson['status']; statusCodes: readonly number[]; deadLetters: number };
}

export const SCENARIOS: readonly Scenario[] = [
  {
    title: '1. A healthy receiver',
    summary: 'One attempt; the receiver verified it.',
    eventType: 'invoice.paid',
    delays: [1, 2],
    responses: [200],
    expected: { status: 'delivered', statusCodes: [200], deadLetters: 0 },
  },
  {
    title: '2. A receiver that fails twice, then recovers',
    summary: 'Three attempts with the same webhook-id, after the delays that the endpoint asked for (2 s, 4 s; ±20 %).',
    eventType: 'invoice.sent',
    delays: [2, 4],
    responses: [500, 500, 200],
    expected: { status: 'delivered', statusCodes: [500, 500, 200], deadLetters: 0 },
  },
  {
    title: '3. A receiver that is down',
    summary: 'All attempts failed: the delivery is exhausted, and a message is in the dead-letter queue.',
    eventType: 'invoice.overdue',
    delays: [2, 3],
    responses: [503],
    expected: { status: 'exhausted', statusCodes: [503, 503, 503], deadLetters: 1 },
  },
];

/** What happened in a scenario. */
export interface Outcome {
  delivery: DeliveryDetailJson;
  received: readonly ReceivedWebhook[];
  deadLetters: number;
}

/** What else is seen of the service while scenarios run. */
export interface Sight {
  deadLetters(): number;
  /** Attempts that its log has told so far, of all scenarios. */
  attemptsTold(): number;
}

/** Runs a scenario. @throws Error when its delivery does not end in time */
export async function runScenario(api: ApiClient, scenario: Scenario, sight: Sight): Promise<Outcome> {
  const toldBefore = sight.attemptsTold();
  const secret = `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')}`;
  const received: ReceivedWebhook[] = [];
  const receiver = await startDemoReceiver({
    secret,
    port: 0,
    respond: (nth) => scenario.responses[nth - 1] ?? (scenario.responses.at(-1) as number),
    onReceived: (webhook) => received.push(webhook),
  });
  try {
    const { eventType, delays } = scenario;
    await api.post<EndpointCreatedJson>('/v1/endpoints', {
      url: receiver.url,
      events: [eventType],
      signing_secret: secret,
      retry: { delays },
    });
    const { id } = await api.post<{ id: string }>('/v1/events', { type: eventType, data: { invoice: 'INV-1' } });
    const delivery = await waitForEnd(api, id);
    // The record says how it ended a moment before the log tells it and the dead letter is in its queue.
    const isTold = () => sight.attemptsTold() - toldBefore >= delivery.attempts.length;
    await waitBriefly(() => isTold() && sight.deadLetters() >= scenario.expected.deadLetters);
    return { delivery, received, deadLetters: sight.deadLetters() };
  } finally {
    await receiver.stop();
  }
}

const POLL_MS = 100;
const TIMEOUT_MS = 30_000;
const BRIEFLY_MS = 2_000;

async function waitForEnd(api: ApiClient, eventId: string): Promise<DeliveryDetailJson> {
  const { data } = await api.get<{ data: DeliveryJson[] }>(`/v1/events/${eventId}/deliveries`);
  const [first] = data;
  if (!first) throw new Error('The event matched no endpoint.');
  for (let waited = 0; waited < TIMEOUT_MS; waited += POLL_MS) {
    const delivery = await api.get<DeliveryDetailJson>(`/v1/deliveries/${first.id}`);
    if (['delivered', 'exhausted', 'abandoned'].includes(delivery.status)) return delivery;
    await sleep(POLL_MS);
  }
  throw new Error(`The delivery ${first.id} did not end within ${TIMEOUT_MS / 1000} s.`);
}

async function waitBriefly(until: () => boolean): Promise<void> {
  for (let waited = 0; waited < BRIEFLY_MS && !until(); waited += POLL_MS) await sleep(POLL_MS);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The differences from what was expected; empty when there are none. */
export function findDifferences({ expected }: Scenario, { delivery, received, deadLetters }: Outcome): string[] {
  const statusCodes = delivery.attempts.map(({ status_code }) => status_code);
  const ids = new Set(received.map(({ id }) => id));
  const checks: [boolean, string][] = [
    [delivery.status === expected.status, `the delivery is ${delivery.status}, not ${expected.status}`],
    [String(statusCodes) === String(expected.statusCodes), `the status codes were ${String(statusCodes)}`],
    [received.length === statusCodes.length, `${received.length} requests arrived`],
    [ids.size === 1 && ids.has(delivery.event_id), 'the webhook-id was not always the event’s id'],
    [received.every(({ verification }) => verification.ok), 'the receiver could not verify every request'],
    [deadLetters === expected.deadLetters, `${deadLetters} messages are in the dead-letter queue`],
  ];
  return checks.filter(([holds]) => !holds).map(([, difference]) => difference);
}
