import { AsyncLocalStorage } from 'node:async_hooks';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { ReceivedMessage } from '../../../lib/ports/queues.ts';
import type { Engine } from '../engine.ts';
import { type Conditions, type GatedProcess, gatedPorts } from '../gate.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Owner } from '../scheduler.ts';
import type { LineRules, Worked } from './line-rules.ts';

/** What a service is made of, besides its ports and conditions. */
export interface ServiceParts {
  lines: LineRules;
  /** It has died, with all that it had in memory. */
  died(): void;
}

/**
 * A process that does everything, and many things at once: each call and each message is a task, which is known by the
 * context that its code runs in. All tasks share the places of one dispatch, and die together.
 */
export class Service implements Owner {
  readonly name: string;
  readonly ingest;
  readonly dispatch;
  readonly jobs;
  dead = false;
  readonly #tasks = new Set<SimulatedProcess>();
  readonly #atWork = new AsyncLocalStorage<SimulatedProcess>();
  readonly #worked = new Map<GatedProcess, Worked>();
  readonly #parts: ServiceParts;

  constructor(name: string, engine: Engine, base: Ports, conditions: Conditions, parts: ServiceParts) {
    this.name = name;
    this.#parts = parts;
    const { scheduler, settings } = conditions;
    const ports = gatedPorts(base, () => this.#task(), conditions);
    const clock = { now: () => scheduler.now(), sleep: (ms: number) => this.#sleep(scheduler.sleep(ms)) };
    const timed = { ...ports, clock };
    this.ingest = engine.createIngest(ports, settings);
    this.jobs = engine.createJobs(ports, settings);
    // Any other task may come first.
    const endOfTurn = (work: () => void) => void scheduler.wait(0, this, false).then(work);
    this.dispatch = engine.createDispatch(timed, settings, undefined, endOfTurn);
  }

  add(task: SimulatedProcess): void {
    this.#tasks.add(task);
  }

  die(why: string): void {
    if (this.dead) return;
    this.dead = true;
    for (const task of this.#tasks) task.end(why);
    this.#parts.lines.died(this.name);
    this.#parts.died();
  }

  run<T>(task: SimulatedProcess, work: () => Promise<T>): Promise<T> {
    return this.#atWork.run(task, work);
  }

  /** Works a message of deliveries or retries, beside others. */
  async work<T>(task: SimulatedProcess, [message]: readonly ReceivedMessage[], work: () => Promise<T>): Promise<T> {
    const { lines } = this.#parts;
    const worked = lines.begins(this.name, message as ReceivedMessage);
    this.#worked.set(task, worked);
    for (const one of this.#worked.keys()) one.batch = Math.max(one.batch ?? 0, this.#worked.size);
    try {
      return await work();
    } finally {
      this.#worked.delete(task);
      lines.ends(worked);
    }
  }

  workedBy(task: GatedProcess): Worked | undefined {
    return this.#worked.get(task);
  }

  /** A call of a port, which tells that the task does not stand in a line. */
  async calling<T>(task: GatedProcess, method: string, call: () => Promise<T>): Promise<T> {
    const { lines } = this.#parts;
    const worked = this.#worked.get(task);
    lines.calls(this.name, worked, method);
    try {
      return await call();
    } finally {
      lines.hasCalled(this.name, worked, method);
    }
  }

  #task(): SimulatedProcess {
    const task = this.#atWork.getStore();
    if (!task) throw new Error('A port is called by no task.');
    return task;
  }

  async #sleep(time: Promise<void>): Promise<void> {
    const worked = this.#worked.get(this.#task());
    if (!worked) return time;
    worked.sleeps += 1;
    await time;
    worked.sleeps -= 1;
  }
}
