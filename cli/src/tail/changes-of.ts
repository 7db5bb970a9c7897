import type { Delivery, ListDeliveriesQuery } from '../../../sdk/src/api-types.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { pause } from '../../../sdk/src/retries.ts';
import { type Patience, patiently } from '../listen/patience.ts';

const EVERY_MS = 1000;
const PAGE = 100;
/** Deliveries of one look; who has more at once sees the newest. */
const MOST = 500;
/** What was made by another clock, or shows up late, is looked for so far back. */
const OVERLAP_MS = 10_000;
const FINAL: ReadonlySet<string> = new Set(['delivered', 'exhausted', 'abandoned']);

export type Filters = Pick<ListDeliveriesQuery, 'endpoint_id' | 'event_type' | 'status'>;

/** Each change of a delivery that was made since a time, oldest first; without an end. @throws as `patiently` */
export async function* changesOf(
  { deliveries }: Postrider,
  filters: Filters,
  since: number,
  patience: Patience,
): AsyncGenerator<Delivery, void, undefined> {
  const options = { signal: patience.signal, retries: 0 };
  const seen = new Map<string, Delivery>();
  let from = since;
  for (;;) {
    const query = { ...filters, since: new Date(from).toISOString(), limit: PAGE };
    const found = await patiently(patience, () => first(deliveries.list(query, options)));
    for (const one of found.toReversed()) {
      const before = seen.get(one.id);
      seen.set(one.id, one);
      if (!before || isOther(before, one)) yield one;
    }
    from = Math.max(since, oldestOpen(seen) ?? patience.now() - OVERLAP_MS);
    forget(seen, from);
    await pause(EVERY_MS, patience.signal);
  }
}

async function first(rows: AsyncIterable<Delivery>): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for await (const one of rows) if (found.push(one) === MOST) break;
  return found;
}

function isOther(before: Delivery, now: Delivery): boolean {
  return before.status !== now.status || before.attempt_number !== now.attempt_number;
}

/** When the oldest was made that may still change; at most an overlap from now where there is none. */
function oldestOpen(seen: ReadonlyMap<string, Delivery>): number | undefined {
  const times = [...seen.values()].filter(({ status }) => !FINAL.has(status)).map((one) => Date.parse(one.created_at));
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** What no later look finds again. */
function forget(seen: Map<string, Delivery>, from: number): void {
  for (const [id, one] of seen) if (Date.parse(one.created_at) < from && FINAL.has(one.status)) seen.delete(id);
}
