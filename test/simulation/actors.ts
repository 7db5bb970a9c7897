import type { Action, Cast, Call } from './story.ts';
import { API_TIMEOUT, TENANT, call, isRefusal } from './api-calls.ts';
import { deleteOnePayload } from './erasing.ts';
import { playManual } from './manual.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { readDeliveryMessage } from '../../lib/domain/message.ts';
import { POLL_URL } from '../../lib/domain/endpoint.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import type { SimulatedProcess } from './process.ts';
import { GARBAGE } from './rest-rules.ts';
import { rotate } from './rotating.ts';
import type { Simulation } from './simulation.ts';

const POST_TRIES = 5;
const PATTERNS: [string[], ...string[][]] = [['*'], ['order.*'], ['task.*']];
/** The largest body that the API accepts. */
const LARGE_DATA = JSON.stringify('x'.repeat(262_142));

/** Plays one action; a caller without an answer may ask again. */
export async function play(simulation: Simulation, action: Action): Promise<void> {
  const { scheduler } = simulation;
  await scheduler.sleep(action.at - scheduler.now());
  switch (action.kind) {
    case 'post':
      return post(simulation, action);
    case 'call':
      return changeEndpoint(simulation, action);
    case 'redrive':
      return redrive(simulation, action.copies);
    case 'sweeps':
      simulation.sweeper.begin();
      return undefined;
    case 'brake':
      return brake(simulation, action.forMs);
    case 'garbage':
      return throwGarbage(simulation);
    case 'rotate':
      return rotate(simulation, action);
    case 'delete-payload':
      return deleteOnePayload(simulation, action.nth);
    default:
      return playManual(simulation, action);
  }
}

/** Creates an endpoint at its time. */
export async function register(simulation: Simulation, cast: Cast, index: number): Promise<void> {
  const { scheduler, engine } = simulation;
  await scheduler.sleep(cast.at - scheduler.now());
  const url = `https://customer-${index}.example/`;
  const input = {
    ...(cast.kind === 'polled' ? ({ kind: 'poll', url: POLL_URL, label: url } as const) : { url }),
    events: [...cast.events],
    ...(cast.kind !== 'polled' && { retry: cast.retry }),
    timeoutSeconds: cast.timeoutSeconds,
    ...(cast.rateLimitPerSecond !== undefined && { rateLimitPerSecond: cast.rateLimitPerSecond }),
    ...(cast.autoResume !== undefined && { autoResume: cast.autoResume }),
    dialect: 'standard',
  };
  await call(simulation, 'create', (worker) =>
    engine.creating.createEndpoint(
      worker.ports,
      TENANT,
      input,
      100,
      simulation.conditions.profile.smallPages ? 1 : 128,
    ),
  );
}

/** An event from each process of the API that lives on: whatever it has cached, it matches as all others do. */
export async function postFromAll(simulation: Simulation, workers: readonly SimulatedProcess[]): Promise<void> {
  const { scheduler, evidence } = simulation;
  for (const worker of workers) {
    const askedAt = scheduler.now();
    worker.busy = true;
    const request = { tenantId: TENANT, event: { type: 'order.paid', data: '{"n":1}' } };
    const ending = await worker.run(API_TIMEOUT, () => worker.ingest(request));
    worker.busy = false;
    if (ending.kind !== 'done') throw new Error('the last post was not accepted');
    evidence.accepted.push({ eventId: ending.value.id, askedAt, answeredAt: scheduler.now() });
  }
}

/** With a key the client posts until it gets an answer; without one each try would be a new event. */
async function post(simulation: Simulation, action: Extract<Action, { kind: 'post' }>): Promise<void> {
  const { scheduler, dice, evidence } = simulation;
  const { key, type, large } = action;
  const event = { type, data: large ? LARGE_DATA : '{"n":1}', ...(key !== undefined && { externalId: key }) };
  const request = { tenantId: TENANT, event, ...(key !== undefined && { idempotencyKey: key }) };
  for (let tries = 0; tries < POST_TRIES; tries += 1) {
    const askedAt = scheduler.now();
    const ending = await call(simulation, `post ${key ?? ''}`, (worker) => worker.ingest(request));
    if (ending.kind === 'done') {
      const { id } = ending.value;
      evidence.accepted.push({ eventId: id, askedAt, answeredAt: scheduler.now(), ...(key !== undefined && { key }) });
      if (evidence.events.get(id)?.type !== type) evidence.fail(2, `${id} is another event than was posted`, askedAt);
      return;
    }
    if (key === undefined || isRefusal(simulation, ending, 'idempotency-conflict')) return;
    await scheduler.sleep(dice.between(200, 12_000));
  }
}

