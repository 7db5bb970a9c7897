import { delaysOf } from '../../dialects/retry-presets.ts';
import { type Delivery, attemptsOfSchedule, scheduleStart } from '../../domain/delivery.ts';
import type { NextDelivery } from '../../domain/delivery-changes/next-delivery.ts';
import {
  type MadeAttempt,
  abandonedAsGone,
  delivered,
  exhausted,
  notedWhileHeld,
  waitsAfterFailure,
} from '../../domain/delivery-changes/results.ts';
import type { Wait } from '../../domain/delivery-changes/waits.ts';
import { type AttemptTrigger, transition } from '../../domain/delivery-state.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import { nextAttemptAt } from '../../domain/retry-schedule.ts';
import type { Ports } from '../../ports/ports.ts';
import { sendToExhausted } from '../delivery/dead-letter.ts';
import type { Verdict, Visit } from './visit.ts';
import { type WaitTools, chooseMode, comeBack } from './waiting.ts';

/** An attempt that was made, on its way into the record. */
export interface Tried extends MadeAttempt {
  visit: Visit;
  event: Event;
  endpoint: Endpoint;
  /** The answer has disabled its endpoint. */
  shut: boolean;
}

export interface ResultTools extends WaitTools {
  ports: WaitTools['ports'] & Pick<Ports, 'random'>;
}

/** The record after an attempt, and what follows once it is written. */
export interface Result {
  next: NextDelivery;
  follow: (written: Delivery) => Promise<Verdict>;
}

/** What the attempt makes of a record; undefined when the record is finished and nothing changes it. */
export async function resultOn(tools: ResultTools, tried: Tried, record: Delivery): Promise<Result | undefined> {
  const { ports } = tools;
  const now = ports.clock.now();
  const wait = await nextWait(tools, tried, record, now);
  const trigger = triggerOf(tried, wait);
  const { action } = transition(record, trigger);
  switch (action) {
    case 'settle': {
      const settled = trigger === 'succeeded' ? delivered : abandonedAsGone;
      return { next: settled(record, tried, now), follow: acknowledge };
    }
    case 'wait':
      return (
        wait && {
          next: waitsAfterFailure(record, trigger, tried, wait, now),
          follow: (written) => comeBack(ports, tried.visit, wait.mode, written),
        }
      );
    case 'note':
      return { next: notedWhileHeld(record, trigger, tried, now), follow: acknowledge };
    case 'exhaust':
      return { next: exhausted(record, tried, now), follow: (written) => deadLetter(ports, written) };
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

function triggerOf({ outcome, shut }: Tried, wait: Wait | undefined): AttemptTrigger {
  if (outcome.success) return 'succeeded';
  if (shut) return 'failed-gone';
  if (!wait) return 'failed-last';
  return wait.mode === 'park' ? 'failed-far' : 'failed';
}

async function acknowledge(): Promise<Verdict> {
  return 'acknowledge';
}

async function deadLetter(ports: Pick<Ports, 'queues' | 'deliveries'>, record: Delivery): Promise<Verdict> {
  await sendToExhausted(ports, record);
  return 'acknowledge';
}
