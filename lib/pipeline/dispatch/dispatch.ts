import { transition } from '../../domain/delivery-state.ts';
import type { MessageTrigger } from '../../domain/delivery-triggers.ts';
import { isPolled } from '../../domain/endpoint.ts';
import { type DeliveryPointer, type Parsed, readDeliveryMessage } from '../../domain/message.ts';
import type { Ports } from '../../ports/ports.ts';
import type { ReceivedMessage } from '../../ports/queues.ts';
import { hideForFault, poisonMessage } from '../delivery/faulty-messages.ts';
import { createSpeedNotes } from '../endpoints/health.ts';
import type { PipelineSettings } from '../settings.ts';
import { type AttemptTools, attempt } from './attempt.ts';
import { classify } from './classify.ts';
import { enter } from './enter.ts';
import { afterFault } from './faults.ts';
import { abandon, hold, redrive } from './no-attempt.ts';
import { type EndOfTurn, type OthersInFlight, type PlaceLimits, Places } from './places.ts';
import { slotWait } from './rate-limit.ts';
import { type SlowTools, takePlace } from './slow.ts';
import {
  type DispatchQueue,
  type Reread,
  type Verdict,
  type Visit,
  createReread,
  fieldsOf,
  lookAtBatch,
  recordOf,
} from './visit.ts';
import { createPressureGauge, setAside, waitOn } from './waiting.ts';

/** What dispatch needs of the world. */
export type DispatchPorts = AttemptTools['ports'] &
  Pick<Ports, 'reader' | 'slots'> & { polls: Pick<Ports['polls'], 'add'> };

interface DispatchTools extends AttemptTools, SlowTools {
  ports: DispatchPorts;
  reread: Reread;
  settings: Pick<PipelineSettings, 'logTtlMs' | 'keptResponseBytes'> & PlaceLimits;
}

export interface DispatchBatch {
  queue: DispatchQueue;
  messages: readonly ReceivedMessage[];
  deadline: number;
}

export type Dispatch = (batch: DispatchBatch) => Promise<string[]>;

/**
 * Carries each delivery of a batch one step on. Answers the ids of the messages that must come back: a partial batch
 * failure. It never throws because of a single message.
 * @param others who makes requests for this process besides
 * @param endOfTurn of a process that works many messages at once
 */
export function createDispatch(
  ports: DispatchPorts,
  settings: DispatchTools['settings'],
  others?: OthersInFlight,
  endOfTurn?: EndOfTurn,
): Dispatch {
  const tools: DispatchTools = {
    ports,
    settings,
    pressure: createPressureGauge(ports),
    noteSpeed: createSpeedNotes(ports),
    reread: createReread(ports),
    places: new Places(settings, ports.clock, others, endOfTurn),
  };
  return async (batch) => {
    const { pointers, others } = sortOut(batch.messages);
    const kept = await Promise.all([
      visitAll(tools, batch, pointers),
      ...others.map((other) => setApart(ports, batch.queue, other)),
    ]);
    return kept.flat();
  };
}

interface Sorted {
  pointers: { message: ReceivedMessage; pointer: DeliveryPointer }[];
  others: Unread[];
}

/** A message that is no pointer for this code. */
interface Unread {
  message: ReceivedMessage;
  parsed: Exclude<Parsed<DeliveryPointer>, { kind: 'pointer' }>;
}

function sortOut(messages: readonly ReceivedMessage[]): Sorted {
  const sorted: Sorted = { pointers: [], others: [] };
  for (const message of messages) {
    const parsed = readDeliveryMessage(message.body);
    if (parsed.kind === 'pointer') sorted.pointers.push({ message, pointer: parsed.pointer });
    else sorted.others.push({ message, parsed });
  }
  return sorted;
}

/** What is unreadable goes to poison, what newer code wrote waits for newer code. Answers its id if it is kept. */
async function setApart(
  ports: Pick<Ports, 'queues' | 'log'>,
  queue: DispatchQueue,
  { message, parsed }: Unread,
): Promise<string[]> {
  const { messageId } = message;
  if (parsed.kind === 'unreadable') return (await poisonMessage(ports, queue, message, parsed.why)) ? [] : [messageId];
  ports.log.warn('dispatch.newer', { queue, message_id: messageId });
  await hideForFault(ports, queue, message);
  return [messageId];
}

