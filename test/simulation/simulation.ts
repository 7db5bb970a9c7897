import { deliveryId } from '../../lib/domain/ids.ts';
import type { SqliteStore } from '../../lib/adapters/sqlite/store.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { QueueName } from '../../lib/ports/queues.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { play, postFromAll, register } from './actors.ts';
import { AnswerRules } from './answer-rules.ts';
import { TENANT } from './api-calls.ts';
import { Caretaker } from './caretaker.ts';
import { CustomerBase } from './customer-base.ts';
import { Dice, diceOfServices, otherDice } from './dice.ts';
import type { Engine } from './engine.ts';
import { EventSource } from './event-source.ts';
import { Evidence, type Violation } from './evidence.ts';
import { FaultRules } from './fault-rules.ts';
import type { Conditions } from './gate.ts';
import { isPatient, judgeHeld } from './held-rules.ts';
import { Neighbour } from './neighbour.ts';
import { ObservedPorts } from './observed-ports.ts';
import { PollScene } from './polls/poll-scene.ts';
import { SimulatedProcess } from './process.ts';
import { chooseProfile, settingsOf } from './profile.ts';
import { judgeRest } from './rest-rules.ts';
import { Scheduler } from './scheduler.ts';
import { OneProcess, judgingSafety } from './service/one-process.ts';
import { openWithConnection } from './service/power-cuts.ts';
import { chooseService, inventBursts } from './service/service-profile.ts';
import { SimulatedSource } from './sources.ts';
import { type Story, inventStory } from './story.ts';
import { NOBODY, PLAIN_BOX } from './stand-ins.ts';
import { Sweeper } from './sweeper.ts';
import { Trace } from './trace.ts';

const START = Date.UTC(2026, 0, 1);
const DAY = 24 * 3_600_000;
/** The longest schedule and a held delivery's fourteen days fit in. */
const CALM_MS = 8 * DAY;
const HOLD_MS = 15 * DAY;
/** Every so many histories end with posts from so many of the processes that are left. */
const LAST_POSTS = 4;
const MOST_LAST_POSTS = 4;
/** More than any history needs: with more, something loops. */
const MOST_STEPS = 60_000;
/** A poll endpoint is looked at each hour, for fifteen days at most. */
const MOST_STEPS_WITH_POLLS = 150_000;
const QUEUES = ['deliveries', 'retries', 'slow', 'jobs'] as const;

export interface Outcome {
  seed: number;
  violation: Violation | undefined;
  /** The last steps before the violation. */
  trace: readonly string[];
  steps: number;
}

/** One seed's history: its deployment, its people, its conditions, and what was observed. */
export class Simulation {
  readonly engine: Engine;
  readonly dice: Dice;
  readonly scheduler: Scheduler;
  readonly evidence = new Evidence();
  readonly trace: Trace;
  readonly store: SqliteStore;
  readonly customers: CustomerBase;
  readonly sweeper: Sweeper;
  readonly conditions: Conditions;
  readonly #seed: number;
  readonly #story: Story;
  readonly #observed: ObservedPorts;
  readonly #neighbour: Neighbour | undefined;
  readonly polls: PollScene;
  readonly #faults: FaultRules;
  readonly #answers = new AnswerRules(this.evidence);
  /** The ports without gates. */
  readonly base: Ports;
  readonly #service: OneProcess | undefined;
  readonly #sources: Readonly<Record<(typeof QUEUES)[number], EventSource>>;
  readonly #processes: SimulatedProcess[] = [];
  #made = 0;
  /** All actions of the story are done. */
  #told = false;