async function changeEndpoint(simulation: Simulation, action: Extract<Action, { kind: 'call' }>): Promise<void> {
  const { scheduler, dice, customers } = simulation;
  const id = customers.endpointId(action.endpoint);
  if (id === undefined) return;
  customers.touch(action.endpoint);
  for (let tries = 0; tries < (action.again ? 3 : 1); tries += 1) {
    const askedAt = scheduler.now();
    const ending = await call(simulation, action.call, (worker) =>
      change(simulation, worker, action.call, action.endpoint, id),
    );
    if (ending.kind === 'done') noteRepeated(simulation, id, action.call, askedAt);
    if (ending.kind === 'done' || isRefusal(simulation, ending)) return;
    await scheduler.sleep(dice.between(100, 5000));
  }
}

/** A call that found its change made by another answers for it. */
function noteRepeated({ evidence, scheduler }: Simulation, id: string, name: Call, askedAt: number): void {
  const version = evidence.versionsOf(id).findLast(({ at }) => at < askedAt);
  const asked = { enable: 'active', disable: 'disabled', delete: 'revoked' }[name as string];
  if (version && version.endpoint.status === asked) version.answeredAt ??= scheduler.now();
}

async function change(
  { engine, dice }: Simulation,
  { ports }: SimulatedProcess,
  name: Call,
  index: number,
  id: string,
): Promise<unknown> {
  const { editing, statusCalls } = engine;
  switch (name) {
    case 'pause':
      return statusCalls.pauseEndpoint(ports, TENANT, id);
    case 'resume':
      return statusCalls.resumeEndpoint(ports, TENANT, id, 'release');
    case 'discard':
      return statusCalls.resumeEndpoint(ports, TENANT, id, 'discard');
    case 'disable':
      return statusCalls.disableEndpoint(ports, TENANT, id);
    case 'enable':
      return statusCalls.enableEndpoint(ports, TENANT, id);
    case 'delete':
      return statusCalls.deleteEndpoint(ports, TENANT, id);
    case 'move':
      return editing.updateEndpoint(ports, TENANT, id, { url: `https://customer-${index}.example/moved` });
    case 'subscribe':
      return editing.updateEndpoint(ports, TENANT, id, { events: dice.pick(PATTERNS) });
    case 'auto-off':
    case 'auto-on':
      return editing.updateEndpoint(ports, TENANT, id, { autoResume: name === 'auto-on' });
    case 'unlimit':
      return editing.updateEndpoint(ports, TENANT, id, { rateLimitPerSecond: null });
    case 'edit':
      return editing.updateEndpoint(ports, TENANT, id, { retry: { delays: [3, 30] }, timeoutSeconds: 5 });
  }
}

/** Does what "Start DLQ redrive" of AWS does with the exhausted queue. */
async function redrive(simulation: Simulation, copies: number): Promise<void> {
  const { scheduler, store, evidence, trace } = simulation;
  const messages = await scheduler.alone(() => store.queues.receive('exhausted', 10));
  for (const { body, group } of messages) {
    const parsed = readDeliveryMessage(body);
    if (parsed.kind !== 'pointer') continue;
    const id = deliveryId(parsed.pointer);
    evidence.redriven.set(id, (evidence.redriven.get(id) ?? new Set()).add(parsed.pointer.epoch));
    trace.note(scheduler.now(), 'redrive', body);
    const outgoing = Array.from({ length: copies }, () => ({ body, group: group ?? '' }));
    await scheduler.alone(() => store.queues.send('retries', outgoing));
  }
  await scheduler.alone(() => store.queues.delete('exhausted', messages));
  simulation.touched('retries');
}

/** Sets the tenant's brake, and releases it later. Neither call passes a gate, so both succeed. */
async function brake({ scheduler, base }: Simulation, forMs: number): Promise<void> {
  await scheduler.alone(() => base.brakes.set({ tenantId: TENANT }, scheduler.now()));
  await scheduler.sleep(forMs);
  await scheduler.alone(() => base.brakes.release({ tenantId: TENANT }));
}

/** Like a pointer, but with an ordinal that no key can have. */
const POINTER_TO_NO_KEY = JSON.stringify({
  v: 1,
  tenant: TENANT,
  endpoint: 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
  event: 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB',
  ordinal: 1_000_000,
  epoch: 0,
  job: 'job_01KGS4R6M2Z9Q3V8X7T5N1C0HBx',
  step: 0,
  note: GARBAGE,
});

async function throwGarbage(simulation: Simulation): Promise<void> {
  const { scheduler, store, dice, evidence } = simulation;
  const queue = dice.pick<QueueName>(['deliveries', 'retries', 'jobs', 'slow']);
  const body = dice.pick([GARBAGE, POINTER_TO_NO_KEY]);
  await scheduler.alone(() => store.queues.send(queue, [{ body, group: 'x' }]));
  evidence.garbage += 1;
  simulation.touched(queue);
}
