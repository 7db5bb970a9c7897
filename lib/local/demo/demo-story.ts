import type { DeliveryDetailJson, DeliveryJson } from '../../api/resources/deliveries/schemas.ts';
import type { EndpointCreatedJson } from '../../api/resources/endpoints/schemas.ts';
import type { ApiClient } from './api-client.ts';
import type { ReceivedWebhook } from './demo-receiver.ts';
import { startDemoReceiver } from './demo-receiver.ts';

/** One endpoint, one event, and what must come of it. */
export interface Chapter {
  title: string;
  /** What to look for, in one line. */
  lesson: string;
  eventType: string;
  /** Seconds between attempts. */
  delays: readonly number[];
  /** What the receiver answers, in turn; the last one from then on. */
  answers: readonly [number, ...number[]];
  expected: { status: DeliveryJson['status']; statusCodes: readonly number[]; deadLetters: number };
}

export const CHAPTERS: readonly Chapter[] = [
  {
    title: '1. A receiver that is well',
    lesson: 'One attempt, verified by the receiver.',
    eventType: 'invoice.paid',
    delays: [1, 2],
    answers: [200],
    expected: { status: 'delivered', statusCodes: [200], deadLetters: 0 },
  },
  {
    title: '2. A receiver that fails twice, then recovers',
    lesson: 'Three attempts with one webhook-id, the delays as the endpoint wants them (2 s, 4 s; ±20 %).',
    eventType: 'invoice.sent',
    delays: [2, 4],
    answers: [500, 500, 200],
    expected: { status: 'delivered', statusCodes: [500, 500, 200], deadLetters: 0 },
  },
  {
    title: '3. A receiver that is dead',
    lesson: 'All attempts used: exhausted, and its message is in the dead letters.',
    eventType: 'invoice.overdue',
    delays: [2, 3],
    answers: [503],
    expected: { status: 'exhausted', statusCodes: [503, 503, 503], deadLetters: 1 },
  },
];

/** What came of a chapter. */
export interface Ending {
  delivery: DeliveryDetailJson;
  received: readonly ReceivedWebhook[];
  deadLetters: number;
}

/** Lets a chapter happen. @throws Error when its delivery does not end in time */
export async function playChapter(api: ApiClient, chapter: Chapter, countDeadLetters: () => number): Promise<Ending> {
  const secret = `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')}`;
  const received: ReceivedWebhook[] = [];
  const receiver = await startDemoReceiver({
    secret,
    port: 0,
    answer: (nth) => chapter.answers[nth - 1] ?? (chapter.answers.at(-1) as number),
    onReceived: (webhook) => received.push(webhook),
  });
  try {
    const { eventType, delays } = chapter;
    await api.post<EndpointCreatedJson>('/v1/endpoints', {
      url: receiver.url,
      events: [eventType],
      signing_secret: secret,
      retry: { delays },
    });
    const { id } = await api.post<{ id: string }>('/v1/events', { type: eventType, data: { invoice: 'INV-1' } });
    const delivery = await waitForEnd(api, id);
    await waitForDeadLetters(chapter, countDeadLetters);
    return { delivery, received, deadLetters: countDeadLetters() };
  } finally {
    await receiver.stop();
  }
}

const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 30_000;
const DEAD_LETTER_PATIENCE_MS = 2_000;

async function waitForEnd(api: ApiClient, eventId: string): Promise<DeliveryDetailJson> {
  const { data } = await api.get<{ data: DeliveryJson[] }>(`/v1/events/${eventId}/deliveries`);
  const [first] = data;
  if (!first) throw new Error('The event went to no endpoint.');
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const delivery = await api.get<DeliveryDetailJson>(`/v1/deliveries/${first.id}`);
    if (['delivered', 'exhausted', 'abandoned'].includes(delivery.status)) return delivery;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`The delivery ${first.id} has not ended within ${PATIENCE_MS / 1000} s.`);
}

/** The record says exhausted a moment before its message is in the queue. */
async function waitForDeadLetters({ expected }: Chapter, count: () => number): Promise<void> {
  for (let waited = 0; waited < DEAD_LETTER_PATIENCE_MS && count() < expected.deadLetters; waited += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** What is not as it was told; empty when everything is. */
export function findDeviations({ expected }: Chapter, { delivery, received, deadLetters }: Ending): string[] {
  const statusCodes = delivery.attempts.map(({ status_code }) => status_code);
  const ids = new Set(received.map(({ id }) => id));
  const checks: [boolean, string][] = [
    [delivery.status === expected.status, `the delivery is ${delivery.status}, not ${expected.status}`],
    [String(statusCodes) === String(expected.statusCodes), `the attempts were answered ${String(statusCodes)}`],
    [received.length === statusCodes.length, `${received.length} requests arrived`],
    [ids.size === 1 && ids.has(delivery.event_id), 'the webhook-id was not always the event’s id'],
    [received.every(({ verification }) => verification.ok), 'the receiver could not verify every request'],
    [deadLetters === expected.deadLetters, `${deadLetters} messages are in the dead letters`],
  ];
  return checks.filter(([holds]) => !holds).map(([, deviation]) => deviation);
}
