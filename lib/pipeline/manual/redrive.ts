import * as z from 'zod';
import { type Parsed, isJobMessage, readDeliveryMessage, readJobMessage } from '../../domain/message.ts';
import type { QueueName, QueueReceiver, QueueSender, ReceivedMessage } from '../../ports/queues.ts';

/** The queues whose messages wait for a person. */
export const DEAD_LETTER_QUEUES = ['exhausted', 'poison'] as const satisfies readonly QueueName[];
export type DeadLetterQueue = (typeof DEAD_LETTER_QUEUES)[number];

/** The queues that a stage works on. */
const WORKED_QUEUES = ['deliveries', 'retries', 'slow', 'jobs'] as const satisfies readonly QueueName[];
export type WorkedQueue = (typeof WORKED_QUEUES)[number];

/** Where a dead letter belongs and what is to be sent there; or why that is unknown, and it stays. */
export type Route = { to: WorkedQueue; body: string } | { why: string };

export interface Redriven {
  /** How many messages each queue was sent. */
  moved: Record<WorkedQueue, number>;
  /** What stays: it is visible again when its visibility timeout ends. */
  kept: { message: ReceivedMessage; why: string }[];
}

/** What `poisonMessage` writes; `cut` is there when the body is only the head of one that was too large. */
const envelope = z.object({
  v: z.literal(1),
  from: z.enum(WORKED_QUEUES),
  why: z.string(),
  body: z.string(),
  cut: z.object({ bytes: z.number() }).optional(),
});

/**
 * Where a message of a dead-letter queue belongs. One of exhausted goes to retries, as with AWS's own redrive. One of
 * poison that our code has put there says where it came from; one that SQS has moved there is recognized by its shape.
 */
export function routeDeadLetter(from: DeadLetterQueue, body: string): Route {
  if (from === 'exhausted') return { to: 'retries', body };
  const wrapped = envelope.safeParse(parseJson(body));
  if (!wrapped.success) return routeRaw(body);
  const { from: to, body: inner, cut } = wrapped.data;
  if (cut) return { why: `only the head of its ${cut.bytes} bytes was kept` };
  const isJob = to === 'jobs' || (to === 'slow' && isJobMessage(inner));
  const parsed = isJob ? readJobMessage(inner) : readDeliveryMessage(inner);
  // What this code can't read either would come straight back.
  return parsed.kind === 'unreadable' ? { why: parsed.why } : { to, body: inner };
}

/** Why a message is in a dead-letter queue, and from which queue it came where that is known. */
export function causeOf(from: DeadLetterQueue, body: string): { from?: WorkedQueue; why: string } {
  if (from === 'exhausted') return { why: 'all attempts used' };
  const wrapped = envelope.safeParse(parseJson(body));
  if (wrapped.success) return { from: wrapped.data.from, why: wrapped.data.why };
  const route = routeRaw(body);
  return 'why' in route ? { why: route.why } : { from: route.to, why: 'received too often' };
}

function routeRaw(body: string): Route {
  // Of a probe too: the function that works jobs works any.
  if (readJobMessage(body).kind === 'pointer') return { to: 'jobs', body };
  const parsed = readDeliveryMessage(body);
  if (parsed.kind !== 'pointer') return { why: whyNotRead(parsed) };
  // Only a first attempt has epoch 0. Either queue would do: they are apart so that retries delay no first attempt.
  return { to: parsed.pointer.epoch === 0 ? 'deliveries' : 'retries', body };
}

function whyNotRead(parsed: Exclude<Parsed<unknown>, { kind: 'pointer' }>): string {
  return parsed.kind === 'newer' ? 'of a newer version' : parsed.why;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** How many messages one receive asks for: the most that a queue gives. */
const BATCH = 10;

/**
 * Moves the messages of a dead-letter queue to where they belong. Each is sent first and deleted then: a crash in
 * between leaves it in both queues, and the one that comes second is stale.
 * @param most how many messages stood there at the start: no more are received, so that messages which come back at
 *   once (the fault isn't fixed) are not moved in a circle
 * @throws ServiceFault when a queue fails; what was moved until then stays moved, and it is safe to run again
 */
export async function redriveDeadLetters(
  queues: QueueSender & QueueReceiver,
  from: DeadLetterQueue,
  most: number,
): Promise<Redriven> {
  const moved: Redriven['moved'] = { deliveries: 0, retries: 0, slow: 0, jobs: 0 };
  const kept = new Map<string, Redriven['kept'][number]>();
  for (let left = most; left > 0;) {
    const messages = await queues.receive(from, Math.min(BATCH, left));
    if (messages.length === 0) break;
    left -= messages.length;
    const routed = messages.map((message) => ({ message, route: routeDeadLetter(from, message.body) }));
    for (const to of WORKED_QUEUES) moved[to] += await moveTo(queues, from, to, routed);
    // By id: in a long run one that stays can come up twice.
    for (const { message, route } of routed)
      if ('why' in route) kept.set(message.messageId, { message, why: route.why });
  }
  return { moved, kept: [...kept.values()] };
}

async function moveTo(
  queues: QueueSender & QueueReceiver,
  from: DeadLetterQueue,
  to: WorkedQueue,
  routed: readonly { message: ReceivedMessage; route: Route }[],
): Promise<number> {
  const sources: ReceivedMessage[] = [];
  const outgoing: { body: string; group: string }[] = [];
  for (const { message, route } of routed) {
    if ('why' in route || route.to !== to) continue;
    sources.push(message);
    outgoing.push({ body: route.body, group: message.group ?? 'redrive' });
  }
  if (sources.length === 0) return 0;
  await queues.send(to, outgoing);
  await queues.delete(from, sources);
  return sources.length;
}
