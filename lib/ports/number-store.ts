import { DAY } from '../domain/durations.ts';

/** What has numbers: each kind has a sequence of its own in each tenant. */
export type NumberedKind = 'endpoint' | 'delivery';

/** A sequence: the numbers of a tenant's things of one kind. */
export interface NumberSequence {
  tenantId: string;
  kind: NumberedKind;
}

/** The largest number: JSON readers everywhere keep it exact. */
export const MAX_NUMBER = Number.MAX_SAFE_INTEGER;

/** An unfinished delivery can be older than the log is long: by its 13 days of retries and 14 days of a pause. */
export const NUMBER_KEPT_MS = 30 * DAY;

/**
 * Numbers beside our ids, for management APIs whose ids are JSON integers. A number is given when a thing is first shown,
 * means that thing from then on, and is never given again. Those of deliveries are
 * kept {@link NUMBER_KEPT_MS} longer than the log.
 */
export interface NumberStore {
  /** The number of each id, in their order; those that have none get one. */
  numbersOf(sequence: NumberSequence, ids: readonly string[]): Promise<number[]>;
  /** The id that has a number. Consistent. */
  find(sequence: NumberSequence, number: number): Promise<string | undefined>;
  /**
   * Gives an id the number that it had elsewhere; later ones are larger. Repeating it changes nothing.
   * @returns false when the id has another number, or the number is another's: nothing is changed
   */
  keep(sequence: NumberSequence, id: string, number: number): Promise<boolean>;
  /** The ids with the largest numbers, the largest first. */
  latest(sequence: NumberSequence, limit: number): Promise<string[]>;
}
