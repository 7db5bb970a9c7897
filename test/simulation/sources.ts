import type { Source, SourceMessage } from '../../lib/pipeline/sources/take-in.ts';
import { TENANT, call } from './api-calls.ts';
import type { Dice } from './dice.ts';
import type { Simulation } from './simulation.ts';

/** What stands in the queue of a source. */
export interface SourceStory {
  messages: readonly PlacedMessage[];
}

interface PlacedMessage {
  id: string;
  /** When it comes, milliseconds since the Unix epoch. */
  at: number;
  /** It can't be an event. */
  isUnreadable: boolean;
}

const NAME = 'orders';
const VISIBILITY_MS = 90_000;
const MOST_AT_ONCE = 10;

/** A few of the histories have one. */
export function inventSource(dice: Dice, anytime: () => number): SourceStory | undefined {
  if (!dice.chance(0.06)) return undefined;
  const from = anytime();
  const messages = Array.from({ length: dice.between(1, 12) }, (_, nth) => ({
    id: `message-${nth}`,
    at: dice.chance(0.7) ? from + dice.below(2000) : anytime(),
    isUnreadable: dice.chance(0.2),
  }));
  return { messages };
}

interface Waiting extends PlacedMessage {
  visibleAt: number;
  receiveCount: number;
}

/**
 * The queue of a source and the function behind it. A message that is not acknowledged comes back, and one may come
 * although it was acknowledged.
 */
export class SimulatedSource {
  readonly #simulation: Simulation;
  readonly #waiting: Waiting[];
  readonly #refused = new Set<string>();
  readonly #source: Source;

  constructor(simulation: Simulation, { messages }: SourceStory) {
    this.#simulation = simulation;
    this.#waiting = messages.map((one) => ({ ...one, visibleAt: one.at, receiveCount: 0 }));
    const { RequestError } = simulation.engine.errors;
    this.#source = {
      name: NAME,
      read({ id, body }) {
        if (body === '') throw new RequestError('invalid-request', 'It is no event.');
        const event = { type: 'order.paid', data: '{"n":1}', externalId: id };
        return { tenantId: TENANT, event, idempotencyKey: `source:${NAME}\n${id}` };
      },
    };
  }

  /** Until every message is acknowledged. */
  async play(): Promise<void> {
    const { scheduler } = this.#simulation;
    while (this.#waiting.length > 0) {
      const next = Math.min(...this.#waiting.map(({ visibleAt }) => visibleAt));
      await scheduler.sleep(Math.max(0, next - scheduler.now()));
      await Promise.all(this.#workers().map(() => this.#work(this.#receive())));
    }
  }

  /** Lambda may give a batch of a standard queue to two. */
  #workers(): number[] {
    const { dice, conditions } = this.#simulation;
    return conditions.unruly && dice.chance(conditions.profile.duplicate) ? [1, 2] : [1];
  }

  /** For one of two at the same moment they are as visible as for the other. */
  #receive(): Waiting[] {
    const now = this.#simulation.scheduler.now();
    const received = this.#waiting.filter(({ visibleAt }) => visibleAt <= now).slice(0, MOST_AT_ONCE);
    for (const one of received) one.receiveCount += 1;
    return received;
  }

  async #work(received: readonly Waiting[]): Promise<void> {
    const { engine, scheduler, dice, conditions } = this.#simulation;
    const refused = { put: (one: { messageId: string }) => this.#refuse(one.messageId) };
    const messages = received.map(({ id, isUnreadable, receiveCount }): SourceMessage => ({
      id,
      body: isUnreadable ? '' : '{}',
      receiveCount,
    }));
    const ending = await call(this.#simulation, 'source', ({ ports, ingest }) =>
      engine.createTakeIn({ log: ports.log, refused }, ingest)(this.#source, messages),
    );
    const isLost = conditions.unruly && dice.chance(conditions.profile.refuse);
    const back = ending.kind === 'done' && !isLost ? ending.value : messages.map(({ id }) => id);
    for (const one of received) {
      if (back.includes(one.id)) one.visibleAt = scheduler.now() + VISIBILITY_MS;
      else this.#acknowledge(one);
    }
  }

  async #refuse(messageId: string): Promise<void> {
    const { engine, dice, conditions } = this.#simulation;
    if (conditions.unruly && dice.chance(conditions.profile.refuse * 5))
      throw new engine.errors.ServiceFault('The queue of refused messages took nothing.');
    this.#refused.add(messageId);
  }

  /** 1, 14: what is acknowledged is an event that is kept, or a message that is kept for an operator. */
  #acknowledge(message: Waiting): void {
    const { evidence, scheduler } = this.#simulation;
    const now = scheduler.now();
    const index = this.#waiting.indexOf(message);
    if (index !== -1) this.#waiting.splice(index, 1);
    if (message.isUnreadable) {
      if (!this.#refused.has(message.id)) evidence.fail(14, `${message.id} can't be an event, and is gone`, now);
      return;
    }
    const event = [...evidence.events.values()].find(({ externalId }) => externalId === message.id);
    if (!event) return evidence.fail(1, `${message.id} was acknowledged, and is no event`, now);
    evidence.accepted.push({ eventId: event.id, key: message.id, askedAt: event.acceptedAt, answeredAt: now });
  }
}
