import type { PolledDelivery } from '../../../sdk/src/api-types.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { type Context, note } from '../context.ts';
import { explained } from '../errors/explain.ts';
import { Interrupted } from '../terminal/terminal.ts';
import { type Place, deliveriesOf } from './deliveries.ts';
import { type Forwarded, forward } from './forward.ts';
import { CTRL_C, heedKeys } from './keys.ts';
import { detailsOf, writeForwarded } from './lines.ts';
import { type Mapping, targetFor } from './targets.ts';

export interface ListenFlags {
  forwardTo?: string;
  events?: string[];
  map?: Mapping[];
  secret?: string;
  printSecret?: true;
  dialect?: string;
  endpoint?: string;
  consumer: string;
  /** Seconds. */
  timeout: number;
  patience: number;
}

/** Somebody pressed `q`. */
class Quit extends Error {}

/** Forwards what one consumer is given, one after the other, until it is ended. */
export class Listener {
  readonly #context: Context;
  readonly #client: Postrider;
  readonly #flags: ListenFlags;
  readonly #place: Omit<Place, 'state'>;
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  #last: Forwarded | undefined;

  constructor(context: Context, client: Postrider, flags: ListenFlags, place: Omit<Place, 'state'>) {
    this.#context = context;
    this.#client = client;
    this.#flags = flags;
    this.#place = place;
    this.#signal = AbortSignal.any([context.terminal.signal, this.#ended.signal]);
  }

  /** @throws Interrupted for Ctrl-C, and what the service refuses or can't do any more */
  async run(): Promise<void> {
    const { terminal } = this.#context;
    const unheed = heedKeys(terminal, {
      r: () => void this.#resend(),
      d: () => this.#details(),
      q: () => this.#ended.abort(new Quit()),
      [CTRL_C]: () => this.#ended.abort(new Interrupted()),
    });
    try {
      this.#tellStart();
      for await (const deliveries of this.#deliveries()) for (const one of deliveries) await this.#forward(one);
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
    } finally {
      unheed();
    }
  }

  #deliveries(): AsyncGenerator<PolledDelivery[], void, undefined> {
    const { terminal } = this.#context;
    const state = (now: string) =>
      note(this.#context, now === 'active' ? 'Deliveries are given again.' : `Nothing is given: ${now}.`);
    return deliveriesOf(
      this.#client,
      { ...this.#place, state },
      {
        ms: this.#flags.patience * 1000,
        now: terminal.now,
        signal: this.#signal,
        lost: (error) => note(this.#context, `Connection lost: ${explained(error).line ?? error.message}`),
        back: () => note(this.#context, 'Connected again; nothing is missed.'),
      },
    );
  }

  async #forward(delivery: PolledDelivery): Promise<void> {
    const { terminal } = this.#context;
    const { map = [], forwardTo, timeout } = this.#flags;
    const url = targetFor(delivery.event_type, map, forwardTo);
    const { fetch: send = fetch, now } = terminal;
    this.#last = await forward(delivery, url, { fetch: send, now, timeoutMs: timeout * 1000, signal: this.#signal });
    writeForwarded(this.#context, this.#last);
  }

  /** It comes back as a delivery of its own, signed anew. */
  async #resend(): Promise<void> {
    if (!this.#last) return note(this.#context, 'Nothing has come yet.');
    const { delivery_id: id, event_id } = this.#last.delivery;
    return this.#client.deliveries.retry(id, { signal: this.#signal }).then(
      () => note(this.#context, `${event_id} is sent again.`),
      (error: unknown) => note(this.#context, `Not sent again: ${explained(error).line ?? ''}`),
    );
  }

  #details(): void {
    const { terminal, style } = this.#context;
    if (this.#last) terminal.stdout.write(detailsOf(this.#last, style));
    else note(this.#context, 'Nothing has come yet.');
  }

  #tellStart(): void {
    const { events = ['*'], forwardTo, map = [], endpoint } = this.#flags;
    const where = [...(forwardTo ? [forwardTo] : []), ...map.map(({ type, url }) => `${type} to ${url}`)];
    const what = endpoint ?? events.join(', ');
    const how = where.length > 0 ? `Forwarding ${what} to ${where.join(', ')}` : `Showing ${what}`;
    note(this.#context, `${how}.`);
    note(this.#context, this.#context.terminal.stdin.isTTY ? 'Keys: r resend, d details, q quit.' : 'Ctrl-C ends.');
  }
}
