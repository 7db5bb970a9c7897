import type { Ports } from '../lib/ports/ports.ts';
import { MAX_BATCH } from '../lib/ports/queue-rules.ts';
import type { OutgoingMessage } from '../lib/ports/queues.ts';

/** The ports whose calls would leave a Lambda for AWS. */
const REMOTE = [
  'queues',
  'endpoints',
  'subscriptions',
  'health',
  'events',
  'idempotency',
  'deliveries',
  'reader',
  'jobs',
] as const;

/** The calls that a piece of work made. */
export interface Calls {
  /** Calls of the store and the queues, without receiving and acknowledging. */
  ports: number;
  messages: number;
  /** The calls that SQS would need for the messages. */
  sqsBatches: number;
}

/** Counts calls of the ports that it wraps. */
export class CallCounter {
  #calls: Calls = { ports: 0, messages: 0, sqsBatches: 0 };

  /** Returns the counts since the last call, and starts again at zero. */
  take(): Calls {
    const calls = this.#calls;
    this.#calls = { ports: 0, messages: 0, sqsBatches: 0 };
    return calls;
  }

  around(ports: Ports): Ports {
    const counted = { ...ports };
    for (const name of REMOTE) Object.assign(counted, { [name]: this.#counted(ports[name]) });
    return counted;
  }

  #counted<P extends object>(port: P): P {
    return new Proxy(port, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          this.#calls.ports += 1;
          if (method === 'send') this.#countMessages(args[1] as readonly OutgoingMessage[]);
          return value.apply(target, args) as unknown;
        };
      },
    });
  }

  #countMessages({ length }: readonly OutgoingMessage[]): void {
    this.#calls.messages += length;
    this.#calls.sqsBatches += Math.ceil(length / MAX_BATCH);
  }
}
