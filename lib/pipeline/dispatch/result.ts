import { delaysOf } from '../../dialects/retry-presets.ts';
import { type Delivery, attemptsOfSchedule, newRecord, scheduleStart } from '../../domain/delivery.ts';
import type { NextDelivery } from '../../domain/delivery-changes/next-delivery.ts';
import {
  type MadeAttempt,
  delivered,
  exhausted,
  notedWhileHeld,
  waitsAfterFailure,
} from '../../domain/delivery-changes/results.ts';
import type { Wait, WaitMode } from '../../domain/delivery-changes/waits.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { AttemptTrigger } from '../../domain/delivery-triggers.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import { deliveryId } from '../../domain/ids.ts';
import { traceParentOf } from '../../domain/trace-parent.ts';
import { loggedUrl } from '../../domain/logged-url.ts';
import { nextAttemptAt } from '../../domain/retry-schedule.ts';
import type { ResponseBody } from '../../ports/delivery-log.ts';
import type { Log } from '../../ports/log.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visit } from './visit.ts';
import { type WaitTools, chooseMode } from './waiting.ts';

/** An attempt that was made, on its way into the record. */
export interface Tried extends MadeAttempt {
  visit: Visit;
  event: Event;
  endpoint: Endpoint;
}

export interface ResultTools extends WaitTools {
  ports: WaitTools['ports'] & Pick<Ports, 'log' | 'random'>;
}

/** What becomes of the message once the result is written: a way of waiting for the next attempt, or the end. */
type FollowUp = 'acknowledge' | 'dead-letter' | WaitMode;

/** The record as it was written, with an attempt's result. */
export interface Recorded {
  record: Delivery;
  followUp: FollowUp;
}

/**
 * Writes the result of an attempt in one conditional write. When the record has moved on meanwhile, a success is written
 * over every state but delivered; a failure only where no other attempt was counted and the record is not final; anything
 * else is a duplicate and is dropped.
 * @param bytes the body of a failed attempt's answer
 * @returns undefined for a duplicate: another message has done it, and what this one should do is decided afresh
 */
export async function recordResult(
  tools: ResultTools,
  tried: Tried,
  bytes: Uint8Array | undefined,
): Promise<Recorded | undefined> {
  const { deliveries } = tools.ports;
  const { visit, event, outcome } = tried;
  let record = visit.snapshot.record ?? newRecord(event, visit.pointer);
  const countedBefore = record.attempts.length;
  const body: ResponseBody | undefined = bytes && { attempt: countedBefore + 1, bytes };
  for (;;) {
    const result = await resultOn(tools, tried, record);
    if (!result) break;
    const written = await deliveries.writeUnlessSuperseded(result.next, body);
    if (written) {
      logAttempt(tools.ports.log, tried, written);
      return { record: written, followUp: result.followUp };
    }
    record = (await deliveries.get(visit.pointer)) ?? newRecord(event, visit.pointer);
    if (!outcome.success && record.attempts.length !== countedBefore) break;
  }
  tools.ports.log.info('dispatch.duplicate', visit.fields);
  return undefined;
}

/** What is to be written after an attempt. */
interface Result {
  next: NextDelivery;
  followUp: FollowUp;
}

/** What the attempt makes of a record; undefined when the record is finished and nothing changes it. */
async function resultOn(tools: ResultTools, tried: Tried, record: Delivery): Promise<Result | undefined> {
  const now = tools.ports.clock.now();
  const wait = await nextWait(tools, tried, record, now);
  const trigger = triggerOf(tried, wait);
  const { action } = transition(record, trigger);
  switch (action) {
    case 'settle':
      return { next: delivered(record, trigger, tried, now), followUp: 'acknowledge' };
    case 'wait':
      return wait && { next: waitsAfterFailure(record, trigger, tried, wait, now), followUp: wait.mode };
    case 'note':
      return { next: notedWhileHeld(record, trigger, tried, now), followUp: 'acknowledge' };
    case 'exhaust':
      return { next: exhausted(record, trigger, tried, now), followUp: 'dead-letter' };
    case 'acknowledge':
      return undefined;
  }
}

/** When the next attempt comes, and how the delivery waits for it; undefined after a success and the last attempt. */
async function nextWait(tools: ResultTools, tried: Tried, record: Delivery, now: number): Promise<Wait | undefined> {
  const { endpoint, outcome, startedAt, visit } = tried;
  if (outcome.success) return undefined;
  const dueAt = nextAttemptAt({
    delays: delaysOf(endpoint.retry),
    attempts: attemptsOfSchedule(record) + 1,
    startedAt: scheduleStart(record, now) ?? startedAt,
    now,
    fraction: tools.ports.random.fraction(),
    ...(outcome.retryAfterSeconds !== undefined && { retryAfterSeconds: outcome.retryAfterSeconds }),
  });
  return dueAt === undefined ? undefined : { dueAt, mode: await chooseMode(tools, visit, record, dueAt, now) };
}

function triggerOf({ outcome }: Tried, wait: Wait | undefined): AttemptTrigger {
  if (outcome.success) return 'succeeded';
  if (!wait) return 'failed-last';
  return wait.mode === 'park' ? 'failed-far' : 'failed';
}

function logAttempt(log: Log, { visit, event, endpoint, outcome, startedAt }: Tried, record: Delivery): void {
  log.info('dispatch.attempt', {
    ...visit.fields,
    delivery_id: deliveryId(record),
    event_type: event.type,
    traceparent: traceParentOf(event),
    ...(visit.pointer.ordinal === 0 && event.endpointIds[0] === endpoint.id && { first_of_event: true }),
    url: loggedUrl(endpoint.url),
    status: record.status,
    status_code: outcome.statusCode,
    error_kind: outcome.errorKind,
    error_message: outcome.errorMessage,
    refused_address: outcome.refusedAddress,
    duration_ms: Math.round(outcome.durationMs),
    since_accepted_ms: startedAt - event.acceptedAt,
    message_age_ms: visit.readAt - visit.message.sentAt,
    attempt_number: record.attempts.length,
    ...(record.dueAt !== undefined && {
      next_retry_at: new Date(record.dueAt).toISOString(),
      // A query can compute with it.
      retry_in_seconds: Math.round((record.dueAt - record.updatedAt) / 1000),
    }),
  });
}
