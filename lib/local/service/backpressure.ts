import { RequestError } from '../../domain/errors.ts';
import type { Ingest } from '../../pipeline/ingest/ingest.ts';
import type { Clock } from '../../ports/clock.ts';
import type { QueueName } from '../../ports/queues.ts';

/** How far deliveries may fall behind what is posted. */
export interface BackpressureSettings {
  /** Messages that are ready in the queue deliveries: past so many, posts wait. `Infinity`: they never do. */
  maxBacklog: number;
  /** How long a post waits before it is refused, in milliseconds. */
  maxPostWaitMs: number;
}

/** So few are sent soon; and clients’ own timeouts are longer than 5 s, as a rule. */
export const DEFAULT_BACKPRESSURE: BackpressureSettings = { maxBacklog: 1000, maxPostWaitMs: 5000 };

/** What tells how far a queue is behind. */
export interface Backlog {
  /** How many messages are ready, counted up to `most`. */
  countReady(queue: QueueName, most: number): number;
  /** How many of a group's messages come before the next one that it gets. */
  aheadOf(queue: QueueName, group: string): number;
}

export interface Backpressure {
  /** The same ingest, whose posts wait and are refused. @throws RequestError `over-capacity`: nothing was accepted */
  around(ingest: Ingest): Ingest;
  /** Refuses those that wait, and whoever would have to. */
  close(): void;
}

/** A count is good for so long, and those that wait are looked at again, in milliseconds. */
const TICK_MS = 10;
/** Of a queue that is not half full: so long, and for so few events. At a low rate each of them would wait for a count. */
const SPARSE = { ms: 100, events: 8 };

interface Waiting {
  events: number;
  deadline: number;
  enter(): void;
  refuse(): void;
}

/**
 * Lets posts wait while more than `maxBacklog` messages are ready, in the order in which they came; but not those of a
 * tenant that has none among them: one tenant's flood does not keep others out.
 */
export function createBackpressure(
  backlog: Backlog,
  clock: Pick<Clock, 'now' | 'sleep'>,
  settings: BackpressureSettings = DEFAULT_BACKPRESSURE,
): Backpressure {
  const room = new Room(backlog, clock, settings);
  return {
    around: (ingest) =>
      Object.assign(
        async (request: Parameters<Ingest>[0]) => {
          await room.enter(request.tenantId);
          return ingest(request);
        },
        {
          batch: async (requests: Parameters<Ingest['batch']>[0]) => {
            for (const [tenantId, events] of Map.groupBy(requests, (request) => request.tenantId)) {
              await room.enter(tenantId, events.length);
            }
            return ingest.batch(requests);
          },
          quota: ingest.quota,
        },
      ),
    close: () => room.close(),
  };
}

class Room {
  readonly #backlog: Backlog;
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #settings: BackpressureSettings;
  /** By tenant, in the order in which they came. */
  readonly #lines = new Map<string, Waiting[]>();
  #ready = 0;
  #entered = 0;
  #countedAt = Number.NEGATIVE_INFINITY;
  #ticking = false;
  #closed = false;

  constructor(backlog: Backlog, clock: Pick<Clock, 'now' | 'sleep'>, settings: BackpressureSettings) {
    this.#backlog = backlog;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Returns nothing when there is room at once. */
  enter(tenantId: string, events = 1): Promise<void> | undefined {
    if (this.#settings.maxBacklog === Number.POSITIVE_INFINITY) return undefined;
    if (!this.#lines.has(tenantId) && this.#hasRoomFor(tenantId, events)) return undefined;
    if (this.#closed) return Promise.reject(overCapacity(this.#settings));
    return new Promise((resolve, reject) => {
      const refuse = () => reject(overCapacity(this.#settings));
      const deadline = this.#clock.now() + this.#settings.maxPostWaitMs;
      const line = this.#lines.get(tenantId) ?? [];
      this.#lines.set(tenantId, line);
      line.push({ events, deadline, enter: resolve, refuse });
      void this.#tick();
    });
  }

  close(): void {
    this.#closed = true;
    for (const line of this.#lines.values()) for (const { refuse } of line) refuse();
    this.#lines.clear();
  }

  /** Each call that enters counts as a message until the next count. */
  #hasRoomFor(tenantId: string, events: number): boolean {
    const { maxBacklog } = this.#settings;
    const now = this.#clock.now();
    if (!this.#isCountGood(now)) {
      this.#ready = this.#backlog.countReady('deliveries', maxBacklog);
      this.#entered = 0;
      this.#countedAt = now;
    }
    if (this.#ready >= maxBacklog && this.#backlog.aheadOf('deliveries', tenantId) > 0) return false;
    this.#ready += 1;
    this.#entered += events;
    return true;
  }

  #isCountGood(now: number): boolean {
    const age = now - this.#countedAt;
    if (age < TICK_MS) return true;
    return age < SPARSE.ms && this.#entered < SPARSE.events && this.#ready < this.#settings.maxBacklog / 2;
  }

  async #tick(): Promise<void> {
    if (this.#ticking) return;
    this.#ticking = true;
    while (this.#lines.size > 0) {
      await this.#clock.sleep(TICK_MS);
      for (const [tenantId, line] of this.#lines) this.#move(tenantId, line);
    }
    this.#ticking = false;
  }

  #move(tenantId: string, line: Waiting[]): void {
    while (line[0] && this.#hasRoomFor(tenantId, line[0].events)) line.shift()?.enter();
    // They came in order, and all wait equally long.
    while (line[0] && line[0].deadline <= this.#clock.now()) line.shift()?.refuse();
    if (line.length === 0) this.#lines.delete(tenantId);
  }
}

function overCapacity({ maxPostWaitMs }: BackpressureSettings): RequestError {
  return new RequestError(
    'over-capacity',
    'More is posted than can be delivered, and nothing of this call was accepted. Send the same request again later.',
    Math.max(1, Math.ceil(maxPostWaitMs / 1000)),
  );
}
