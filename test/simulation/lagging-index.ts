interface Version<T> {
  visibleAt: number;
  value: T | undefined;
}

/** An index that shows each write some time after it was made, the writes of one item in their order. */
export class LaggingIndex<T> {
  readonly #items = new Map<string, Version<T>[]>();
  /** Raised by each write. */
  writes = 0;

  /** @param value undefined takes the item out */
  write(id: string, value: T | undefined, now: number, lagMs: number): void {
    const versions = this.#items.get(id) ?? [];
    const visibleAt = Math.max(now + lagMs, versions.at(-1)?.visibleAt ?? 0);
    versions.push({ visibleAt, value });
    this.#items.set(id, versions);
    this.writes += 1;
  }

  visible(now: number): T[] {
    const values: T[] = [];
    for (const versions of this.#items.values()) {
      const value = versions.findLast(({ visibleAt }) => visibleAt <= now)?.value;
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  /** What was written last, whether it is visible or not. */
  *latest(): Iterable<{ id: string; value: T; visibleAt: number }> {
    for (const [id, versions] of this.#items) {
      const last = versions.at(-1);
      if (last?.value !== undefined) yield { id, value: last.value, visibleAt: last.visibleAt };
    }
  }
}
