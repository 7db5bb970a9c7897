import { createSecretBox } from '../../lib/adapters/key-file/secret-box.ts';
import type { SqliteQueues } from '../../lib/adapters/sqlite/queue/queues.ts';
import { openSqliteStore } from '../../lib/adapters/sqlite/store.ts';
import { createDispatch } from '../../lib/pipeline/dispatch/dispatch.ts';
import { createEndpoint } from '../../lib/pipeline/endpoints/create.ts';
import type { NewEndpoint } from '../../lib/pipeline/endpoints/new-endpoint.ts';
import { type IngestRequest, createIngest } from '../../lib/pipeline/ingest/ingest.ts';
import { createJobs } from '../../lib/pipeline/jobs/jobs.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../../lib/pipeline/settings.ts';
import { createSlowWork } from '../../lib/pipeline/slow-work.ts';
import { sweep } from '../../lib/pipeline/sweep/sweep.ts';
import type { Delivery } from '../../lib/domain/delivery.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import type { AlertChannels } from '../../lib/ports/alert-channels.ts';
import type { EventLog } from '../../lib/ports/event-log.ts';
import type { Ports, TablePorts } from '../../lib/ports/ports.ts';
import type { QueueName, ReceivedMessage } from '../../lib/ports/queues.ts';
import { type Answer, type Behaviour, Customers, behaviourOf } from './customers.ts';
import { DueTracker } from './due-tracker.ts';
import { type CrashPlan, type Interceptor, Life, intercept } from './fault-injection.ts';
import { MemoryLog } from './memory-log.ts';
import { queuesApart } from './queues-apart.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

export const TENANT = 'org_test';
const MINUTE = 60_000;
const FUNCTION_TIMEOUT = 60_000;

/** The queues that a stage works. */
const WORKED = ['deliveries', 'retries', 'slow', 'jobs'] as const;
type WorkedQueue = (typeof WORKED)[number];

/** The pipeline's stages over some ports: what one process runs. */
export class Process {
  readonly ports: Ports;
  readonly life: Life;
  readonly ingest;
  readonly #dispatch;
  readonly #jobs;
  readonly #slow;

  constructor(ports: Ports, life: Life, settings: PipelineSettings, channels: AlertChannels = {}) {
    this.ports = ports;
    this.life = life;
    this.ingest = createIngest(ports, settings);
    this.#dispatch = createDispatch(ports, settings);
    this.#jobs = createJobs(ports, settings, channels);
    this.#slow = createSlowWork(this.#dispatch, this.#jobs);
  }

  /** The ids of the messages that must come back. */
  handle(queue: WorkedQueue, messages: ReceivedMessage[], timeoutMs = FUNCTION_TIMEOUT): Promise<string[]> {
    const deadline = this.ports.clock.now() + timeoutMs;
    if (queue === 'jobs') return this.#jobs({ queue, messages, deadline });
    if (queue === 'slow') return this.#slow({ messages, deadline });
    return this.#dispatch({ queue, messages, deadline });
  }

  async sweep(): Promise<void> {
    await sweep(this.ports, this.ports.clock.now() + FUNCTION_TIMEOUT);
  }
}

/** Opens tables that read this clock, to stand in the place of sqlite's. */
export type OpenTables = (clock: VirtualClock, random: SeededRandom) => Partial<TablePorts>;

/**
 * A deployment in memory: the sqlite adapters, a virtual clock, and customers without a network. It can stand on other
 * tables; the queues are always sqlite's, because they tell when their next message comes up, and so time can be moved
 * to that moment. An emulated SQS does not tell.
 */
export class World implements Disposable {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly log = new MemoryLog();
  readonly customers = new Customers(this.clock);
  readonly store: TablePorts & { queues: SqliteQueues };
  readonly ports: Ports;
  readonly settings: PipelineSettings;
  /** What the embedded service has in the place of `ports.events`: it puts an event and its messages in one call. */
  readonly eventsWithQueues: EventLog;
  /** Of the processes that are made from then on. */
  channels: AlertChannels = {};
  readonly #due = new DueTracker();
  readonly #close: () => void;
  #lastSweep = 0;
  #opened = 0;

