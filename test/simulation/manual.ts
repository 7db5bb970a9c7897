import { deliveryId } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { IngestRequest } from '../../lib/pipeline/ingest/ingest.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { KeyedCall } from '../../lib/pipeline/idempotency-key.ts';
import { TENANT, call } from './api-calls.ts';
import type { Dice } from './dice.ts';
import { pairId } from './evidence.ts';
import { startKeyedJob } from './keyed-jobs.ts';
import type { Action } from './story.ts';
import type { Simulation } from './simulation.ts';

/** What people ask for: retries, replays, jobs and batches. */
export type ManualAction =
  | { kind: 'retry' | 'replay-event'; at: number; nth: number }
  | { kind: 'bulk-retry' | 'replay'; at: number; endpoint: number }
  | { kind: 'run'; at: number; limit: number }
  | { kind: 'cancel'; at: number }
  | { kind: 'batch'; at: number; keys: readonly (string | undefined)[] };

/**
 * Every third history has some.
 * @param mayShare whether posts may share a key, because the history is shorter than a day
 */
export function inventManual(dice: Dice, endpoints: number, mayShare: boolean, anytime: () => number): Action[] {
  if (!dice.chance(1 / 3)) return [];
  const redriven = dice.chance(0.3) ? retryAndRedrive(dice, endpoints, anytime() + 600_000) : [];
  const asked = Array.from({ length: dice.between(1, 6) }, (_, index): ManualAction => {
    const endpoint = dice.below(endpoints);
    const nth = dice.below(100);
    const kind = dice.pick(['retry', 'retry', 'replay-event', 'bulk-retry', 'replay', 'run', 'cancel', 'batch']);
    switch (kind) {
      case 'retry':
      case 'replay-event':
        return { kind, at: anytime(), nth };
      case 'bulk-retry':
      case 'replay':
        return { kind, at: anytime(), endpoint };
      case 'run':
        return { kind, at: anytime(), limit: dice.pick([1, 100]) };
      case 'cancel':
        return { kind, at: anytime() };
      default:
        return { kind: 'batch', at: anytime(), keys: inventKeys(dice, mayShare ? SHARED : [`key-batch-${index}`]) };
    }
  });
  return [...redriven, ...asked];
}

/** Failed deliveries are retried, and then redriven too. */
function retryAndRedrive(dice: Dice, endpoints: number, at: number): Action[] {
  return [
    { kind: 'bulk-retry', at, endpoint: dice.below(endpoints) },
    { kind: 'redrive', at: at + dice.between(1000, 60_000), copies: 1 },
  ];
}

/** Single posts use these keys too. */
const SHARED: readonly [string, ...string[]] = ['key-0', 'key-1', 'key-batch-1', 'key-batch-2'];

function inventKeys(dice: Dice, keys: readonly [string, ...string[]]): (string | undefined)[] {
  return Array.from({ length: dice.between(1, 4) }, () => (dice.chance(0.7) ? dice.pick(keys) : undefined));
}

/** Plays one. A caller without an answer asks again only with a key. */
export async function playManual(simulation: Simulation, action: ManualAction): Promise<void> {
  switch (action.kind) {
    case 'retry':
      return retry(simulation, action.nth);
    case 'replay-event':
      return replayEvent(simulation, action.nth);
    case 'bulk-retry':
    case 'replay':
      return startOnEndpoint(simulation, action.kind, action.endpoint);
    case 'run':
      await call(simulation, 'run', ({ ports }) =>
        simulation.engine.waitingRetries.runDueRetries(ports, TENANT, action.limit),
      );
      return undefined;
    case 'cancel':
      return cancel(simulation);
    case 'batch':
      return postBatch(simulation, action.keys);
  }
}

