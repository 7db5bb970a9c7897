import { type Endpoint, POLL_URL } from '../../lib/domain/endpoint.ts';
import type { Event } from '../../lib/domain/event.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { SendResult } from '../../lib/domain/outcome.ts';
import { type PollEntry, keyAt } from '../../lib/domain/poll-entry.ts';
import type { SendRequest } from '../../lib/ports/http-sender.ts';
import type { PollPlace } from '../../lib/ports/poll-log.ts';
import { TENANT, call, isRefusal } from './api-calls.ts';
import { Customer, type Kind } from './customers.ts';
import type { Dice } from './dice.ts';
import { SimulatedConsumer } from './polls/simulated-consumer.ts';
import type { Simulation } from './simulation.ts';

/** Another tenant, which is erased; the rules about deliveries judge the first one, which must not notice. */
export const NEIGHBOUR = 'org_erased';

/** Times are milliseconds since the Unix epoch. */
export interface NeighbourStory {
  endpoints: readonly { kind: Kind; at: number }[];
  posts: readonly number[];
  erasedAt: number;
  /** Does the caller ask again until there is an answer? */
  again: boolean;
  /** When an endpoint that is polled is created, and a consumer comes; undefined: there is none. */
  polledAt?: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TRIES = 6;
/** Its endpoint that is polled, by its number, and who polls it. */
const POLLED = 9;
const CONSUMER = {
  endpoint: POLLED,
  name: 'consumer',
  from: 'oldest',
  pace: 5 * SECOND,
  quietPace: MINUTE,
  limit: 2,
  crash: 0.05,
  commitsEvery: 2,
} as const;
/** In seconds. The last message of an event comes up when both passes of the erasure are over. */
const DELAYS = [2, 5, 10, 60, 3600];
/** Dispatch acts on a reading that may be a second old, and the request takes a moment to leave. */
const GRACE = 2 * SECOND;

/** A few of the histories have one. It is erased while its events, and those of the other tenant, are on their way. */
export function inventNeighbour(dice: Dice, anytime: () => number, share = 0.06): NeighbourStory | undefined {
  if (!dice.chance(share)) return undefined;
  const erasedAt = anytime() + dice.between(SECOND, MINUTE);
  const around = () => erasedAt - dice.below(dice.pick([SECOND, MINUTE, 10 * MINUTE]));
  const kinds = ['healthy', 'flapping', 'dead', 'slow'] as const satisfies Kind[];
  return {
    endpoints: Array.from({ length: dice.between(1, 3) }, () => ({ kind: dice.pick(kinds), at: around() })),
    posts: Array.from({ length: dice.between(2, 8) }, () => around() + (dice.chance(0.3) ? dice.below(MINUTE) : 0)),
    erasedAt,
    again: dice.chance(0.4),
  };
}

/** What is seen of the tenant that is erased: 20, and what it shares with the other one. */
export class Neighbour {
  readonly #simulation: Simulation;
  readonly #story: NeighbourStory;
  readonly #customers: readonly Customer[];
  readonly #endpointIds = new Set<string>();
  readonly #eventIds = new Set<string>();
  readonly #idByUrl = new Map<string, string>();
  readonly #shutAt = new Map<string, number>();
  #isAsked = false;
  #hasJob = false;
  #answeredAt: number | undefined;
  #consumer: SimulatedConsumer | undefined;

  constructor(simulation: Simulation, story: NeighbourStory) {
    this.#simulation = simulation;
    this.#story = story;
    this.#customers = story.endpoints.map(({ kind }) => new Customer(kind, simulation.dice));
  }

