import type { Ingest } from '../../pipeline/ingest/ingest.ts';

/** Events of one turn of the event loop: enough for a commit to be worth its synchronization of the disk. */
export const EVENTS_A_TURN = 32;

interface Waiting {
  events: number;
  enter(): void;
}

/**
 * The same ingest, which takes in so many events during one turn of the event loop; the others wait for the next turns, and
 * tenants are let in by rotation. A turn also does whatever deliveries have to do. So however many post at once, deliveries
 * keep up, and no post waits for longer than those before it take.
 */
export function takingEventsInTurns(ingest: Ingest, eventsATurn = EVENTS_A_TURN): Ingest {
  const turnstile = new Turnstile(eventsATurn);
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
  readonly #eventsATurn: number;
  /** By tenant; whose turn comes next is first. */
  readonly #lines = new Map<string, Waiting[]>();
  /** Of this turn. Below 0 after a batch, which takes of the next turns too. */
  #left: number;
  #scheduled = false;

  constructor(eventsATurn: number) {
    this.#eventsATurn = eventsATurn;
    this.#left = eventsATurn;
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
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    this.#left = Math.min(this.#eventsATurn, this.#left + this.#eventsATurn);
    for (const [tenantId, line] of this.#lines) {
      if (this.#left <= 0) break;
      const next = line.shift();
      this.#lines.delete(tenantId);
      // Behind all others: the loop comes back to it.
      if (line.length > 0) this.#lines.set(tenantId, line);
      this.#left -= next?.events ?? 0;
      next?.enter();
    }
    if (this.#lines.size > 0 || this.#left < this.#eventsATurn) this.#scheduleTurn();
  }
}
