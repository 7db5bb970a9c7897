import type { PollConsumer } from '../domain/poll-consumer.ts';
import type { PollEntry } from '../domain/poll-entry.ts';
import type { PollPosition } from '../domain/poll-position.ts';

/** What names a poll endpoint. */
export interface PollPlace {
  tenantId: string;
  endpointId: string;
}

/** Wakes who waits for entries of one endpoint. */
export interface PollWatch {
  /**
   * Waits until an entry was added since the call before, or for so many milliseconds.
   * @returns false: the process ends, and nothing else comes
   */
  next(ms: number): Promise<boolean>;
  close(): void;
}

/** What the consumers of poll endpoints read, and how far each has come. */
export interface PollLog {
  /** Adds all entries, or throws and may have added some of them. One that is there stays. */
  add(entries: readonly PollEntry[]): Promise<void>;
  /**
   * The entries after a key or a bound, ascending by key; possibly without those of the last moment. Fewer than `limit`:
   * there are no more.
   */
  entriesAfter(place: PollPlace, key: string, limit: number): Promise<PollEntry[]>;
  /** Consistent, by name ascending. */
  consumers(place: PollPlace): Promise<PollConsumer[]>;
  /** Consistent. */
  consumer(place: PollPlace, name: string): Promise<PollConsumer | undefined>;
  /** Adds or replaces it. It is kept for as long as the log. */
  putConsumer(consumer: PollConsumer): Promise<void>;
  /** False: there was none. */
  removeConsumer(place: PollPlace, name: string): Promise<boolean>;
  /** Up to where deliveries are settled; undefined: none is. */
  settled(place: PollPlace): Promise<PollPosition | undefined>;
  putSettled(place: PollPlace, position: PollPosition): Promise<void>;
  /** Absent where no poll may wait. */
  watch?(place: PollPlace): PollWatch;
}
