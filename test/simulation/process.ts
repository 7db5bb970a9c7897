import type { Ports } from '../../lib/ports/ports.ts';
import type { ReceivedMessage } from '../../lib/ports/queues.ts';
import type { Engine } from './engine.ts';
import { type Mortal, type Weather, gatedPorts } from './gate.ts';

/** What came of a piece of work: its process may die over it. */
export type Ending<T> = { kind: 'done'; value: T } | { kind: 'threw'; cause: unknown } | { kind: 'died' };

export type WorkQueue = 'deliveries' | 'retries' | 'jobs';

/** One process: the pipeline's stages over gated ports, until it dies. */
export class SimulatedProcess implements Mortal {
  readonly name: string;
  readonly ports: Ports;
  readonly ingest;
  dead = false;
  faults = 0;
  busy = false;
  task = '';
  readonly #weather: Weather;
  readonly #engine: Engine;
  readonly #dispatch;
  readonly #jobs;
  readonly #mourners = new Set<() => void>();

  constructor(name: string, engine: Engine, base: Ports, weather: Weather) {
    this.name = name;
    this.#engine = engine;
    this.#weather = weather;
    this.ports = gatedPorts(base, this, weather);
    this.ingest = engine.createIngest(this.ports, weather.settings);
    this.#dispatch = engine.createDispatch(this.ports, weather.settings);
    this.#jobs = engine.createJobs(this.ports);
  }

  die(why: string): void {
    if (this.dead) return;
    this.dead = true;
    this.#weather.trace.note(this.#weather.scheduler.now(), this.name, `dies ${why}`);
    for (const mourn of this.#mourners) mourn();
  }

  /** Runs one invocation; the process is killed at the function's timeout. */
  async run<T>(timeoutMs: number, work: () => Promise<T>): Promise<Ending<T>> {
    if (this.dead) return { kind: 'died' };
    const watchdog = { dead: false };
    void this.#weather.scheduler.wait(timeoutMs, watchdog, false).then(() => this.die('at its timeout'));
    const death = Promise.withResolvers<Ending<T>>();
    const mourn = () => death.resolve({ kind: 'died' });
    this.#mourners.add(mourn);
    const ended = work().then(
      (value): Ending<T> => ({ kind: 'done', value }),
      (cause: unknown): Ending<T> => ({ kind: 'threw', cause }),
    );
    const ending = await Promise.race([ended, death.promise]);
    this.#mourners.delete(mourn);
    watchdog.dead = true;
    return ending;
  }

  /** The ids of the messages that must come back. */
  handle(queue: WorkQueue, messages: readonly ReceivedMessage[], timeoutMs: number): Promise<Ending<string[]>> {
    this.task = queue === 'jobs' ? 'jobs' : 'dispatch';
    const deadline = this.#weather.scheduler.now() + timeoutMs;
    return this.run(timeoutMs, () =>
      queue === 'jobs' ? this.#jobs({ messages }) : this.#dispatch({ queue, messages, deadline }),
    );
  }

  sweep(timeoutMs: number): Promise<Ending<unknown>> {
    this.task = 'sweep';
    const deadline = this.#weather.scheduler.now() + timeoutMs - 5000;
    return this.run(timeoutMs, () => this.#engine.sweep(this.ports, deadline));
  }
}
