import type { Ports } from '../../ports/ports.ts';

/** What jobs use of the world. */
export type JobPorts = Pick<
  Ports,
  | 'clock'
  | 'random'
  | 'log'
  | 'secrets'
  | 'sender'
  | 'queues'
  | 'endpoints'
  | 'health'
  | 'events'
  | 'deliveries'
  | 'reader'
  | 'jobs'
>;

/** How one page of a job ended. */
export interface PageResult {
  processed: number;
  /** Meant, and left as they are. */
  skipped?: number;
  /** Where the next page starts; absent: at the beginning. */
  cursor?: string;
  emptySince?: number;
  done: boolean;
  /** How long the next page waits, whole seconds up to 900. */
  nextInSeconds: number;
  /** The next page comes then (milliseconds since the Unix epoch), by sweep: no message is sent. */
  checkAt?: number;
  /** Of a probe. */
  coolDownMs?: number;
}

/** The page of a job that has nothing left to do. */
export const FINISHED: PageResult = { processed: 0, done: true, nextInSeconds: 0 };
