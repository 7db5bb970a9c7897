import type { Clock } from '../../../ports/clock.ts';
import type { Item } from '../access/item.ts';
import { TTL_ATTRIBUTE } from './tables.ts';

/** How long the log's items are found. DynamoDB deletes expired items within days, so reads filter by the clock. */
export class Lifetime {
  readonly #clock: Clock;
  readonly #ttlMs: number;

  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /** Milliseconds since the Unix epoch. */
  now(): number {
    return this.#clock.now();
  }

  /** What was made at or before this moment has expired: milliseconds since the Unix epoch. */
  horizon(): number {
    return this.#clock.now() - this.#ttlMs;
  }

  /** The attribute that makes an item expire. @param madeAt milliseconds since the Unix epoch */
  expiry(madeAt: number): { [TTL_ATTRIBUTE]: number } {
    return { [TTL_ATTRIBUTE]: ttlSeconds(madeAt + this.#ttlMs) };
  }

  /** The item, unless it has expired. An item without an expiry, such as an unfinished record, has not. */
  unexpired<T extends Item>(item: T | undefined): T | undefined {
    const expiresAt = item?.[TTL_ATTRIBUTE];
    return typeof expiresAt === 'number' && expiresAt * 1000 <= this.#clock.now() ? undefined : item;
  }

  /** Conditions on the stored item; `values` has the value that both use. */
  readonly isExpired = `#${TTL_ATTRIBUTE} <= :now_seconds`;
  readonly isUnexpired = `(attribute_not_exists(#${TTL_ATTRIBUTE}) OR #${TTL_ATTRIBUTE} > :now_seconds)`;

  values(): Record<string, number> {
    return { ':now_seconds': Math.floor(this.#clock.now() / 1000) };
  }
}

/** Whole seconds since the Unix epoch, rounded up, so that the TTL never deletes what is still found. */
export function ttlSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
