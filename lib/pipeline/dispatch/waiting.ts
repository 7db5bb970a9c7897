import type { Delivery } from '../../domain/delivery.ts';
import { type WaitCause, type WaitMode, parkedEarly, postponed } from '../../domain/delivery-changes/waits.ts';
import type { Trigger } from '../../domain/delivery-triggers.ts';
import { VisibilityLimitError } from '../../domain/errors.ts';
import { MESSAGE_MAX_AGE, MESSAGE_MAX_RECEIVES, PARK_BEYOND } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { MAX_VISIBILITY_SECONDS, MOST_IN_FLIGHT } from '../../ports/queue-rules.ts';
import { sendToRetries } from '../delivery/messages.ts';
import { type Verdict, type Visit, recordOf } from './visit.ts';

/** Two timeouts less than a message can be hidden from its receive on, because that moment is not known exactly. */
const LONGEST_HIDING_SECONDS = MAX_VISIBILITY_SECONDS - (120 + 60);

const SHARE = 0.6;
const RECOUNT_MS = 60_000;

/** Tells whether a delivery that would wait in retries must be parked instead. */
export type PressureGauge = () => Promise<boolean>;

/** What letting a delivery wait takes. */
export interface WaitTools {
  ports: Pick<Ports, 'clock' | 'log' | 'queues' | 'deliveries'>;
  pressure: PressureGauge;
}

/** Why an attempt that is due must wait, and until when (milliseconds since the Unix epoch). */
export type MustWait = WaitCause & { dueAt: number };

/**
 * Lets an attempt that is due wait: its delivery gets a record, and a first message leaves deliveries, so that it does not
 * slow down other first attempts. Under a brake it is parked.
 */
export async function setAside(
  tools: WaitTools,
  visit: Visit,
  why: MustWait,
  trigger: Trigger = 'must-wait',
): Promise<Verdict | 'reread'> {
  const { ports } = tools;
  const { dueAt, ...cause } = why;
  const record = recordOf(visit);
  const now = ports.clock.now();
  const mode = cause.reason === 'braked' ? 'park' : await chooseMode(tools, visit, record, dueAt, now);
  const next = postponed(record, trigger, cause, { mode, dueAt }, now);
  const written = await ports.deliveries.writeUnlessSuperseded(next);
  return written ? comeBack(ports, visit, mode, written) : 'reread';
}

/**
 * Hides a message of the record's epoch from retries, and replaces any other by one of a new epoch; parks the delivery
 * when it is due too late for a queue, or when the queue has too many messages.
 */
export async function chooseMode(
  { pressure }: WaitTools,
  visit: Visit,
  record: Delivery,
  dueAt: number,
  now: number,
): Promise<WaitMode> {
  if (dueAt - now > PARK_BEYOND || (await pressure())) return 'park';
  const canHide = visit.queue === 'retries' && visit.pointer.epoch === record.epoch && isFresh(visit, now);
  return canHide ? 'hide' : 'replace';
}

function isFresh({ message }: Visit, now: number): boolean {
  return message.receiveCount < MESSAGE_MAX_RECEIVES && now - message.sentAt < MESSAGE_MAX_AGE;
}

/**
 * Makes sure that a message comes back when its delivery is due.
 * @param record as it was written, for this way of waiting
 */
export async function comeBack(
  ports: Pick<Ports, 'clock' | 'log' | 'queues'>,
  visit: Visit,
  mode: WaitMode,
  record: Delivery,
): Promise<Verdict> {
  if (mode === 'hide') return hideUntilDue(ports, visit, record);
  if (mode === 'replace') await sendToRetries(ports, [record]);
  return 'acknowledge';
}

/** A message that came before its time waits on, or its delivery waits in the table when the queue has too many. */
export async function waitOn(
  { ports, pressure }: WaitTools,
  visit: Visit,
  record: Delivery,
): Promise<Verdict | 'reread'> {
  if (!(await pressure())) return hideUntilDue(ports, visit, record);
  const written = await ports.deliveries.writeUnlessSuperseded(parkedEarly(record, ports.clock.now()));
  return written ? 'acknowledge' : 'reread';
}

/** A queue that refuses so long a time gives the message back earlier, and it waits on then. */
async function hideUntilDue(
  ports: Pick<Ports, 'clock' | 'log' | 'queues'>,
  { queue, message, fields }: Visit,
  { dueAt = 0 }: Pick<Delivery, 'dueAt'>,
): Promise<Verdict> {
  const wanted = Math.ceil(Math.max(0, dueAt - ports.clock.now()) / 1000);
  let seconds = Math.min(wanted, LONGEST_HIDING_SECONDS);
  for (;;) {
    try {
      await ports.queues.hide(queue, message, seconds);
      return 'keep';
    } catch (cause) {
      if (!(cause instanceof VisibilityLimitError) || seconds < 1) throw cause;
      seconds = Math.floor(seconds / 2);
      ports.log.info('dispatch.hidden-for-less', { ...fields, seconds, wanted_seconds: wanted });
    }
  }
}

/**
 * Counts at most once a minute, and only when something has to wait. It never throws, because its caller may hold the
 * result of an attempt. When counting fails, the last count holds, and before the first one there is room: a queue that
 * cannot be counted is seldom full, and parking every retry meanwhile would make them late and burden sweep.
 */
export function createPressureGauge({ queues, clock, log }: Pick<Ports, 'queues' | 'clock' | 'log'>): PressureGauge {
  let countedAt = Number.NEGATIVE_INFINITY;
  let pressed = Promise.resolve(false);
  const count = async (last: Promise<boolean>) => {
    try {
      return (await queues.inFlight('retries')) >= MOST_IN_FLIGHT * SHARE;
    } catch (cause) {
      log.error('dispatch.not-counted', cause, { queue: 'retries' });
      return last;
    }
  };
  return () => {
    if (clock.now() - countedAt >= RECOUNT_MS) {
      countedAt = clock.now();
      pressed = count(pressed);
    }
    return pressed;
  };
}
