import type { QueueName } from '../../lib/ports/queues.ts';

/** A whole Postrider that a test talks to over HTTP, whatever it runs on. */
export interface Backend {
  name: string;
  start(): Promise<RunningBackend>;
}

export interface RunningBackend {
  /** `http://host:port`, without a slash at the end. */
  url: string;
  /** A platform key with all scopes. */
  apiKey: string;
  /** All messages of a queue: visible, in flight and delayed. */
  countMessages(queue: QueueName): Promise<number>;
  /** Puts the messages of the exhausted queue into retries, as "start DLQ redrive" does. */
  redrive(): Promise<unknown>;
  stop(): Promise<void>;
}
