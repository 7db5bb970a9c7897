import type { BatchEvent, EventAccepted, EventResults } from '../api-types.ts';
import { ApiError, PostriderError } from '../errors.ts';
import { delayBefore, pause } from '../retries.ts';
import type { CallOptions, Transport } from '../transport.ts';
import { Batch, type Part, bodyOf, partOf } from './batch.ts';

export type PostedEvent = BatchEvent;
export type BatchOptions = Omit<CallOptions, 'requestId'>;

/** What became of one event of a batch. `event` has the `idempotency_key` that it was posted with. */
export type EventOutcome<Posted> =
  | { event: Posted; accepted: EventAccepted; error?: never }
  | { event: Posted; accepted?: never; error: PostriderError };

export async function* postAll<Posted extends PostedEvent>(
  transport: Transport,
  events: Iterable<Posted> | AsyncIterable<Posted>,
  options: BatchOptions = {},
): AsyncGenerator<EventOutcome<Posted>, void, undefined> {
  let batch = new Batch<Part<Posted>>();
  for await (const event of events) {
    const part = partOf(event);
    if (!batch.hasRoomFor(part)) {
      yield* await postBatch(transport, batch.items, options);
      batch = new Batch();
    }
    batch.add(part);
  }
  if (batch.items.length > 0) yield* await postBatch(transport, batch.items, options);
}

/**
 * Posts the events of one batch; those that the service could not take right now, again.
 * @returns what became of each, in their order
 */
export async function postBatch<Posted>(
  transport: Transport,
  parts: readonly Part<Posted>[],
  options: BatchOptions,
): Promise<EventOutcome<Posted>[]> {
  let outcomes = await postOnce(transport, parts, options);
  for (let attempt = 0; attempt < transport.retriesOf(options); attempt += 1) {
    const delays = outcomes.map(({ error }) => error && delayBefore(attempt, error, 'always', Math.random()));
    const again = parts.filter((_, index) => delays[index] !== undefined);
    if (again.length === 0) break;
    await pause(Math.max(...delays.filter((delay) => delay !== undefined)), options.signal);
    const later = await postOnce(transport, again, options);
    outcomes = outcomes.map((outcome, index) => (delays[index] === undefined ? outcome : later.shift()) ?? outcome);
  }
  return outcomes;
}

/** A call that fails as a whole is the outcome of all its events. */
async function postOnce<Posted>(
  transport: Transport,
  parts: readonly Part<Posted>[],
  options: BatchOptions,
): Promise<EventOutcome<Posted>[]> {
  try {
    const call = { method: 'POST', path: '/v1/events/batch', body: bodyOf(parts) } as const;
    const { data } = await transport.send<EventResults>(call, { ...options, retries: 0 });
    return parts.map(({ event }, index) => outcomeOf(event, data[index]));
  } catch (error) {
    if (!(error instanceof PostriderError)) throw error;
    return parts.map(({ event }) => ({ event, error }));
  }
}

function outcomeOf<Posted>(event: Posted, result: EventResults['data'][number] | undefined): EventOutcome<Posted> {
  if (!result) throw new Error('The service answered fewer results than events were posted.');
  return 'error' in result ? { event, error: new ApiError(result.error) } : { event, accepted: result };
}