/** Answers the ids of those that are kept. A message for which nothing could be read waits a while; the others go on. */
async function visitAll(
  tools: DispatchTools,
  { queue, deadline }: DispatchBatch,
  pointers: Sorted['pointers'],
): Promise<string[]> {
  const { ports } = tools;
  const arrivals = pointers.map((one) => ({ ...one, queue, deadline }));
  const { visits, failed } = await lookAtBatch(ports, queue, arrivals);
  const [verdicts] = await Promise.all([
    Promise.all(visits.map((visit) => guarded(tools, visit))),
    ...failed.map(({ arrival, cause }) => {
      ports.log.error('dispatch.read', cause, fieldsOf(arrival));
      return hideForFault(ports, queue, arrival.message);
    }),
  ]);
  const kept = [...visits.filter((_, index) => verdicts[index] === 'keep'), ...failed.map(({ arrival }) => arrival)];
  return kept.map(({ message }) => message.messageId);
}

async function guarded(tools: DispatchTools, visit: Visit): Promise<Verdict> {
  try {
    return await carryOn(tools, visit);
  } catch (cause) {
    return afterFault(tools, visit, cause);
  }
}

/** How often a visit is read again before it goes back to the queue. */
const MAX_REREADS = 5;

/** Steps until the message can be acknowledged or must come back; a superseded step is decided on a new reading. */
async function carryOn(tools: DispatchTools, first: Visit): Promise<Verdict> {
  let visit = first;
  for (let rereads = 0; rereads < MAX_REREADS; rereads += 1) {
    const verdict = await step(tools, visit);
    if (verdict !== 'reread') return verdict;
    visit = await tools.reread(visit);
  }
  return 'keep';
}

/** One step: the table says what to do with the message (docs/delivery-states.md, Dispatch). */
async function step(tools: DispatchTools, visit: Visit): Promise<Verdict | 'reread'> {
  const { ports, settings } = tools;
  const { record } = visit.snapshot;
  const trigger = await triggerOf(ports, visit, classify(visit, ports.clock.now(), settings.logTtlMs));
  const { action } = transition(record, trigger);
  switch (action) {
    case 'attempt':
      return attemptInPlace(tools, visit);
    case 'hide':
      return waitOn(tools, visit, recordOf(visit));
    case 'hold':
      return hold(ports, visit, trigger);
    case 'abandon':
      return abandon(ports, visit, trigger);
    case 'redrive':
      return redrive(ports, visit, trigger);
    case 'fault':
      ports.log.error('dispatch.missing', new Error('a message points at what is not there'), visit.fields);
      await hideForFault(ports, visit.queue, visit.message);
      return 'keep';
    case 'acknowledge':
      return 'acknowledge';
  }
}

/** What is missing may be an erased tenant's: only then is its tombstone looked for. */
async function triggerOf(
  { subscriptions }: Pick<DispatchPorts, 'subscriptions'>,
  { pointer }: Visit,
  trigger: MessageTrigger,
): Promise<MessageTrigger> {
  if (trigger !== 'unknown-epoch' && trigger !== 'payload-expired') return trigger;
  return (await subscriptions.tenant(pointer.tenantId)).isErased ? 'tenant-erased' : trigger;
}

/** An attempt that is due is made in a place of its endpoint, unless it has to wait: then its delivery is set aside. */
async function attemptInPlace(tools: DispatchTools, visit: Visit): Promise<Verdict | 'reread'> {
  const { braked, record, endpoint } = visit.snapshot;
  // Before its delivery is handed to any other queue.
  if (braked) return setAside(tools, visit, { reason: 'braked', dueAt: record?.dueAt ?? tools.ports.clock.now() });
  if (endpoint && isPolled(endpoint)) return enter(tools.ports, visit);
  const place = await takePlace(tools, visit);
  if (typeof place === 'string') return place;
  try {
    const wait = await slotWait(tools.ports, visit);
    return wait ? await setAside(tools, visit, wait) : await attempt(tools, visit, place);
  } finally {
    place.leave();
  }
}
