import { deliveryId } from '../../../lib/domain/ids.ts';
import type { PollEntry } from '../../../lib/domain/poll-entry.ts';
import type { PollPosition } from '../../../lib/domain/poll-position.ts';
import type { PollResult } from '../../../lib/pipeline/polls/poll.ts';
import { call, isRefusal } from '../api-calls.ts';
import type { Simulation } from '../simulation.ts';
import type { ConsumerStory } from './poll-story.ts';

const SECOND = 1000;
const DAY = 24 * 3_600_000;
const KEPT = 14 * DAY;
const TRIES = 4;
/** For so long after something was written it polls often: others may come to light. */
const LATELY = 60 * SECOND;
/** In calm, a poll that was refused, or that gave nothing for a while, is repeated after this long. */
const AGAIN = 2 * SECOND;

/** What a consumer polls. */
export interface Polled {
  tenantId: string;
  /** Undefined: it is not there (yet). */
  endpointId(): string | undefined;
  delayMs: number;
  /** A consumer is given this. @param askedAt when it has asked, milliseconds since the Unix epoch */
  given(entry: PollEntry, askedAt: number): void;
}

/**
 * One process of a consumer: it polls, works what it is given, commits, and polls on. When it dies it has forgotten all,
 * and begins where the consumer has committed to. In calm it looks when there is something, and once a day.
 */
export class SimulatedConsumer {
  readonly story: ConsumerStory;
  /** It will not ask again, or only when something happens. */
  isIdle = false;
  readonly #simulation: Simulation;
  readonly #polled: Polled;
  #wake: () => void = () => {};
  #left = false;

  constructor(simulation: Simulation, story: ConsumerStory, polled: Polled) {
    this.#simulation = simulation;
    this.story = story;
    this.#polled = polled;
  }

  async play(): Promise<void> {
    const { scheduler } = this.#simulation;
    await scheduler.sleep(this.story.at - scheduler.now());
    const endpointId = await this.#found();
    if (endpointId !== undefined) await this.#consume(endpointId);
    this.isIdle = true;
  }

