import { readCursor, writeCursor } from '../../../domain/cursor.ts';
import { deliveryId } from '../../../domain/ids.ts';
import { type PollConsumer, counts } from '../../../domain/poll-consumer.ts';
import { timeOfKey } from '../../../domain/poll-entry.ts';
import { type PollPosition, isPosition, positionAt } from '../../../domain/poll-position.ts';
import { POLL_KEPT, POLL_REREAD } from '../../../domain/times.ts';
import { type ConsumerPorts, commit, listConsumers, removeConsumer } from '../../../pipeline/polls/commit.ts';
import type { PollPorts, PolledDelivery } from '../../../pipeline/polls/poll.ts';
import { pollWaiting } from '../../../pipeline/polls/wait.ts';
import type { HandlersOf } from '../../handler.ts';
import { asTimestamp } from '../../schemas/times.ts';
import type { pollRoutes } from './routes.ts';
import type { ConsumerJson, PollJson } from './schemas.ts';

type Used = keyof (ConsumerPorts & PollPorts);

/** Seconds after which an empty poll is worth repeating. */
const AGAIN_AFTER = { active: 1, paused: 10, braked: 10 } as const;
/** Polls give a `cursor` with each answer, and no `next_cursor`. */
const NOT_OF_A_POLL = '`cursor` is not from a poll of this endpoint: pass the `cursor` of an earlier answer unchanged.';

export const pollHandlers: HandlersOf<typeof pollRoutes, 'poll', Used> = {
  'polls.poll': async ({ params, query }, { ports, settings, tenantId, setHeaders }) => {
    const { cursor, consumer, limit, wait } = query;
    const { pollDelayMs: delayMs, logTtlMs } = settings;
    const now = ports.clock.now();
    const start = { cursor: cursor === undefined ? undefined : positionIn(params.id, cursor, now), consumer };
    const look = { start, limit, delayMs, logTtlMs, waitMs: wait * 1000 };
    const { deliveries, position, more, state } = await pollWaiting(ports, tenantId, params.id, look);
    if (deliveries.length === 0 && !more) setHeaders({ 'retry-after': String(AGAIN_AFTER[state]) });
    return { data: deliveries.map(polledJson), cursor: cursorOf(params.id, position), more, state };
  },

  'polls.commit': async ({ params, body }, { ports, settings, tenantId }) => {
    const now = ports.clock.now();
    const oldest = Math.max(0, now - Math.min(POLL_KEPT, settings.logTtlMs));
    const from = positionAt(body.from === 'oldest' ? oldest : now);
    const position = body.cursor === undefined ? from : positionIn(params.id, body.cursor, now);
    return consumerJson(await commit(ports, tenantId, params.id, params.name, position), now);
  },

  'polls.consumers': async ({ params }, { ports, tenantId }) => {
    const consumers = await listConsumers(ports, tenantId, params.id);
    const now = ports.clock.now();
    return { data: consumers.map((one) => consumerJson(one, now)), next_cursor: null };
  },

  'polls.remove': async ({ params }, { ports, tenantId }) => removeConsumer(ports, tenantId, params.id, params.name),
};

function polledJson({ entry, headers, body }: PolledDelivery): PollJson['data'][number] {
  return {
    delivery_id: deliveryId(entry),
    event_id: entry.eventId,
    event_type: entry.eventType,
    test: entry.isTest ?? false,
    written_at: asTimestamp(entry.writtenAt),
    headers,
    body: Buffer.from(body).toString(),
  };
}

function consumerJson({ endpointId, name, position, committedAt }: PollConsumer, now: number): ConsumerJson {
  return {
    name,
    cursor: cursorOf(endpointId, position),
    committed_at: asTimestamp(committedAt),
    counts: counts({ committedAt }, now),
  };
}

function cursorOf(endpointId: string, { finalUntil, after, given }: PollPosition): string {
  return writeCursor([endpointId, finalUntil, after, given]);
}

/**
 * None of the future: who commits one has, by mistake, committed what nobody has been given yet.
 * @throws RequestError `invalid-cursor`
 */
function positionIn(endpointId: string, cursor: string, now: number): PollPosition {
  const isOfEndpoint = (value: unknown): value is [string, number, string, Record<string, string>] =>
    Array.isArray(value) && value.length === 4 && value[0] === endpointId && isReached(asPosition(value), now);
  return asPosition(readCursor(cursor, isOfEndpoint, NOT_OF_A_POLL)) as PollPosition;
}

/** The clocks of two functions differ by less than the time in which an entry comes to light. */
function isReached(value: unknown, now: number): boolean {
  return isPosition(value) && timeOfKey(value.after) <= now + POLL_REREAD;
}

function asPosition([, finalUntil, after, given]: readonly unknown[]): unknown {
  return { finalUntil, after, given };
}