  /**
   * @param openTables the caller removes them; with them, also if they are none, minutes in which nothing was ever due are
   * not read
   */
  constructor(seed = 1, settings: Partial<PipelineSettings> = {}, openTables?: OpenTables) {
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.random = new SeededRandom(seed);
    const { clock, random, log, customers: sender } = this;
    const sqlite = openSqliteStore({ path: ':memory:', clock });
    this.#close = () => sqlite.close();
    this.eventsWithQueues = sqlite.events;
    this.store = { ...sqlite, events: queuesApart(sqlite.events), ...openTables?.(clock, random) };
    const secrets = createSecretBox(random.bytes(32), random);
    const deliveries = this.#due.deliveries(this.store.deliveries);
    const jobs = this.#due.jobs(this.store.jobs);
    const tenantData = this.#due.tenantData(this.store.tenantData);
    const due = openTables ? this.#due.due(this.store.due) : this.store.due;
    this.ports = { ...this.store, deliveries, jobs, tenantData, due, clock, random, log, sender, secrets };
  }

  close(): void {
    this.#close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A new process, which dies where the plan says. */
  process(plan?: CrashPlan, around?: Interceptor): Process {
    const life = new Life(plan);
    const ports = around ? intercept(this.ports, around) : this.ports;
    return new Process(intercept(ports, life.interceptor), life, this.settings, this.channels);
  }

  async endpoint(input: Partial<NewEndpoint> & { url: string }): Promise<Endpoint> {
    const full: NewEndpoint = { events: ['*'], dialect: 'standard', timeoutSeconds: 10, ...input };
    return (await createEndpoint(this.ports, TENANT, full, this.settings.maxEndpoints)).endpoint;
  }

  /** An endpoint with a customer of its own, who gives these answers to each event; the last one from then on. */
  endpointAnswering(answers: Answer | Answer[] | Behaviour, input: Partial<NewEndpoint> = {}): Promise<Endpoint> {
    this.#opened += 1;
    const url = this.customers.open(`customer-of-${this.#opened}`, behaviourOf(answers));
    return this.endpoint({ ...input, url });
  }

  request(type = 'task.completed', idempotencyKey?: string): IngestRequest {
    return {
      tenantId: TENANT,
      event: { type, data: '{"n":1}' },
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
  }

  /** Handles every message that is visible now, as the event sources do; stops when the process dies. */
  async drain(process: Process): Promise<void> {
    for (let idle = false; !idle && !process.life.dead;) {
      idle = true;
      for (const queue of WORKED) {
        const messages = await this.store.queues.receive(queue, 10);
        if (messages.length === 0) continue;
        idle = false;
        const kept = new Set(await process.handle(queue, messages));
        if (process.life.dead) return;
        await this.store.queues.delete(
          queue,
          messages.filter(({ messageId }) => !kept.has(messageId)),
        );
      }
    }
  }

  /** Lets time pass, with its messages and sweeps, until the process dies. @param ms for at most this long */
  async run(process: Process, ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    while (!process.life.dead) {
      await this.drain(process);
      if (process.life.dead) return;
      if (this.#sweepAt() <= this.clock.now()) {
        this.#lastSweep = this.clock.now();
        await process.sweep().catch(() => undefined);
      } else if (this.clock.now() >= end) return;
      else await this.clock.advance(this.#nextMoment(end) - this.clock.now());
    }
  }

  /** Sweep runs each minute; minutes in which nothing can be due are skipped. */
  #sweepAt(): number {
    return Math.max(this.#lastSweep + MINUTE, this.#due.earliest() ?? Number.POSITIVE_INFINITY);
  }

  #nextMoment(end: number): number {
    const visible = WORKED.map((queue) => this.store.queues.nextVisibleAt(queue));
    const moments = [...visible, this.#sweepAt(), end].filter((moment) => moment !== undefined);
    return Math.min(...moments);
  }

  count(queue: QueueName): number {
    const { visible, inFlight, delayed } = this.store.queues.count(queue);
    return visible + inFlight + delayed;
  }

  delivery(eventId: string, endpointId: string, ordinal = 0): Promise<Delivery | undefined> {
    return this.store.deliveries.get({ tenantId: TENANT, eventId, endpointId, ordinal });
  }
}