  async #consume(endpointId: string): Promise<void> {
    await this.#begin(endpointId);
    while (!this.#left) {
      await this.#live(endpointId);
      await this.#simulation.scheduler.sleep(this.#dice.between(100, 5000));
    }
  }

  /** Something has changed that it may be waiting for. */
  wake(): void {
    this.#wake();
  }

  /** Its endpoint may be made later than it comes, or never. */
  async #found(): Promise<string | undefined> {
    const { scheduler } = this.#simulation;
    while (this.#polled.endpointId() === undefined && !this.#isCalm) await scheduler.sleep(this.story.quietPace);
    return this.#polled.endpointId();
  }

  async #begin(endpointId: string): Promise<void> {
    const { from, name } = this.story;
    if (from === undefined) return;
    const { engine, scheduler, polls } = this.#simulation;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const at = scheduler.now() - (from === 'now' ? 0 : KEPT);
      const position = polls.rules.consumers.beginning(engine.positions.positionAt(at), at);
      if (await this.#commit(endpointId, position)) return;
      this.#note(`${name} could not begin`);
    }
  }

  /** Until it dies, or leaves for good. */
  async #live(endpointId: string): Promise<void> {
    const { name, limit, commitsEvery } = this.story;
    const { polls, scheduler } = this.#simulation;
    const worked = new Set<string>();
    let position: PollPosition | undefined;
    for (let nth = 1; !this.#hasLeft(); nth += 1) {
      const askedAt = scheduler.now();
      const result = await this.#poll(endpointId, position, limit);
      if (result === 'refused') return;
      if (this.#dies('with what it was given')) return;
      const seen = polls.rules.consumers.get(endpointId, name);
      for (const { entry } of result?.deliveries ?? []) {
        this.#polled.given(entry, askedAt);
        worked.add(deliveryId(entry));
        seen.worked.add(deliveryId(entry));
      }
      if (result) {
        ({ position } = result);
        polls.rules.consumers.reached({ endpointId }, name, { position, worked });
        if (this.#dies('before its commit')) return;
        if (nth % commitsEvery === 0 || this.#isCalm) await this.#commit(endpointId, position);
      }
      if (this.#dies('after its commit')) return;
      if (!result?.more) await this.#rest(endpointId, result);
    }
  }

  /** Undefined: there was no answer. */
  async #poll(
    endpointId: string,
    cursor: PollPosition | undefined,
    limit: number,
  ): Promise<PollResult | 'refused' | undefined> {
    const { engine, conditions } = this.#simulation;
    const { tenantId, delayMs } = this.#polled;
    const { name } = this.story;
    const { logTtlMs } = conditions.settings;
    const look = { start: { cursor, consumer: name }, limit, delayMs, logTtlMs, waitMs: 0 };
    const ending = await call(this.#simulation, `poll of ${name}`, ({ ports }) =>
      engine.polls.pollWaiting(ports, tenantId, endpointId, look),
    );
    if (ending.kind === 'done') {
      const { deliveries, state, more } = ending.value;
      if (deliveries.length > 0) this.#note(`${name} is given ${deliveries.map(({ entry }) => shortOf(entry)).join()}`);
      else if (more || state !== 'active') this.#note(`${name} is given nothing: ${state}${more ? ', more' : ''}`);
      return ending.value;
    }
    if (!isRefusal(this.#simulation, ending)) return undefined;
    if (isRefusal(this.#simulation, ending, 'not-found')) this.#left = true;
    else await this.#rest(endpointId, undefined);
    return 'refused';
  }

  async #commit(endpointId: string, position: PollPosition): Promise<boolean> {
    const { engine, scheduler } = this.#simulation;
    const { tenantId } = this.#polled;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const ending = await call(this.#simulation, `commit of ${this.story.name}`, ({ ports }) =>
        engine.consumers.commit(ports, tenantId, endpointId, this.story.name, position),
      );
      if (ending.kind === 'done') return true;
      if (isRefusal(this.#simulation, ending)) return false;
      await scheduler.sleep(this.#dice.between(100, 3000));
    }
    return false;
  }

  /** Until it is worth asking again. */
  async #rest(endpointId: string, result: PollResult | undefined): Promise<void> {
    const { scheduler, polls } = this.#simulation;
    const { pace, quietPace } = this.story;
    const lastWritten = polls.rules.lastWritten(endpointId);
    if (!this.#isCalm && scheduler.now() < lastWritten + LATELY) return scheduler.sleep(pace);
    if (!this.#isCalm) return this.#woken(Math.max(pace, quietPace));
    const isFresh = scheduler.now() < lastWritten + AGAIN;
    if (isFresh || result?.state === 'braked') return scheduler.sleep(AGAIN);
    this.isIdle = true;
    await this.#woken(DAY);
    this.isIdle = false;
    return undefined;
  }

  async #woken(atLatest: number): Promise<void> {
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    await Promise.race([woken, this.#simulation.scheduler.sleep(atLatest)]);
  }

  #hasLeft(): boolean {
    const { leavesAt = Infinity, removedAt = Infinity } = this.story;
    this.#left ||= this.#simulation.scheduler.now() >= Math.min(leavesAt, removedAt);
    return this.#left;
  }

  #dies(when: string): boolean {
    if (this.#isCalm || !this.#dice.chance(this.story.crash)) return false;
    this.#note(`${this.story.name} dies ${when}`);
    return true;
  }

  /** Everything that people do is done. */
  get #isCalm(): boolean {
    return this.#simulation.conditions.calm;
  }

  get #dice() {
    return this.#simulation.dice;
  }

  #note(what: string): void {
    const { trace, scheduler } = this.#simulation;
    trace.note(scheduler.now(), 'consumer', what);
  }
}

function shortOf({ eventId, ordinal }: { eventId: string; ordinal: number }): string {
  return `${eventId.slice(-4)}.${ordinal}`;
}
