/**
 * Merges sorted lists into one. It reads each list only as far as the caller needs.
 * @param compare the order of each list, as for sorting
 */
export async function* mergeSorted<T>(
  lists: readonly AsyncIterator<T, void>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T, void> {
  const heads = await Promise.all(lists.map((list) => list.next()));
  for (;;) {
    let first: { at: number; value: T } | undefined;
    for (const [at, head] of heads.entries()) {
      if (!head.done && (!first || compare(head.value, first.value) < 0)) first = { at, value: head.value };
    }
    if (!first) return;
    yield first.value;
    const list = lists[first.at];
    if (list) heads[first.at] = await list.next();
  }
}

/** The first `limit` values that `pick` accepts, or all of them when there are fewer. */
export async function takeFirst<T, R>(
  list: AsyncIterable<T>,
  limit: number,
  pick: (value: T) => R | undefined,
): Promise<R[]> {
  const taken: R[] = [];
  if (limit <= 0) return taken;
  for await (const value of list) {
    const picked = pick(value);
    if (picked !== undefined) taken.push(picked);
    if (taken.length === limit) break;
  }
  return taken;
}

/** How many items to request from each list, so that one request per list usually suffices for the first `limit`. */
export function pageSizeOf(limit: number, lists: number): number {
  return Math.ceil(limit / lists) + 4;
}
