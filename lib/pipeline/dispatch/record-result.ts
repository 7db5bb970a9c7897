import { delaysOf } from '../../dialects/retry-presets.ts';
import type { AttemptSummary, Delivery } from '../../domain/delivery.ts';
import { attemptsOfSchedule } from '../../domain/delivery.ts';
import { type Happening, stateOf, transition } from '../../domain/delivery-state.ts';
import { deliveryId } from '../../domain/ids.ts';
import { loggedUrl } from '../../domain/logged-url.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { nextAttemptAt } from '../../domain/retry-schedule.ts';
import type { Attempting, MadeAttempt } from './attempt.ts';
import { sendToExhausted } from './dead-letter.ts';
import { newRecord } from '../delivery/new-record.ts';
import { type Waiting, comeBack, planWaiting } from './retry.ts';
import { CHECK_GRACE } from '../delivery/times.ts';
import { type DispatchPorts, type Verdict, type Visit, describe } from './visit.ts';

/** The record after an attempt, and what has to follow once it is written. */
interface Result {
  record: Delivery;
  follow: (written: Delivery) => Promise<Verdict>;
}

/**
 * Writes what an attempt came to, in one conditional upsert, and makes what must follow follow (protocol B4). When the
 * record has moved on meanwhile, a success is written over every state but delivered; a failure only where no other
 * attempt was counted and the record is not final; anything else is a duplicate and dropped.
 */
export async function recordResult(
  attempting: Attempting,
  made: MadeAttempt,
  shut: boolean,
): Promise<Verdict | 'reread'> {
  const { ports } = attempting;
  const { visit, outcome } = made;
  let base = visit.snapshot.record;
  const countedBefore = base?.attempts.length ?? 0;
  const body = made.responseBody && { attempt: countedBefore + 1, bytes: made.responseBody };
  for (;;) {
    const result = await resultOn(attempting, made, shut, base);
    if (!result) return dropDuplicate(ports, visit);
    const written = await ports.deliveries.writeUnlessSuperseded(result.record, body);
    if (written) {
      logAttempt(ports, made, written);
      return result.follow(written);
    }
    base = await ports.deliveries.get(visit.pointer);
    if (!outcome.success && (base?.attempts.length ?? 0) !== countedBefore) return dropDuplicate(ports, visit);
  }
}

/** What the attempt makes of a record; undefined when the record wants nothing of it. */
async function resultOn(
  attempting: Attempting,
  made: MadeAttempt,
  shut: boolean,
  read: Delivery | undefined,
): Promise<Result | undefined> {
  const { ports } = attempting;
  const base = read ?? newRecord(made.event, made.visit.pointer);
  const now = ports.clock.now();
  const attempted = withAttempt(base, made.outcome, made.startedAt, now);
  const dueAt = made.outcome.success ? undefined : nextDueAt(ports, attempted, made, now);
  const waiting = dueAt === undefined ? undefined : await planWaiting(attempting, made.visit, base, dueAt, now);
  const { to, act } = transition(read, happeningOf(made, shut, waiting));
  const acknowledge = async (): Promise<Verdict> => 'acknowledge';
  switch (act) {
    case 'settle': {
      const status = to as 'delivered' | 'abandoned';
      return { record: settled(attempted, status), follow: acknowledge };
    }
    case 'wait':
      return (
        waiting && { record: waitingRecord(attempted, waiting), follow: () => comeBack(ports, made.visit, waiting) }
      );
    case 'note':
      return { record: attempted, follow: acknowledge };
    case 'exhaust': {
      const record: Delivery = {
        ...settled(attempted, 'exhausted'),
        epoch: base.epoch + 1,
        dlqPending: true,
        checkAt: now + CHECK_GRACE,
      };
      return { record, follow: (written) => exhausted(ports, written) };
    }
    default:
      return undefined;
  }
}

function happeningOf({ outcome }: MadeAttempt, shut: boolean, waiting: Waiting | undefined): Happening {
  if (outcome.success) return 'succeeded';
  if (shut) return 'failed-gone';
  if (!waiting) return 'failed-last';
  return waiting.kind === 'park' ? 'failed-far' : 'failed';
}

/** The attempt counts, a first one opens the schedule, and our own faults before it are forgotten. */
export function withAttempt(base: Delivery, outcome: Outcome, startedAt: number, now: number): Delivery {
  const { faults: _, statusReason: __, slot: ___, ...rest } = base;
  const summary: AttemptSummary = {
    number: base.attempts.length + 1,
    at: startedAt,
    durationMs: Math.round(outcome.durationMs),
    ...(outcome.statusCode !== undefined && { statusCode: outcome.statusCode }),
    ...(outcome.errorKind && { errorKind: outcome.errorKind }),
    ...(outcome.errorMessage && { errorMessage: outcome.errorMessage }),
  };
  const keepsReason = base.status === 'held' && base.statusReason;
  return {
    ...rest,
    ...(keepsReason && { statusReason: keepsReason }),
    attempts: [...base.attempts, summary],
    scheduleStartedAt: base.scheduleStartedAt ?? startedAt,
    updatedAt: now,
  };
}

function nextDueAt(ports: DispatchPorts, record: Delivery, { endpoint, outcome, startedAt }: MadeAttempt, now: number) {
  return nextAttemptAt({
    delays: delaysOf(endpoint.retry),
    attempts: attemptsOfSchedule(record),
    startedAt: record.scheduleStartedAt ?? startedAt,
    now,
    fraction: ports.random.fraction(),
    ...(outcome.retryAfterSeconds !== undefined && { retryAfterSeconds: outcome.retryAfterSeconds }),
  });
}

export function delivered(record: Delivery): Delivery {
  return settled(record, 'delivered');
}

function settled(record: Delivery, status: 'delivered' | 'exhausted' | 'abandoned'): Delivery {
  const { dueAt: _, checkAt: __, heldAt: ___, dlqPending: ____, statusReason: _____, ...rest } = record;
  return { ...rest, status, ...(status === 'abandoned' && { statusReason: 'disabled' as const }) };
}

function waitingRecord(record: Delivery, waiting: Waiting): Delivery {
  const { heldAt: _, ...rest } = record;
  return {
    ...rest,
    status: waiting.kind === 'park' ? 'parked' : 'retrying',
    epoch: waiting.epoch,
    dueAt: waiting.dueAt,
    checkAt: waiting.checkAt,
  };
}

async function exhausted(ports: DispatchPorts, record: Delivery): Promise<Verdict> {
  await sendToExhausted(ports, record);
  return 'acknowledge';
}

/** Another message has done it. What this one should do now is decided afresh. */
function dropDuplicate(ports: DispatchPorts, visit: Visit): 'reread' {
  ports.log.info('dispatch.duplicate', describe(visit));
  return 'reread';
}

function logAttempt(ports: DispatchPorts, made: MadeAttempt, record: Delivery): void {
  const { endpoint, event, outcome } = made;
  ports.log.info('dispatch.attempt', {
    ...describe(made.visit),
    delivery_id: deliveryId(record),
    event_type: event.type,
    url: loggedUrl(endpoint.url),
    status: stateOf(record),
    status_code: outcome.statusCode,
    error_kind: outcome.errorKind,
    error_message: outcome.errorMessage,
    duration_ms: Math.round(outcome.durationMs),
    attempt_number: record.attempts.length,
    next_retry_at: record.dueAt && new Date(record.dueAt).toISOString(),
  });
}