  async play(): Promise<void> {
    const { endpoints, posts } = this.#story;
    await Promise.all([
      ...endpoints.map(({ at }, index) => this.#register(at, index)),
      ...posts.map((at) => this.#post(at)),
      this.#erase(),
    ]);
  }

  /** Its consumer, who polls until it is refused. */
  async consume(): Promise<void> {
    const { polledAt: at } = this.#story;
    if (at === undefined) return;
    await this.#register(at, POLLED);
    const polled = {
      tenantId: NEIGHBOUR,
      delayMs: 0,
      endpointId: () => this.#idByUrl.get(urlOf(POLLED)),
      given: ({ endpointId }: PollEntry, askedAt: number) => {
        if (askedAt > (this.#shutAt.get(endpointId) ?? Infinity)) this.#fail('its consumer was given something still');
      },
    };
    this.#consumer = new SimulatedConsumer(this.#simulation, { ...CONSUMER, at }, polled);
    await this.#consumer.play();
  }

  /** Nobody asks for its deliveries. */
  isAtRest(): boolean {
    return this.#consumer?.isIdle ?? true;
  }

  endpointWritten({ id, status, url, label = url }: Endpoint): void {
    this.#endpointIds.add(id);
    if (status !== 'revoked') this.#idByUrl.set(label, id);
    else if (!this.#shutAt.has(id)) this.#shutAt.set(id, this.#now());
  }

  jobWritten({ kind }: Job): void {
    this.#hasJob ||= kind === 'erase-tenant';
  }

  eventWritten({ id, endpointIds }: Event): void {
    this.#eventIds.add(id);
    const others = endpointIds.filter((endpointId) => !this.#endpointIds.has(endpointId));
    if (others.length > 0) this.#fail(`${id} goes to ${others.join()} of the other tenant`);
  }

  /** Undefined: it goes to the other tenant's customers. */
  send({ url, headers, timeoutMs }: SendRequest): Promise<SendResult> | undefined {
    const [, index] = /^https:\/\/neighbour-(\d+)\./.exec(url) ?? [];
    if (index === undefined) return undefined;
    const eventId = headers['webhook-id'] ?? '';
    if (!this.#eventIds.has(eventId)) this.#fail(`it was sent ${eventId}, which is none of its events`);
    const shutAt = this.#shutAt.get(this.#idByUrl.get(url) ?? '') ?? Number.POSITIVE_INFINITY;
    if (this.#now() > shutAt + GRACE) this.#fail(`a request ${this.#now() - shutAt} ms after its endpoint was shut`);
    const { afterMs, result } = (this.#customers[Number(index)] as Customer).answer(timeoutMs, eventId);
    return this.#simulation.scheduler.sleep(afterMs).then(() => result);
  }

  /** 20: when nothing is left to do, nothing is left of it, and all of the other tenant. */
  async judge(): Promise<void> {
    const { store, evidence } = this.#simulation;
    const erasure = (await store.tenants.get(NEIGHBOUR))?.erasure;
    if (this.#hasJob && !erasure) this.#fail('a job erases it, and it has no tombstone');
    if (erasure) await this.#judgeRemains(erasure.jobId);
    const kept = [...evidence.records.values()].map(({ record }) => record);
    const found = await store.deliveries.getMany(kept);
    for (const [index, { endpointId, eventId, revision }] of kept.entries())
      if (found[index]?.revision !== revision) this.#fail(`a delivery of ${eventId} to ${endpointId} is not as it was`);
    for (const id of evidence.events.keys())
      if (!(await store.events.get(TENANT, id))) this.#fail(`${id} of the other tenant is gone`);
  }

  async #judgeRemains(jobId: string): Promise<void> {
    const { store } = this.#simulation;
    const job = await store.jobs.get(NEIGHBOUR, jobId);
    if (job?.status !== 'done') this.#fail(`the job that erases it is ${job?.status ?? 'gone'}`);
    const { endpoints } = await store.endpoints.page(NEIGHBOUR, undefined, 10);
    if (endpoints.length > 0) this.#fail(`it still has the endpoint ${endpoints[0]?.id}`);
    for (const id of this.#eventIds)
      if (await store.events.get(NEIGHBOUR, id)) this.#fail(`it still has the event ${id}`);
    for (const id of this.#endpointIds) {
      const deliveries = await store.deliveries.pageOfEndpoint(NEIGHBOUR, id, undefined, 10);
      if (deliveries.length > 0) this.#fail(`it still has ${deliveries.length} deliveries to ${id}`);
      await this.#judgePolls({ tenantId: NEIGHBOUR, endpointId: id });
    }
  }

  async #judgePolls(place: PollPlace): Promise<void> {
    const { polls } = this.#simulation.store;
    const [entry] = await polls.entriesAfter(place, keyAt(0), 1);
    if (entry) this.#fail(`its consumers could still be given ${entry.eventId}`);
    const [consumer] = await polls.consumers(place);
    if (consumer || (await polls.settled(place)))
      this.#fail(`it still has a place of consumers of ${place.endpointId}`);
  }

  async #register(at: number, index: number): Promise<void> {
    const { scheduler, engine } = this.#simulation;
    await scheduler.sleep(at - this.#now());
    const settings = { events: ['*'], timeoutSeconds: 10, dialect: 'standard' };
    const input =
      index === POLLED
        ? { ...settings, kind: 'poll' as const, url: POLL_URL, label: urlOf(index) }
        : { ...settings, url: urlOf(index), retry: { delays: DELAYS }, circuitBreaker: false };
    await call(this.#simulation, 'create-neighbour', ({ ports }) =>
      engine.creating.createEndpoint(ports, NEIGHBOUR, input, 100),
    );
  }

  async #post(at: number): Promise<void> {
    const { scheduler } = this.#simulation;
    await scheduler.sleep(at - this.#now());
    const isErased = this.#answeredAt !== undefined;
    const request = { tenantId: NEIGHBOUR, event: { type: 'order.paid', data: '{"n":1}' } };
    const ending = await call(this.#simulation, 'post-neighbour', (worker) => worker.ingest(request));
    if (ending.kind === 'done' && isErased) this.#fail(`${ending.value.id} was taken in after the answer`);
    if (isRefusal(this.#simulation, ending, 'tenant-erased') && !this.#isAsked) this.#fail('it is refused unasked');
  }

  /** Asked again, it is the same erasure. */
  async #erase(): Promise<void> {
    const { scheduler, engine, dice } = this.#simulation;
    await scheduler.sleep(this.#story.erasedAt - this.#now());
    this.#isAsked = true;
    for (let tries = 0; tries < (this.#story.again ? TRIES : 1); tries += 1) {
      const ending = await call(this.#simulation, 'erase-neighbour', ({ ports }) =>
        engine.erasures.eraseTenant(ports, NEIGHBOUR),
      );
      if (ending.kind === 'done') this.#answeredAt = this.#now();
      if (ending.kind === 'done' || isRefusal(this.#simulation, ending)) return;
      await scheduler.sleep(dice.between(200, 12_000));
    }
  }

  #now(): number {
    return this.#simulation.scheduler.now();
  }

  #fail(what: string): void {
    this.#simulation.evidence.fail(20, `${NEIGHBOUR}: ${what}`, this.#now());
  }
}

function urlOf(index: number): string {
  return `https://neighbour-${index}.example/`;
}
