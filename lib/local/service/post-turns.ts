import type { Ingest } from '../../pipeline/ingest/ingest.ts';

/** How fast events are taken in. */
export interface Pace {
  /** Of one turn of the event loop, at most. */
  events: number;
  /** From the end of one such turn to the next one, milliseconds; 0: the next turn of the event loop is the next. */
  pauseMs: number;
}

/** Enough for a commit to be worth its synchronization of the disk. */
export const FULL_PACE: Pace = { events: 32, pauseMs: 0 };
/** While deliveries are behind: 1,600 a second, which one thread delivers and catches up meanwhile. */
export const SLOW_PACE: Pace = { events: 16, pauseMs: 10 };

interface Waiting {
  events: number;
  enter(): void;
}

/**
 * The same ingest, which takes in so many events during one turn of the event loop; the others wait for the next turns, and
 * tenants are let in by rotation. A turn also does whatever deliveries have to do. So however many post at once, deliveries
 * keep up, and no post waits for longer than those before it take.
 * @param pace asked at each turn
 */
export function takingEventsInTurns(ingest: Ingest, pace = () => FULL_PACE): Ingest {
  const turnstile = new Turnstile(pace);
  return Object.assign(
    async (request: Parameters<Ingest>[0]) => {
      await turnstile.enter(request.tenantId, 1);
      return ingest(request);
    },
    {
      batch: async (requests: Parameters<Ingest['batch']>[0]) => {
        await turnstile.enter(requests[0]?.tenantId ?? '', requests.length);
        return ingest.batch(requests);
      },
      quota: ingest.quota,
    },
  );
}

class Turnstile {
  readonly #pace: () => Pace;
  /** By tenant; whose turn comes next is first. */
  readonly #lines = new Map<string, Waiting[]>();
  /** Of this turn. Below 0 after a batch, which takes of the next turns too. */
  #left: number;
  #scheduled = false;

  constructor(pace: () => Pace) {
    this.#pace = pace;
    this.#left = pace().events;
  }

  /** @returns nothing when there is room at once */
  enter(tenantId: string, events: number): Promise<void> | undefined {
    this.#scheduleTurn();
    if (this.#left > 0 && this.#lines.size === 0) {
      this.#left -= events;
      return undefined;
    }
    return new Promise((enter) => {
      const line = this.#lines.get(tenantId) ?? [];
      this.#lines.set(tenantId, line);
      line.push({ events, enter });
    });
  }

  #scheduleTurn(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const { pauseMs } = this.#pace();
    if (pauseMs > 0) setTimeout(() => this.#turn(), pauseMs);
    else setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    const { events } = this.#pace();
    this.#left = Math.min(events, this.#left + events);
    for (const [tenantId, line] of this.#lines) {
      if (this.#left <= 0) break;
      const next = line.shift();
      this.#lines.delete(tenantId);
      // Behind all others: the loop comes back to it.
      if (line.length > 0) this.#lines.set(tenantId, line);
      this.#left -= next?.events ?? 0;
      next?.enter();
    }
    if (this.#lines.size > 0 || this.#left < events) this.#scheduleTurn();
  }
}
