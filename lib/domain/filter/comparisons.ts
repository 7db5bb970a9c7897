import { RequestError } from '../errors.ts';

/**
 * How many comparisons the filters of a tenant may take for one call: some 160 ms of them (docs/filters.md has the
 * measurement). The largest filter takes fewer for the largest event.
 */
export const MAX_COMPARISONS = 4_000_000;

/** The single values in a list, and in the lists in it. */
export interface ListIndex {
  values: Set<unknown>;
  /** Those that are no doubles, by `numberKey`. */
  numbers: Set<string>;
}

/** The comparing of one call: what is left of it, and what it has searched. */
export class Comparisons {
  /** The lists that were searched; those that were searched more than once, with their index. */
  readonly searched = new WeakMap<readonly unknown[], ListIndex | 'once'>();
  #left: number;

  constructor(most = MAX_COMPARISONS) {
    this.#left = most;
  }

  /** @throws RequestError `too-many-comparisons` */
  take(count: number): void {
    this.#left -= count;
    if (this.#left >= 0) return;
    throw new RequestError(
      'too-many-comparisons',
      'Comparing `data` with the filters of all endpoints takes too long: shorten its lists, or post it in a smaller batch.',
    );
  }
}