/** Retries the latest delivery of an event to one of its endpoints; it may have no record yet. */
async function retry(simulation: Simulation, nth: number): Promise<void> {
  const { evidence, engine, scheduler } = simulation;
  const pairs = [...evidence.events.values()].flatMap(({ id, endpointIds }) =>
    endpointIds.map((endpointId) => ({ tenantId: TENANT, eventId: id, endpointId })),
  );
  const pair = pairs[nth % Math.max(1, pairs.length)];
  if (!pair) return;
  const ordinal = evidence.recordsOf(pair).at(-1)?.ordinal ?? 0;
  evidence.handled.add(pairId(pair));
  const ending = await call(simulation, 'retry', ({ ports }) =>
    engine.manualRetry.retryDelivery(ports, TENANT, deliveryId({ ...pair, ordinal })),
  );
  if (ending.kind !== 'done') return;
  const { ordinal: made } = ending.value.delivery;
  const kept = evidence.recordsOf(pair).some((record) => record.ordinal === made);
  if (!kept && made > 0)
    evidence.fail(16, `${deliveryId({ ...pair, ordinal: made })} is not recorded`, scheduler.now());
}

async function replayEvent(simulation: Simulation, nth: number): Promise<void> {
  const { evidence, engine } = simulation;
  const events = [...evidence.events.keys()];
  const eventId = events[nth % Math.max(1, events.length)];
  if (eventId === undefined) return;
  await startJob(simulation, 'replay-event', (ports, keyed) =>
    engine.bulkJobs.startEventReplay(ports, TENANT, eventId, undefined, keyed),
  );
}

async function startOnEndpoint(simulation: Simulation, kind: 'bulk-retry' | 'replay', index: number): Promise<void> {
  const { bulkJobs } = simulation.engine;
  const endpointId = simulation.customers.endpointId(index);
  if (endpointId === undefined) return;
  await startJob(simulation, kind, (ports, keyed) =>
    kind === 'replay'
      ? bulkJobs.startReplay(ports, TENANT, endpointId, { since: 0 }, keyed)
      : bulkJobs.startBulkRetry(ports, TENANT, { endpointId }, keyed),
  );
}

/** Every other caller has a key, and asks again. */
async function startJob(
  simulation: Simulation,
  name: string,
  start: (ports: Ports, keyed?: KeyedCall) => Promise<Job>,
): Promise<void> {
  if (simulation.dice.chance(0.5)) return startKeyedJob(simulation, name, start);
  const ending = await call(simulation, name, ({ ports }) => start(ports));
  if (ending.kind === 'done') simulation.evidence.started.push(ending.value.id);
  return undefined;
}

async function cancel(simulation: Simulation): Promise<void> {
  const id = simulation.evidence.started.at(-1);
  if (id !== undefined) {
    await call(simulation, 'cancel', ({ ports }) => simulation.engine.bulkJobs.cancelJob(ports, TENANT, id));
  }
}

const BATCH_TRIES = 3;
const TYPE = 'order.paid';

/** Events with a key and without a result are posted again. */
async function postBatch(simulation: Simulation, keys: readonly (string | undefined)[]): Promise<void> {
  const { scheduler, evidence, dice } = simulation;
  let open = [...keys];
  for (let tries = 0; tries < BATCH_TRIES && open.length > 0; tries += 1) {
    const askedAt = scheduler.now();
    const requests = open.map(requestFor);
    const ending = await call(simulation, 'batch', (worker) => worker.ingest.batch(requests));
    const results = ending.kind === 'done' ? ending.value : [];
    for (const [index, result] of results.entries()) {
      const key = open[index];
      if ('error' in result) simulation.judgeError(result.error);
      else {
        const { id: eventId } = result;
        evidence.accepted.push({ eventId, askedAt, answeredAt: scheduler.now(), ...(key !== undefined && { key }) });
      }
    }
    open = open.filter(
      (key, index) => key !== undefined && (results[index] === undefined || 'error' in results[index]),
    );
    await scheduler.sleep(dice.between(200, 12_000));
  }
}

/** A single post with the same key may have the same body; with another body it is refused. */
function requestFor(key: string | undefined): IngestRequest {
  const event = { type: TYPE, data: '{"n":1}', ...(key !== undefined && { externalId: key }) };
  return { tenantId: TENANT, event, ...(key !== undefined && { idempotencyKey: key }) };
}
