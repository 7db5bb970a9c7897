import type { Delivery } from '../../domain/delivery.ts';
import { VisibilityLimitError } from '../../domain/errors.ts';
import type { DeliveryKey } from '../../domain/ids.ts';
import { writeDeliveryMessage } from '../../domain/message.ts';
import type { Ports } from '../../ports/ports.ts';
import { MAX_DELAY_SECONDS, MAX_VISIBILITY_SECONDS } from '../../ports/queue-rules.ts';
import type { OutgoingMessage } from '../../ports/queues.ts';
import type { Attempting } from './attempt.ts';
import {
  CHECK_GRACE,
  LEAST_CHECK_GRACE,
  MESSAGE_MAX_AGE,
  MESSAGE_MAX_RECEIVES,
  PARK_BEYOND,
  PARK_LEAD,
} from '../delivery/times.ts';
import type { DispatchPorts, Verdict, Visit } from './visit.ts';

/** How a delivery waits for its next attempt: its own message hidden, a new message, or none (parked). */
export interface Waiting {
  kind: 'hide' | 'replace' | 'park';
  epoch: number;
  dueAt: number;
  checkAt: number;
}

/** What a hidden message may wait at most: the receive cannot be seen exactly, so two timeouts are taken off (C2). */
const HIDE_MARGIN_SECONDS = 120 + 60;

/**
 * Chooses how to wait (B5, C1 to C4): a message of the record's epoch from retries is hidden, any other is replaced by
 * one of a new epoch; what is too far off, or too much for the queue, is parked.
 */
export async function planWaiting(
  attempting: Attempting,
  visit: Visit,
  base: Delivery,
  dueAt: number,
  now: number,
): Promise<Waiting> {
  if (dueAt - now > PARK_BEYOND || (await attempting.pressure())) {
    return { kind: 'park', epoch: base.epoch + 1, dueAt, checkAt: dueAt - PARK_LEAD };
  }
  const checkAt = checkAfter(dueAt, base.checkAt);
  const hide = visit.queue === 'retries' && visit.pointer.epoch === base.epoch && isFresh(visit, now);
  return hide
    ? { kind: 'hide', epoch: base.epoch, dueAt, checkAt }
    : { kind: 'replace', epoch: base.epoch + 1, dueAt, checkAt };
}

/**
 * When sweep looks at it. A check time that still is a good one is kept: a place in the due index that does not change
 * saves the two writes of a move, and the first retries of most schedules come within minutes.
 */
function checkAfter(dueAt: number, present = 0): number {
  const isGood = present >= dueAt + LEAST_CHECK_GRACE && present <= dueAt + CHECK_GRACE;
  return isGood ? present : dueAt + CHECK_GRACE;
}

function isFresh({ message }: Visit, now: number): boolean {
  return message.receiveCount < MESSAGE_MAX_RECEIVES && now - message.sentAt < MESSAGE_MAX_AGE;
}

/** Lets a message come back when its delivery is due; the record says already how. */
export async function comeBack(ports: DispatchPorts, visit: Visit, waiting: Waiting): Promise<Verdict> {
  if (waiting.kind === 'park') return 'acknowledge';
  if (waiting.kind === 'hide') return hideFor(ports, visit, waiting.dueAt);
  await ports.queues.send('retries', [retryMessage(visit.pointer, waiting, ports.clock.now())]);
  return 'acknowledge';
}

/** A message for retries, with as much of the wait as SQS takes as a delay (C1). */
export function retryMessage(
  key: DeliveryKey,
  { epoch, dueAt }: { epoch: number; dueAt: number },
  now: number,
): OutgoingMessage {
  const seconds = Math.ceil(Math.max(0, dueAt - now) / 1000);
  return {
    body: writeDeliveryMessage({ ...key, epoch }),
    group: key.endpointId,
    delaySeconds: Math.min(seconds, MAX_DELAY_SECONDS),
  };
}

/** A message that came before its time waits on (B3). */
export async function hideUntilDue(ports: DispatchPorts, visit: Visit): Promise<Verdict> {
  return hideFor(ports, visit, visit.snapshot.record?.dueAt ?? 0);
}

async function hideFor(ports: DispatchPorts, visit: Visit, dueAt: number): Promise<Verdict> {
  const wanted = Math.ceil(Math.max(0, dueAt - ports.clock.now()) / 1000);
  let seconds = Math.min(wanted, MAX_VISIBILITY_SECONDS - HIDE_MARGIN_SECONDS);
  for (;;) {
    try {
      await ports.queues.hide(visit.queue, visit.message, seconds);
      return 'keep';
    } catch (cause) {
      if (!(cause instanceof VisibilityLimitError) || seconds < 1) throw cause;
      seconds = Math.floor(seconds / 2);
    }
  }
}

/** An exhausted delivery whose message came back from its DLQ: a fresh schedule, due now, once (B3). */
export async function redrive(ports: DispatchPorts, visit: Visit): Promise<Verdict | 'reread'> {
  const { record } = visit.snapshot;
  if (!record) throw new Error('Only a recorded delivery can be redriven.');
  const now = ports.clock.now();
  const { dlqPending: _, scheduleStartedAt: __, ...rest } = record;
  const fresh: Delivery = { ...rest, ...dueNow(record, now), status: 'retrying', scheduleBase: record.attempts.length };
  const written = await ports.deliveries.writeUnlessSuperseded(fresh);
  // Perhaps only its way into the exhausted queue was noted meanwhile: the redrive stands, and is made on that.
  if (!written) return 'reread';
  await sendNow(ports, [written]);
  return 'acknowledge';
}

/** The fields of a record that a new message, of a new epoch, carries on at once (B2). */
export function dueNow(record: Delivery, now: number) {
  return { epoch: record.epoch + 1, dueAt: now, checkAt: now + CHECK_GRACE, updatedAt: now };
}

/** Sends the messages of records that were just written with their new epoch. */
export async function sendNow(ports: Pick<Ports, 'queues' | 'clock'>, records: readonly Delivery[]): Promise<void> {
  const now = ports.clock.now();
  const messages = records.map((record) =>
    retryMessage(record, { epoch: record.epoch, dueAt: record.dueAt ?? now }, now),
  );
  if (messages.length > 0) await ports.queues.send('retries', messages);
}
