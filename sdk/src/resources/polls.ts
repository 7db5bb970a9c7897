import type { Consumer, ConsumerCommit, Poll, PollEndpointQuery, PolledDelivery } from '../api-types.ts';
import { List } from '../list.ts';
import { pause } from '../retries.ts';
import { type CallOptions, type Transport, segment } from '../transport.ts';

/** As long as the service waits for a delivery, where it can. */
const WAIT_SECONDS = 20;
/** Pauses after an answer with nothing in it that came at once. */
const PAUSE_MS = { active: 1000, paused: 10_000, braked: 10_000 } as const;
/** A consumer that commits nothing for 7 days no longer counts. */
const IDLE_COMMIT_MS = 3_600_000;

export interface ConsumeOptions extends CallOptions {
  /** The consumer’s name: what it has committed is not given again. */
  consumer: string;
  /** Where a consumer begins that is not there yet. The default is `oldest`. */
  from?: 'now' | 'oldest' | undefined;
  /** Deliveries of one answer, 1 to 100. They are committed together. */
  limit?: number | undefined;
}

/** The consumers of endpoints that are polled instead of sent to. */
export class Polls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What a consumer has not been given yet. It changes nothing: {@link commit} does. */
  poll(endpointId: string, query: PollEndpointQuery = {}, options?: CallOptions): Promise<Poll> {
    return this.#transport.send({ method: 'GET', path: `${pathOf(endpointId)}/poll`, query }, options);
  }

  /** Notes how far a consumer has come. A new name adds a consumer. */
  commit(endpointId: string, consumer: string, commit: ConsumerCommit, options?: CallOptions): Promise<Consumer> {
    const path = `${pathOf(endpointId)}/consumers/${segment(consumer)}`;
    return this.#transport.send({ method: 'PUT', path, body: commit }, options);
  }

  /** The consumers of an endpoint, by name. */
  consumers(endpointId: string, options?: CallOptions): List<Consumer> {
    return new List(this.#transport, `${pathOf(endpointId)}/consumers`, undefined, options);
  }

  /** Removes a consumer: deliveries no longer wait for its commit. */
  remove(endpointId: string, consumer: string, options?: CallOptions): Promise<void> {
    const path = `${pathOf(endpointId)}/consumers/${segment(consumer)}`;
    return this.#transport.send({ method: 'DELETE', path, ends: true }, options);
  }

  /**
   * All deliveries, those of now and those to come, until the loop is left or the signal is aborted. What one answer gave is
   * committed when the next one is asked for; so what the loop did not come to, or failed at, is given again.
   */
  async *consume(
    endpointId: string,
    { consumer, from = 'oldest', limit, ...options }: ConsumeOptions,
  ): AsyncGenerator<PolledDelivery, void, undefined> {
    let cursor = await this.#beginning(endpointId, consumer, from, options);
    let committedAt = Date.now();
    for (;;) {
      const askedAt = Date.now();
      const query = { cursor, wait: WAIT_SECONDS, ...(limit !== undefined && { limit }) };
      const { data, more, state, ...answer } = await this.poll(endpointId, query, options);
      yield* data;
      ({ cursor } = answer);
      if (data.length > 0 || Date.now() - committedAt > IDLE_COMMIT_MS) {
        await this.commit(endpointId, consumer, { cursor }, options);
        committedAt = Date.now();
      }
      const hasWaited = Date.now() - askedAt >= PAUSE_MS.active;
      if (data.length === 0 && !more && !hasWaited) await pause(PAUSE_MS[state], options.signal);
    }
  }

  /** Where the consumer has come to; a new one is added first, so that deliveries wait for it. */
  async #beginning(endpointId: string, name: string, from: 'now' | 'oldest', options: CallOptions): Promise<string> {
    for await (const consumer of this.consumers(endpointId, options)) {
      if (consumer.name === name) return consumer.cursor;
    }
    return (await this.commit(endpointId, name, { from }, options)).cursor;
  }
}

function pathOf(endpointId: string): string {
  return `/v1/endpoints/${segment(endpointId)}`;
}
