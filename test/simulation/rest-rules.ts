import type { Delivery } from '../../lib/domain/delivery.ts';
import { isFinal } from '../../lib/domain/delivery-state.ts';
import { type DeliveryPointer, readDeliveryMessage } from '../../lib/domain/message.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { judgeAlerts } from './alert-rules.ts';
import { type Acceptance, type Evidence, pairId } from './evidence.ts';
import { judgeMatching } from './matching-rules.ts';
import { isSuccess } from './record-rules.ts';

/** What is left when nothing is left to do. */
export interface Rest {
  now: number;
  quiet: boolean;
  /** Endpoints whose customer has always answered 200, and that no one has changed. */
  healthy: ReadonlySet<string>;
  count(queue: QueueName): number;
  /** The messages that went into poison. */
  poisoned: readonly string[];
  /** The messages of the exhausted queue. */
  deadLetters: readonly string[];
}

/** Judges a history that has come to rest. */
const MINUTE = 60_000;

/** 12: a limited endpoint gets no more than a tenth over its limit in a minute. */
function judgeLimits(seen: Evidence, fail: Fail): void {
  for (const [endpointId, versions] of seen.endpoints) {
    const perSecond = versions[0]?.endpoint.rateLimitPerSecond;
    if (perSecond === undefined || versions.some(({ endpoint }) => endpoint.rateLimitPerSecond !== perSecond)) continue;
    const times = seen.requests.filter((one) => one.endpointId === endpointId && !one.probe).map((one) => one.calledAt);
    // Each change of the endpoint starts a new sequence of slots.
    const most = Math.ceil(perSecond * 60 * 1.1) + versions.length;
    const tooMany = times.find((at, index) => at - (times[index - most] ?? Number.NEGATIVE_INFINITY) < MINUTE);
    if (tooMany !== undefined) fail(12, `${endpointId} got more than ${most} requests in a minute`);
  }
}

export function judgeRest(seen: Evidence, rest: Rest): void {
  const fail = (invariant: number, what: string) => seen.fail(invariant, what, rest.now);
  for (const acceptance of seen.accepted) judgeAcceptance(seen, acceptance, fail);
  judgeKeys(seen, fail);
  if (rest.quiet) judgeLimits(seen, fail);
  const dead = rest.deadLetters.map(readDeliveryMessage).flatMap((one) => (one.kind === 'pointer' ? one.pointer : []));
  for (const { record } of seen.records.values()) {
    // What waits for consumers ends later, and is judged then.
    if (seen.isPolled(record.endpointId)) continue;
    judgeEnd(seen, record, fail);
    const isErased = seen.erasing.has(record.eventId);
    if (isErased) judgeErased(seen, record, fail);
    else judgeHealthy(rest, record, fail);
    // Without a payload, a redrive of its message has no effect.
    if (record.status === 'exhausted' && !isErased && !isRepeated(seen, record)) judgeDeadLetter(record, dead, fail);
    if (rest.quiet) judgeDuplicates(seen, record, fail);
  }
  judgeAlerts(seen, (record) => isRepeated(seen, record), fail);
  for (const queue of ['deliveries', 'retries', 'slow', 'jobs'] as const) {
    if (rest.count(queue) > 0) fail(5, `${rest.count(queue)} messages are left in ${queue}`);
  }
  const unreadable = rest.poisoned.filter((body) => body.includes(GARBAGE)).length;
  if (unreadable < seen.garbage) fail(14, 'an unreadable message is not in poison');
  if (unreadable < rest.poisoned.length && seen.bugs < 5) fail(14, 'a readable message is in poison');
}

/** Unreadable messages. */
export const GARBAGE = 'not ours';

type Fail = (invariant: number, what: string) => void;

/** 1: every endpoint that had to match has a record. */
function judgeAcceptance(seen: Evidence, acceptance: Acceptance, fail: Fail): void {
  const { eventId } = acceptance;
  const event = seen.events.get(eventId);
  if (!event) return fail(1, `${eventId} was accepted and is not kept`);
  for (const endpointId of event.endpointIds) {
    if (seen.isPolled(endpointId)) continue;
    const id = deliveryId({ eventId, endpointId, ordinal: 0 });
    if (!seen.records.has(id)) fail(1, `${id} was accepted and lost`);
  }
  judgeMatching(seen, event, acceptance, fail);
}

