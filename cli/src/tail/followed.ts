import type { Delivery } from '../../../sdk/src/api-types.ts';

/** So many that can still change are followed; the oldest are let go first. */
const MOST = 1000;
/** After a delivery's due time; doubled with each look that finds nothing new. */
const FIRST_LOOK_MS = 1000;
const RAREST_LOOK_MS = 60_000;
const FINAL: ReadonlySet<string> = new Set(['delivered', 'exhausted', 'abandoned']);

interface Followed {
  one: Delivery;
  /** When it is worth another look; never, for what is final. */
  lookAt: number;
  looks: number;
}

/** Milliseconds since the Unix epoch; the second no longer belongs to it. */
type Span = readonly [from: number, until: number];

/** The deliveries that a tail has seen, and when each is worth another look. */
export class FollowedDeliveries {
  readonly #all = new Map<string, Followed>();

  /** Is it new, or has it changed since it was noted? */
  isNews(one: Delivery): boolean {
    const before = this.#all.get(one.id)?.one;
    return !before || before.status !== one.status || before.attempt_number !== one.attempt_number;
  }

  note(one: Delivery, now: number): void {
    const before = this.#all.get(one.id);
    const isAsBefore = before && !this.isNews(one) && before.one.next_retry_at === one.next_retry_at;
    if (isAsBefore && before.lookAt > now) return;
    const looks = isAsBefore ? before.looks + 1 : 0;
    this.#all.set(one.id, { one, looks, lookAt: lookAt(one, now, looks) });
  }

  /** Of those made in a span of time, the one that has been worth a look for longest. */
  due(now: number, [from, until]: Span): Delivery | undefined {
    let first: Followed | undefined;
    for (const followed of this.#all.values()) {
      const made = madeAt(followed.one);
      const isDue = followed.lookAt <= now && from <= made && made < until;
      if (isDue && (!first || followed.lookAt < first.lookAt)) first = followed;
    }
    return first?.one;
  }

  forget(id: string): void {
    this.#all.delete(id);
  }

  /** Lets go what no list shows any more and can't change, and what is too much. @param from since when lists show all */
  forgetBefore(from: number): void {
    for (const [id, { one }] of this.#all) if (FINAL.has(one.status) && madeAt(one) < from) this.#all.delete(id);
    const open = [...this.#all.values()].filter(({ one }) => !FINAL.has(one.status));
    const oldestFirst = open.map(({ one }) => one).toSorted((a, b) => madeAt(a) - madeAt(b));
    for (const { id } of oldestFirst.slice(0, Math.max(0, open.length - MOST))) this.#all.delete(id);
  }
}

function lookAt({ status, next_retry_at: dueAt }: Delivery, now: number, looks: number): number {
  if (FINAL.has(status)) return Infinity;
  const from = dueAt === null ? now : Math.max(now, Date.parse(dueAt));
  return from + Math.min(FIRST_LOOK_MS * 2 ** looks, RAREST_LOOK_MS);
}

/** Milliseconds since the Unix epoch. */
export function madeAt({ created_at }: Delivery): number {
  return Date.parse(created_at);
}
