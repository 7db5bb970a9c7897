import type { PollEntry } from '../../../lib/domain/poll-entry.ts';
import type { PollPosition } from '../../../lib/domain/poll-position.ts';
import { TENANT, call } from '../api-calls.ts';
import type { Simulation } from '../simulation.ts';
import type { PollRules } from './poll-rules.ts';
import type { ConsumerStory, PollStory } from './poll-story.ts';
import { type Polled, SimulatedConsumer } from './simulated-consumer.ts';

/** By then every replica shows that a delivery was abandoned, in milliseconds. */
const SHOWN_AFTER = 15_000;

/** The consumers of a history, and what is judged when nothing is left to do. */
export class PollScene {
  readonly rules: PollRules;
  readonly #simulation: Simulation;
  readonly #story: PollStory | undefined;
  readonly #consumers: readonly SimulatedConsumer[];
  /** Who comes for the first time, and is still to poll. */
  #newcomers = 0;

  constructor(simulation: Simulation, story: PollStory | undefined, rules: PollRules) {
    this.#simulation = simulation;
    this.#story = story;
    this.rules = rules;
    this.rules.onExpired = (endpointId) => this.#expired(endpointId);
    this.#consumers = (story?.consumers ?? []).map((one) => new SimulatedConsumer(simulation, one, this.#polled(one)));
  }

  #polled(story: ConsumerStory): Polled {
    return {
      tenantId: TENANT,
      delayMs: this.#story?.delayMs ?? 0,
      endpointId: () => this.#endpointId(story),
      given: (entry: PollEntry, askedAt: number) => this.rules.given(entry, askedAt, this.#simulation.scheduler.now()),
    };
  }

  #endpointId({ endpoint }: ConsumerStory): string | undefined {
    return this.#simulation.customers.endpointId(endpoint);
  }

  /** Does not end by itself: there may always be something to ask for. */
  async play(): Promise<void> {
    await Promise.all(this.#consumers.flatMap((one) => [one.play(), this.#skip(one.story), this.#remove(one.story)]));
  }

  /** An entry was added, or the endpoint has changed. */
  touched(endpointId: string): void {
    for (const one of this.#consumers) if (this.#endpointId(one.story) === endpointId) one.wake();
  }

  /** What of it was written again later could be given still, and must not be: somebody comes and asks. */
  #expired(endpointId: string): void {
    if (!this.#story || this.#newcomers > 0) return;
    this.#newcomers += 1;
    const polling = this.#pollAll(endpointId).finally(() => (this.#newcomers -= 1));
    polling.catch((cause: unknown) => this.#simulation.judgeError(cause));
  }

  /** All that is given now, from the oldest on. */
  async #pollAll(endpointId: string): Promise<void> {
    const { engine, base, conditions, scheduler } = this.#simulation;
    await scheduler.sleep(SHOWN_AFTER);
    const { logTtlMs } = conditions.settings;
    const look = { limit: 100, delayMs: 0, logTtlMs, waitMs: 0 };
    let cursor: PollPosition | undefined;
    for (let more = this.#isActive(endpointId); more;) {
      const start = { cursor };
      const askedAt = scheduler.now();
      const result = await scheduler.alone(() =>
        engine.polls.pollWaiting(base, TENANT, endpointId, { ...look, start }),
      );
      for (const { entry } of result.deliveries) this.rules.given(entry, askedAt, scheduler.now());
      ({ more, position: cursor } = result);
    }
  }

  /** Nobody asks for anything now. */
  isAtRest(): boolean {
    return this.#consumers.every(({ isIdle }) => isIdle);
  }

  /** Deliveries wait for a consumer to be forgotten, or for their time to end. */
  isWaiting(): boolean {
    return this.#story !== undefined && (this.#newcomers > 0 || this.rules.unended().length > 0);
  }

  /** Somebody lets a consumer begin from now. */
  async #skip({ skipsAt, name, ...story }: ConsumerStory): Promise<void> {
    if (skipsAt === undefined) return;
    const { scheduler, engine } = this.#simulation;
    await scheduler.sleep(skipsAt - scheduler.now());
    const endpointId = this.#endpointId({ ...story, name });
    if (endpointId === undefined) return;
    const now = scheduler.now();
    const position = this.rules.consumers.beginning(engine.positions.positionAt(now), now);
    await call(this.#simulation, `skip of ${name}`, ({ ports }) =>
      engine.consumers.commit(ports, TENANT, endpointId, name, position),
    );
  }

  async #remove({ removedAt, name, ...story }: ConsumerStory): Promise<void> {
    if (removedAt === undefined) return;
    const { scheduler, engine } = this.#simulation;
    await scheduler.sleep(removedAt - scheduler.now());
    const endpointId = this.#endpointId({ ...story, name });
    if (endpointId === undefined) return;
    await call(this.#simulation, `removal of ${name}`, ({ ports }) =>
      engine.consumers.removeConsumer(ports, TENANT, endpointId, name),
    );
  }

  /** 21, when consumers have come to the end, and nothing waits any more. */
  judge(): void {
    if (!this.#story) return;
    const now = this.#simulation.scheduler.now();
    this.rules.judgeEnds((endpointId) => this.#isActive(endpointId), now);
    for (const { story } of this.#consumers) {
      const endpointId = this.#endpointId(story);
      if (endpointId === undefined || !this.#isActive(endpointId)) continue;
      if (!hasGone(story)) this.rules.judgeWorked(endpointId, story.name, now);
    }
  }

  /** Is somebody to come back when it is too late? */
  get returns(): boolean {
    return this.#story?.returns === true && this.#consumers.some(({ story }) => story.leavesAt !== undefined);
  }

  /** 21: who comes back after what it missed is no longer given is told so; who missed nothing goes on. */
  async judgeReturns(): Promise<void> {
    const { engine, base, conditions, scheduler, evidence } = this.#simulation;
    const { logTtlMs } = conditions.settings;
    const now = scheduler.now();
    for (const { story } of this.#consumers.filter((one) => one.story.leavesAt !== undefined)) {
      const endpointId = this.#endpointId(story);
      if (endpointId === undefined || !this.#isActive(endpointId)) continue;
      if (story.removedAt !== undefined) continue;
      if (!this.rules.hasMissed(endpointId, story.name, { now, logTtlMs })) continue;
      const start = { cursor: undefined, consumer: story.name };
      const look = { start, limit: 100, delayMs: 0, logTtlMs, waitMs: 0 };
      const told = await scheduler.alone(() =>
        engine.polls.pollWaiting(base, TENANT, endpointId, look).then(
          () => false,
          (cause: unknown) => cause instanceof engine.errors.RequestError && cause.code === 'cursor-expired',
        ),
      );
      if (!told) evidence.fail(21, `${story.name} comes back and is not told what it missed`, now);
    }
  }

  #isActive(endpointId: string): boolean {
    return this.#simulation.evidence.versionsOf(endpointId).at(-1)?.endpoint.status === 'active';
  }
}

function hasGone({ leavesAt, removedAt }: ConsumerStory): boolean {
  return leavesAt !== undefined || removedAt !== undefined;
}
