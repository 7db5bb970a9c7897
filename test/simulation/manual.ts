import { deliveryId } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { IngestRequest } from '../../lib/pipeline/ingest/ingest.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { TENANT, call } from './api-calls.ts';
import type { Dice } from './dice.ts';
import { pairId } from './evidence.ts';
import type { Deed } from './story.ts';
import type { Simulation } from './simulation.ts';

/** What people ask for about deliveries, besides letting them come. */
export type ManualDeed =
  | { kind: 'retry' | 'replay-event'; at: number; nth: number }
  | { kind: 'bulk-retry' | 'replay'; at: number; endpoint: number }
  | { kind: 'run'; at: number; limit: number }
  | { kind: 'cancel'; at: number }
  | { kind: 'batch'; at: number; keys: readonly (string | undefined)[] };

/**
 * Some of it in every third history.
 * @param mayShare whether posts of this history may have one key: it is short of a day
 */
export function inventManual(dice: Dice, endpoints: number, mayShare: boolean, anytime: () => number): Deed[] {
  if (!dice.chance(1 / 3)) return [];
  const redriven = dice.chance(0.3) ? retryAndRedrive(dice, endpoints, anytime() + 600_000) : [];
  const asked = Array.from({ length: dice.between(1, 6) }, (_, index): ManualDeed => {
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

/** What has failed is retried, and then redriven too. */
function retryAndRedrive(dice: Dice, endpoints: number, at: number): Deed[] {
  return [
    { kind: 'bulk-retry', at, endpoint: dice.below(endpoints) },
    { kind: 'redrive', at: at + dice.between(1000, 60_000), copies: 1 },
  ];
}

/** Those of single posts too. */
const SHARED: readonly [string, ...string[]] = ['key-0', 'key-1', 'key-batch-1', 'key-batch-2'];

function inventKeys(dice: Dice, keys: readonly [string, ...string[]]): (string | undefined)[] {
  return Array.from({ length: dice.between(1, 4) }, () => (dice.chance(0.7) ? dice.pick(keys) : undefined));
}

/** Plays one. Who gets no answer does not ask again, but for a batch, which can be posted again where it has keys. */
export async function playManual(simulation: Simulation, deed: ManualDeed): Promise<void> {
  switch (deed.kind) {
    case 'retry':
      return retry(simulation, deed.nth);
    case 'replay-event':
      return replayEvent(simulation, deed.nth);
    case 'bulk-retry':
    case 'replay':
      return startOnEndpoint(simulation, deed.kind, deed.endpoint);
    case 'run':
      await call(simulation, 'run', ({ ports }) =>
        simulation.engine.waitingRetries.runDueRetries(ports, TENANT, deed.limit),
      );
      return undefined;
    case 'cancel':
      return cancel(simulation);
    case 'batch':
      return postBatch(simulation, deed.keys);
  }
}

/** The latest delivery of some event for one of its endpoints; it may have no record yet. */
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
  await startJob(simulation, 'replay-event', (ports) => engine.bulkJobs.startEventReplay(ports, TENANT, eventId));
}

async function startOnEndpoint(simulation: Simulation, kind: 'bulk-retry' | 'replay', index: number): Promise<void> {
  const { bulkJobs } = simulation.engine;
  const endpointId = simulation.customers.endpointId(index);
  if (endpointId === undefined) return;
  await startJob(simulation, kind, (ports) =>
    kind === 'replay'
      ? bulkJobs.startReplay(ports, TENANT, endpointId, { since: 0 })
      : bulkJobs.startBulkRetry(ports, TENANT, { endpointId }),
  );
}

async function startJob(simulation: Simulation, name: string, start: (ports: Ports) => Promise<Job>): Promise<void> {
  const ending = await call(simulation, name, ({ ports }) => start(ports));
  if (ending.kind === 'done') simulation.evidence.started.push(ending.value.id);
}

async function cancel(simulation: Simulation): Promise<void> {
  const id = simulation.evidence.started.at(-1);
  if (id !== undefined) {
    await call(simulation, 'cancel', ({ ports }) => simulation.engine.bulkJobs.cancelJob(ports, TENANT, id));
  }
}

const BATCH_TRIES = 3;
const TYPE = 'order.paid';

/** What has a key and no result is posted again. */
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

/** The body of a key is that of a single post with it, or another one: then it is refused. */
function requestFor(key: string | undefined): IngestRequest {
  const event = { type: TYPE, data: '{"n":1}', ...(key !== undefined && { externalId: key }) };
  return { tenantId: TENANT, event, ...(key !== undefined && { idempotencyKey: key }) };
}
