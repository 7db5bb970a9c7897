import type { Ports } from '../lib/ports/ports.ts';
import { MAX_BATCH } from '../lib/ports/queue-rules.ts';
import type { OutgoingMessage } from '../lib/ports/queues.ts';

/** The ports whose calls would leave a Lambda for AWS. */
const REMOTE = ['queues', 'endpoints', 'health', 'events', 'idempotency', 'deliveries', 'reader', 'jobs'] as const;

/** What a piece of work asked of the world. */
export interface Calls {
  /** Calls of the store and the queues, without receiving and acknowledging. */
  ports: number;
  messages: number;
  /** As many calls as SQS would need for the messages. */
  sqsBatches: number;
}

/** Counts the calls of the ports that pass through it. */
export class CallCounter {
  #calls: Calls = { ports: 0, messages: 0, sqsBatches: 0 };

  /** What was counted since the last time. */
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
