import { RequestError } from '../errors.ts';

/**
 * How many comparisons the filters of a tenant may take for one call: some 160 ms of them (docs/filters.md has the
 * measurement). The largest filter takes fewer for the largest event.
 */
export const MAX_COMPARISONS = 4_000_000;

/** What is left of a bounded amount of comparing. */
export class Comparisons {
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
