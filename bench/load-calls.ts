import { Receiver } from '../test/e2e/receiver.ts';
import { EventPath, type Taken } from './event-path.ts';

/** How events come in, and how many messages an invocation of dispatch is given. */
export interface Way {
  /** Events in a post: 1 by `POST /v1/events`, 100 by `POST /v1/events/batch`, 10 by a source's queue. */
  eventsAPost: 1 | 10 | 100;
  keyed: boolean;
  batchFill: 1 | 10;
}

/** What so many events took, each to one endpoint that answered 200 at once. */
export interface Load extends Taken {
  way: Way;
  events: number;
  posts: number;
  /** Invocations of dispatch. */
  batches: number;
}

const TENANT = 'bench';
/** As many as a batch has messages, so that no two of a batch share an endpoint. */
const ENDPOINTS = 10;
/** Of each way. */
const EVENTS = 100;

export const WAYS: readonly Way[] = ([1, 100] as const).flatMap((eventsAPost) =>
  [false, true].flatMap((keyed) => ([10, 1] as const).map((batchFill) => ({ eventsAPost, keyed, batchFill }))),
);

/** Ten messages of a source an invocation; each has a key, its own or the message's id. */
export const BY_SOURCE: Way = { eventsAPost: 10, keyed: true, batchFill: 10 };

/** Measures every way over emulators, after each was gone once. */
export async function measureLoads(ways: readonly Way[] = [...WAYS, BY_SOURCE]): Promise<Load[]> {
  await using cleanup = new AsyncDisposableStack();
  const path = await EventPath.start();
  cleanup.defer(() => path.stop());
  const receiver = await Receiver.start();
  cleanup.defer(() => receiver.stop());
  for (let n = 0; n < ENDPOINTS; n += 1) await path.register(TENANT, `${receiver.url}/${n}`, [typeOf(n)]);

  const loads: Load[] = [];
  for (const [round, way] of [...ways, ...ways].entries()) {
    const load = await measureLoad(path, way, `round-${round}`);
    if (round >= ways.length) loads.push(load);
  }
  if (receiver.arrivals.length !== 2 * ways.length * EVENTS) throw new Error('not every event arrived once');
  return loads;
}

async function measureLoad(path: EventPath, way: Way, keys: string): Promise<Load> {
  path.take();
  const posts = EVENTS / way.eventsAPost;
  for (let post = 0; post < posts; post += 1) {
    if (way.eventsAPost === 10) await path.takeIn(messagesOf(post, keys));
    else if (way.eventsAPost === 1) await postOne(path, post, way.keyed ? `${keys}-${post}` : undefined);
    else await postAll(path, way.keyed ? keys : undefined);
  }
  const batches = EVENTS / way.batchFill;
  for (let batch = 0; batch < batches; batch += 1) await path.workNext('deliveries', way.batchFill);
  return { way, events: EVENTS, posts, batches, ...path.take() };
}

async function postOne(path: EventPath, n: number, key: string | undefined): Promise<void> {
  await path.post({ tenant: TENANT, body: eventBody(n), ...(key !== undefined && { key }) });
}

async function postAll(path: EventPath, keys: string | undefined): Promise<void> {
  const events = Array.from({ length: EVENTS }, (_, n) => ({
    ...eventBody(n),
    ...(keys !== undefined && { idempotency_key: `${keys}-${n}` }),
  }));
  await path.postBatch({ tenant: TENANT, body: { events } });
}

function messagesOf(post: number, keys: string): object[] {
  return Array.from({ length: 10 }, (_, index) => {
    const n = 10 * post + index;
    return { tenant_id: TENANT, idempotency_key: `${keys}-${n}`, ...eventBody(n) };
  });
}

function eventBody(n: number) {
  return { type: typeOf(n), data: { task_id: `TASK-${n}`, status: 'done' } };
}

function typeOf(n: number): string {
  return `task.type_${n % ENDPOINTS}`;
}
