import { transition } from '../../domain/delivery-state.ts';
import { type DeliveryPointer, readDeliveryMessage } from '../../domain/message.ts';
import type { ReceivedMessage } from '../../ports/queues.ts';
import { type Attempting, attempt } from './attempt.ts';
import { classify } from './classify.ts';
import { poisonMessage } from './dead-letter.ts';
import { afterFault, hideForFault } from './faults.ts';
import { abandon, hold } from './hold.ts';
import { createPressureGauge } from './pressure.ts';
import { hideUntilDue, redrive } from './retry.ts';
import { takeSlot } from './rate-limit.ts';
import { type MustWait, setAside } from './set-aside.ts';
import type { PipelineSettings } from '../settings.ts';
import {
  type DispatchPorts,
  type DispatchQueue,
  type Verdict,
  type Visit,
  describe,
  look,
  lookAtFirstAttempts,
  reread,
} from './visit.ts';

export interface DispatchBatch {
  queue: DispatchQueue;
  messages: readonly ReceivedMessage[];
  deadline: number;
}

export type Dispatch = (batch: DispatchBatch) => Promise<string[]>;

/**
 * Carries each delivery of a batch one step on (protocol B). Answers the ids of the messages that must come back: a
 * partial batch failure. It never throws for a single message's sake.
 */
export function createDispatch(ports: DispatchPorts, settings: PipelineSettings): Dispatch {
  const attempting: Attempting = { ports, settings, pressure: createPressureGauge(ports) };
  return async (batch) => {
    const readable = await sortOut(ports, batch);
    const visits = await readVisits(ports, batch, readable);
    const verdicts = await Promise.all(visits.map((visit) => guarded(attempting, visit)));
    const kept = visits.filter((_, index) => verdicts[index] === 'keep').map((visit) => visit.message.messageId);
    return [...readable.kept, ...kept];
  };
}

interface Sorted {
  pointers: { message: ReceivedMessage; pointer: DeliveryPointer }[];
  kept: string[];
}

/** Unreadable messages go to poison, those of newer code wait for newer code; the others are pointers. */
async function sortOut(ports: DispatchPorts, batch: DispatchBatch): Promise<Sorted> {
  const sorted: Sorted = { pointers: [], kept: [] };
  for (const message of batch.messages) {
    const parsed = readDeliveryMessage(message.body);
    if (parsed.kind === 'pointer') sorted.pointers.push({ message, pointer: parsed.pointer });
    else if (parsed.kind === 'newer') {
      await hideForFault(ports, batch.queue, message);
      sorted.kept.push(message.messageId);
    } else if (!(await poisonMessage(ports, batch.queue, message, parsed.why))) sorted.kept.push(message.messageId);
  }
  return sorted;
}

/** One read for the whole batch; when it fails, every message waits a while. */
async function readVisits(ports: DispatchPorts, { queue, deadline }: DispatchBatch, sorted: Sorted): Promise<Visit[]> {
  const arrivals = sorted.pointers.map((one) => ({ ...one, queue, deadline }));
  try {
    return await (queue === 'deliveries' ? lookAtFirstAttempts(ports, arrivals) : look(ports, arrivals, 'consistent'));
  } catch (cause) {
    ports.log.error('dispatch.read', cause, { queue, messages: sorted.pointers.length });
    for (const { message } of sorted.pointers) {
      await hideForFault(ports, queue, message);
      sorted.kept.push(message.messageId);
    }
    return [];
  }
}

async function guarded(attempting: Attempting, visit: Visit): Promise<Verdict> {
  try {
    return await carryOn(attempting, visit);
  } catch (cause) {
    return afterFault(attempting, visit, cause);
  }
}

/** How often a visit is read again before it goes back to the queue. */
const MAX_REREADS = 5;

/** Steps until the message can be acknowledged or must come back; what was superseded is read again. */
async function carryOn(attempting: Attempting, first: Visit): Promise<Verdict> {
  let visit = first;
  for (let rereads = 0; rereads < MAX_REREADS; rereads += 1) {
    const verdict = await step(attempting, visit);
    if (verdict !== 'reread') return verdict;
    visit = await reread(attempting.ports, visit);
  }
  return 'keep';
}

/** One step: what the message finds decides what is done (docs/delivery-states.md, the table). */
async function step(attempting: Attempting, visit: Visit): Promise<Verdict | 'reread'> {
  const { ports, settings } = attempting;
  const { act } = transition(visit.snapshot.record, classify(visit, ports.clock.now(), settings.logTtlMs));
  switch (act) {
    case 'attempt': {
      const wait = await mustWait(ports, visit);
      return wait ? setAside(attempting, visit, wait) : attempt(attempting, visit);
    }
    case 'hide':
      return hideUntilDue(ports, visit);
    case 'hold':
      return hold(ports, visit);
    case 'abandon':
      return abandon(ports, visit);
    case 'redrive':
      return redrive(ports, visit);
    case 'fault':
      ports.log.error('dispatch.missing', new Error('a message points at what is not there'), describe(visit));
      await hideForFault(ports, visit.queue, visit.message);
      return 'keep';
    default:
      return 'acknowledge';
  }
}

/** A brake, or the endpoint's own limit, may ask an attempt that is due to wait (C5, E3). */
async function mustWait(ports: DispatchPorts, visit: Visit): Promise<MustWait | undefined> {
  const { braked, record } = visit.snapshot;
  if (braked) return { reason: 'braked', dueAt: record?.dueAt ?? ports.clock.now() };
  return takeSlot(ports, visit);
}
