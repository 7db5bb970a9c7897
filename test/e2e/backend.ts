import type { QueueName } from '../../lib/ports/queues.ts';

/** A whole Postrider that a test talks to over HTTP, whatever it runs on. */
export interface Backend {
  name: string;
  /** A tenant's id that a path may hold. Absent: any. */
  tenantInPath?: string;
  start(): Promise<RunningBackend>;
}

/** Where customers' servers are, as this backend reaches them. */
export interface ReceiverPlace {
  /** The address that they listen at. */
  listenAt: string;
  /** The address in their URLs. */
  address: string;
  /** PEM; absent: plain HTTP. */
  tls?: { key: string; cert: string };
}

export const LOOPBACK: ReceiverPlace = { listenAt: '127.0.0.1', address: '127.0.0.1' };

export interface RunningBackend {
  /** `http://host:port`, without a slash at the end. */
  url: string;
  /** A platform key with all scopes. */
  apiKey: string;
  /** Absent: plain HTTP on loopback. */
  receiverPlace?: ReceiverPlace;
  /** All messages of a queue: visible, in flight and delayed. */
  countMessages(queue: QueueName): Promise<number>;
  /** The text of the newest mail to an address, if one came; absent: this backend sends no mail. */
  mailTo?(address: string): string | undefined | Promise<string | undefined>;
  /** Puts the messages of the exhausted queue into retries, as "start DLQ redrive" does. */
  redrive(): Promise<unknown>;
  stop(): Promise<void>;
}
