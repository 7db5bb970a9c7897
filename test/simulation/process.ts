import type { Ports } from '../../lib/ports/ports.ts';
import type { ReceivedMessage } from '../../lib/ports/queues.ts';
import type { Engine } from './engine.ts';
import { type GatedProcess, type Conditions, gatedPorts } from './gate.ts';
import type { Service } from './service/service.ts';

/** The result of a piece of work; its process may die during it. */
export type Ending<T> = { kind: 'done'; value: T } | { kind: 'threw'; cause: unknown } | { kind: 'died' };

export type WorkQueue = 'deliveries' | 'retries' | 'slow' | 'jobs';

/** One process, or a task of a service: the pipeline's stages over gated ports, until it dies. */
export class SimulatedProcess implements GatedProcess {
  readonly name: string;
  readonly ports: Ports;
  readonly ingest;
  readonly service: Service | undefined;
  dead = false;
  faults = 0;
  busy = false;
  task = '';
  /** The queue whose batch it works; undefined in the API and in sweep. */
  queue: WorkQueue | undefined;
  batch = 0;
  readonly #conditions: Conditions;
  readonly #engine: Engine;
  readonly #dispatch;
  readonly #jobs;
  readonly #deathListeners = new Set<() => void>();

  constructor(name: string, engine: Engine, base: Ports, conditions: Conditions, service?: Service) {
    this.name = name;
    this.service = service;
    service?.add(this);
    this.#engine = engine;
    this.#conditions = conditions;
    const { settings } = conditions;
    this.ports = gatedPorts(base, () => this, conditions);
    this.ingest = service?.ingest ?? engine.createIngest(this.ports, settings);
    this.#dispatch = service?.dispatch ?? engine.createDispatch(this.ports, settings);
    this.#jobs = service?.jobs ?? engine.createJobs(this.ports, settings);
  }

  get instance(): string {
    return this.service?.name ?? this.name;
  }

  die(why: string): void {
    if (this.service) this.service.die(`${why} of ${this.name}`);
    else this.end(why);
  }

  /** Dies, alone. */
  end(why: string): void {
    if (this.dead) return;
    this.dead = true;
    this.#conditions.trace.note(this.#conditions.scheduler.now(), this.name, `dies ${why}`);
    for (const onDeath of this.#deathListeners) onDeath();
  }

  /** Runs one invocation; the process is killed at the function's timeout. */
  async run<T>(timeoutMs: number, work: () => Promise<T>): Promise<Ending<T>> {
    if (this.dead) return { kind: 'died' };
    const watchdog = { dead: false };
    void this.#conditions.scheduler.wait(timeoutMs, watchdog, false).then(() => this.die('at its timeout'));
    const death = Promise.withResolvers<Ending<T>>();
    const onDeath = () => death.resolve({ kind: 'died' });
    this.#deathListeners.add(onDeath);
    const ended = (this.service ? this.service.run(this, work) : work()).then(
      (value): Ending<T> => ({ kind: 'done', value }),
      (cause: unknown): Ending<T> => ({ kind: 'threw', cause }),
    );
    const ending = await Promise.race([ended, death.promise]);
    this.#deathListeners.delete(onDeath);
    watchdog.dead = true;
    return ending;
  }

  /** The ids of the messages that must come back. */
  handle(queue: WorkQueue, messages: readonly ReceivedMessage[], timeoutMs: number): Promise<Ending<string[]>> {
    this.queue = queue;
    this.batch = messages.length;
    const deadline = this.#conditions.scheduler.now() + timeoutMs;
    if (queue === 'slow') return this.run(timeoutMs, () => this.#workSlow(messages, deadline));
    this.task = queue === 'jobs' ? 'jobs' : 'dispatch';
    if (queue === 'jobs') return this.run(timeoutMs, () => this.#jobs({ queue, messages, deadline }));
    const dispatch = () => this.#dispatch({ queue, messages, deadline });
    return this.run(timeoutMs, () => this.service?.work(this, messages, dispatch) ?? dispatch());
  }

  /** One kind after the other, so that what is observed belongs to one task. */
  async #workSlow(messages: readonly ReceivedMessage[], deadline: number): Promise<string[]> {
    const { attempts, probes } = this.#engine.sortSlow(messages);
    this.task = 'dispatch';
    const kept = attempts.length > 0 ? await this.#dispatch({ queue: 'slow', messages: attempts, deadline }) : [];
    this.task = 'jobs';
    return [...kept, ...(probes.length > 0 ? await this.#jobs({ queue: 'slow', messages: probes, deadline }) : [])];
  }

  sweep(timeoutMs: number): Promise<Ending<unknown>> {
    this.task = 'sweep';
    this.queue = undefined;
    const deadline = this.#conditions.scheduler.now() + timeoutMs - 5000;
    return this.run(timeoutMs, () => this.#engine.sweep(this.ports, deadline));
  }
}