/** 2: one key, one event: among the answers, and in the log. */
function judgeKeys(seen: Evidence, fail: Fail): void {
  const events = new Map<string, string>();
  for (const { key, eventId } of seen.accepted) {
    if (key === undefined) continue;
    if ((events.get(key) ?? eventId) !== eventId) fail(2, `two events were accepted for ${key}`);
    events.set(key, eventId);
  }
  const kept = new Set<string>();
  for (const { externalId } of seen.events.values()) {
    if (externalId === undefined) continue;
    if (kept.has(externalId)) fail(2, `two events are kept for ${externalId}`);
    kept.add(externalId);
  }
}

/** 1, 5, 10: the delivery has ended, or is held for a paused endpoint. */
function judgeEnd(seen: Evidence, record: Delivery, fail: Fail): void {
  const id = deliveryId(record);
  const status = seen.versionsOf(record.endpointId).at(-1)?.endpoint.status;
  if (record.status === 'held' && status !== 'paused') fail(10, `${id} is held, and its endpoint is ${status}`);
  else if (!isFinal(record.status) && record.status !== 'held') fail(5, `${id} is still ${record.status}`);
  if (record.dlqPending) fail(5, `${id} is still on its way to the exhausted queue`);
}

/** 3: faults of ours cost a healthy customer nothing. */
function judgeHealthy({ healthy }: Rest, record: Delivery, fail: Fail): void {
  if (!healthy.has(record.endpointId) || record.statusReason === 'fault') return;
  const { status, attempts } = record;
  if (status !== 'delivered' || attempts.length !== 1) {
    fail(3, `${deliveryId(record)} of a healthy endpoint is ${status} after ${attempts.length} attempts`);
  }
}

/** 19: of an event without a payload, nothing is left to do. */
function judgeErased(seen: Evidence, record: Delivery, fail: Fail): void {
  if (seen.erasedAt.has(record.eventId) && record.status === 'held')
    fail(19, `${deliveryId(record)} is held, and its payload was deleted`);
}

/** A manual retry of an exhausted delivery makes its dead letter stale. */
function isRepeated(seen: Evidence, { ordinal, ...pair }: Delivery): boolean {
  return seen.recordsOf(pair).some(({ retriedFromOrdinal }) => retriedFromOrdinal === ordinal);
}

/** 9: its message is in the exhausted queue, with the epoch that opens a redrive. */
function judgeDeadLetter(record: Delivery, dead: readonly DeliveryPointer[], fail: Fail): void {
  const id = deliveryId(record);
  const there = dead.some((pointer) => deliveryId(pointer) === id && pointer.epoch === record.epoch);
  if (!there) fail(9, `${id} is exhausted, and the exhausted queue has no message of epoch ${record.epoch}`);
}

/** Where nothing went wrong, each attempt is one request and a success is the last (What remains). */
function judgeDuplicates(seen: Evidence, record: Delivery, fail: Fail): void {
  const records = seen.recordsOf(record);
  // The last answer of a delivery that was abandoned meanwhile is not recorded; a manual retry may be a duplicate.
  if (records.some(({ status }) => status === 'abandoned') || seen.handled.has(pairId(record))) return;
  const requests = seen.requestsOf(record).filter(({ probe, recorded }) => !probe || recorded);
  const attempts = records.reduce((sum, one) => sum + one.attempts.length, 0);
  if (requests.length !== attempts) {
    fail(3, `${deliveryId(record)}: ${requests.length} requests, ${attempts} attempts, and no fault`);
  }
  const successes = requests.filter(({ statusCode }) => isSuccess(statusCode)).length;
  const delivered = records.filter(({ status }) => status === 'delivered').length;
  if (successes !== delivered) fail(7, `${deliveryId(record)}: ${successes} successes, ${delivered} recorded`);
}