  constructor(seed: number, engine: Engine, traced: number) {
    this.#seed = seed;
    this.engine = engine;
    this.dice = new Dice(seed * 2);
    const inventing = new Dice(seed * 2 + 1);
    const ofServices = diceOfServices(seed);
    const profile = chooseService(ofServices, chooseProfile(inventing, START));
    this.#story = inventStory(inventing, profile, START, otherDice(seed));
    this.#story.actions.push(...inventBursts(ofServices, profile, START));
    this.trace = new Trace(START, traced);
    const { dice, trace } = this;
    this.scheduler = new Scheduler(dice, START);
    const { scheduler, evidence } = this;
    const { settings, errors } = engine;
    this.#faults = new FaultRules(errors, evidence, scheduler);
    this.conditions = {
      scheduler,
      dice,
      profile,
      trace,
      errors,
      settings: settingsOf(profile, settings),
      unruly: !profile.quiet,
      calm: false,
      erases: this.#story.neighbour !== undefined,
      polls: this.#story.polls !== undefined,
      handovers: undefined,
      current: undefined,
      noteBug: () => (evidence.bugs += 1),
      nothingDue: (minute) => this.#observed.indexes.nothingDue(minute),
    };
    const opened = openWithConnection(() => engine.openSqliteStore({ path: ':memory:', clock: scheduler }));
    this.store = opened.store;
    const random = new SeededRandom(seed);
    const local = { clock: scheduler, random, log: this.#faults.log(), secrets: PLAIN_BOX };
    this.#observed = new ObservedPorts({ ...this.store, ...local, sender: NOBODY }, evidence, {
      now: () => scheduler.now(),
      dice,
      profile,
      unruly: () => this.conditions.unruly,
      caller: () => this.conditions.current,
      endpointWritten: (endpoint) => {
        this.customers.learn(endpoint);
        this.polls.touched(endpoint.id);
      },
      entryAdded: (endpointId) => this.polls.touched(endpointId),
      neighbour: () => this.#neighbour,
      touched: (queue) => this.touched(queue),
      requestsPerEndpoint: this.conditions.settings.requestsPerEndpoint,
    });
    this.customers = new CustomerBase(this.#story.cast, dice, scheduler, this.#observed, trace, TENANT);
    this.polls = new PollScene(this, this.#story.polls, this.#observed.polls);
    this.#neighbour = this.#story.neighbour && new Neighbour(this, this.#story.neighbour);
    const send: CustomerBase['send'] = (...given) => this.#neighbour?.send(given[0]) ?? this.customers.send(...given);
    this.base = { ...this.#observed.ports, sender: { send: judgingSafety(send, evidence, () => scheduler.now()) } };
    const worker = () => this.worker('worker');
    this.sweeper = new Sweeper(this.conditions, this.#observed.indexes.due, this.store.due, evidence, worker);
    const source = (queue: (typeof QUEUES)[number]) =>
      new EventSource(queue, this.store.queues, this.conditions, worker, (ended) =>
        this.#answers.ended(ended, scheduler.now()),
      );
    this.#sources = {
      deliveries: source('deliveries'),
      retries: source('retries'),
      slow: source('slow'),
      jobs: source('jobs'),
    };
    for (const queue of QUEUES) scheduler.addChore(this.#sources[queue]);
    const { base, store, conditions } = this;
    const { connection } = opened;
    const around = { engine, base, store, connection, conditions, evidence, dice: ofServices, sources: this.#sources };
    this.#service = profile.service && new OneProcess(profile.service, around);
    scheduler.addChore(this.sweeper);
    scheduler.addChore(new Caretaker(this));
  }

  /** The unruly part, then calm until nothing is left to do, then the fourteen days after which held deliveries expire. */
  async run(): Promise<Outcome> {
    const { scheduler, evidence } = this;
    const { cast, actions } = this.#story;
    const { horizonMs } = this.conditions.profile;
    // A deployment sweeps before its first event.
    await this.engine.sweep(this.base, START + 60_000);
    const playing = Promise.all([
      ...cast.map((one, index) => register(this, one, index)),
      ...actions.map((action) => play(this, action)),
      this.#neighbour?.play(),
      this.#story.source && new SimulatedSource(this, this.#story.source).play(),
    ]);
    void playing.catch((cause: unknown) => this.judgeError(cause)).then(() => (this.#told = true));
    for (const consuming of [this.polls.play(), this.#neighbour?.consume()])
      void consuming?.catch((cause: unknown) => this.judgeError(cause));
    const broken = () => evidence.violation !== undefined || this.#isEndless();
    await scheduler.runUntil(START + horizonMs, broken);
    Object.assign(this.conditions, { unruly: false, calm: true });
    if (!broken()) await scheduler.runUntil(scheduler.now() + CALM_MS, () => broken() || this.#isAtRest());
    if (!broken() && this.#seed % LAST_POSTS === 0) await this.#lastPosts(broken);
    if (!broken()) await this.#judge();
    if (!broken()) await this.#neighbour?.judge();
    const holds = () => [...evidence.records.values()].some(({ record }) => record.status === 'held');
    const waits = () => holds() || this.polls.isWaiting();
    if (!broken()) await scheduler.runUntil(scheduler.now() + HOLD_MS, () => broken() || !waits());
    if (!broken()) judgeHeld(evidence, this.customers, scheduler.now());
    if (!broken()) this.polls.judge();
    if (!broken() && this.polls.returns) await scheduler.runUntil(scheduler.now() + HOLD_MS, broken);
    if (!broken()) await this.polls.judgeReturns();
    this.store.close();
    return { seed: this.#seed, violation: evidence.violation, trace: this.trace.lines, steps: scheduler.steps };
  }

  /** What its processes have cached must not matter. */
  async #lastPosts(broken: () => boolean): Promise<void> {
    const { scheduler } = this;
    const living = this.#processes.filter(({ dead, name }) => !dead && name.startsWith('api'));
    this.#told = false;
    void postFromAll(this, living.slice(0, MOST_LAST_POSTS))
      .catch((cause: unknown) => this.judgeError(cause))
      .then(() => (this.#told = true));
    await scheduler.runUntil(scheduler.now() + CALM_MS, () => broken() || this.#isAtRest());
  }

  /** An idle process of this kind, usually one that has run before. */
  worker(kind: 'worker' | 'api'): SimulatedProcess {
    const idle = this.#processes.filter(({ dead, busy, name }) => !dead && !busy && name.startsWith(kind));
    const [first, ...others] = idle;
    const used = first && this.dice.chance(0.8) ? this.dice.pick([first, ...others]) : this.#newProcess(kind);
    used.busy = true;
    return used;
  }

  touched(queue: QueueName): void {
    if (queue in this.#sources) this.#sources[queue as (typeof QUEUES)[number]].touched();
  }

  judgeError(cause: unknown): void {
    this.#faults.judgeError(cause);
  }

  #newProcess(kind: string): SimulatedProcess {
    this.#made += 1;
    const process = new SimulatedProcess(
      `${kind}-${this.#made}`,
      this.engine,
      this.base,
      this.conditions,
      this.#service?.running,
    );
    this.#processes.push(process);
    return process;
  }

  #isEndless(): boolean {
    const most = this.#story.polls ? MOST_STEPS_WITH_POLLS : MOST_STEPS;
    if (this.scheduler.steps < most) return false;
    this.evidence.fail(5, `no rest after ${most} steps`, this.scheduler.now());
    return true;
  }

  /** Only held deliveries are left. */
  #isAtRest(): boolean {
    if (!this.#told || !this.polls.isAtRest() || this.#neighbour?.isAtRest() === false) return false;
    if (QUEUES.some((queue) => this.#sources[queue].underWay > 0 || this.#sources[queue].dueAt() !== undefined))
      return false;
    if (this.#processes.some(({ busy, dead }) => busy && !dead)) return false;
    for (const { value } of this.#observed.indexes.due.latest()) {
      if (value.kind === 'job' && !this.#observed.lookouts.has(value.jobId)) return false;
      if (value.kind === 'delivery' && !isPatient(this.evidence.records.get(deliveryId(value.key))?.record))
        return false;
    }
    return true;
  }

  async #judge(): Promise<void> {
    this.#judgeDueIndex();
    const deadLetters = await this.#takeAll('exhausted');
    const poisoned = await this.#takeAll('poison');
    judgeRest(this.evidence, {
      now: this.scheduler.now(),
      quiet: this.conditions.profile.quiet,
      healthy: this.customers.healthy(),
      count: (queue) => {
        const { visible, inFlight, delayed } = this.store.queues.count(queue);
        return visible + inFlight + delayed;
      },
      poisoned,
      deadLetters,
    });
  }

  /** 4: what is finished has left the due index. */
  #judgeDueIndex(): void {
    for (const { id, value } of this.#observed.indexes.due.latest()) {
      const record = value.kind === 'delivery' ? this.evidence.records.get(deliveryId(value.key))?.record : undefined;
      if (record && record.checkAt === undefined)
        this.evidence.fail(4, `${id} is finished and stands in the due index`, this.scheduler.now());
    }
  }

  async #takeAll(queue: QueueName): Promise<string[]> {
    const bodies: string[] = [];
    for (;;) {
      const batch = await this.store.queues.receive(queue, 10);
      if (batch.length === 0) return bodies;
      bodies.push(...batch.map(({ body }) => body));
    }
  }
}

/** How many lines of a trace are kept. */
const TRACED = 40;

/** Plays one seed's history; after a violation plays it again, with a trace. */
export async function simulate(seed: number, engine: Engine, lines = TRACED): Promise<Outcome> {
  const outcome = await new Simulation(seed, engine, 0).run();
  return outcome.violation && lines > 0 ? new Simulation(seed, engine, lines).run() : outcome;
}
