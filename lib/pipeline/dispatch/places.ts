import type { Endpoint } from '../../domain/endpoint.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PipelineSettings } from '../settings.ts';

export type PlaceLimits = Pick<
  PipelineSettings,
  'requestsPerEndpoint' | 'requestsPerTenant' | 'requestsAtOnce' | 'attemptsInLine'
>;

/** What an attempt is made in, until it leaves. */
export interface Place {
  /** Safe to call twice. */
  leave(): void;
}

/** How long an attempt waits in a line that stands, and for how long nobody does after one that has: milliseconds. */
const PATIENCE_MS = 500;
const AFTER_VAIN_MS = 10_000;
/** For how many times `PATIENCE_MS` it waits in a line that moves; and a line moves that would be served in as many. */
const MOST_TIMES = 10;

type Addressee = Pick<Endpoint, 'tenantId' | 'id'>;

/** The places of an endpoint or of a tenant. */
interface Use {
  taken: number;
  /** How many were left so far. */
  left: number;
  /** Until then nobody waits for one, milliseconds since the Unix epoch. */
  noLineUntil: number;
}

interface Waiting {
  endpoint: Addressee;
  go(place: Place | undefined): void;
}

/** Requests that are in flight in this process, by endpoint and by tenant. */
export class Places {
  readonly #limits: PlaceLimits;
  readonly #clock: Clock;
  readonly #ofEndpoints = new Map<string, Use>();
  readonly #ofTenants = new Map<string, Use>();
  /** By tenant, in the order in which they came. */
  readonly #lines = new Map<string, Set<Waiting>>();
  #taken = 0;

  constructor(limits: PlaceLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Takes a place. @returns undefined when the endpoint or its tenant has as many as it may have now */
  take({ tenantId, id }: Addressee): Place | undefined {
    const endpoint = `${tenantId} ${id}`;
    if (takenIn(this.#ofEndpoints, endpoint) >= this.#limits.requestsPerEndpoint) return undefined;
    if (takenIn(this.#ofTenants, tenantId) >= this.#share()) return undefined;
    this.#taken += 1;
    const uses = [enter(this.#ofEndpoints, endpoint), enter(this.#ofTenants, tenantId)];
    let isTaken = true;
    const leave = () => {
      if (!isTaken) return;
      isTaken = false;
      this.#taken -= 1;
      for (const use of uses) {
        use.taken -= 1;
        use.left += 1;
      }
      this.#next(tenantId);
      if (takenIn(this.#ofEndpoints, endpoint) === 0) this.#ofEndpoints.delete(endpoint);
      if (takenIn(this.#ofTenants, tenantId) === 0) this.#ofTenants.delete(tenantId);
    };
    return { leave };
  }

  /**
   * Waits for a place that another attempt leaves: a burst for endpoints that answer at once need not come back seconds
   * later. Behind a line that does not move nobody waits for more than a moment.
   * @returns undefined when none became free, too many wait already, or one has waited in vain shortly before
   */
  waitFor(endpoint: Addressee): Promise<Place | undefined> | undefined {
    const { tenantId } = endpoint;
    const line = this.#lines.get(tenantId) ?? new Set();
    const { noLineUntil = 0 } = this.#fullUseOf(endpoint) ?? {};
    if (line.size >= this.#limits.attemptsInLine || this.#clock.now() < noLineUntil) return undefined;
    this.#lines.set(tenantId, line);
    return new Promise((resolve) => {
      const go = (place: Place | undefined) => {
        line.delete(waiting);
        if (line.size === 0) this.#lines.delete(tenantId);
        resolve(place);
      };
      const waiting: Waiting = { endpoint, go };
      line.add(waiting);
      void this.#endWait(waiting, line);
    });
  }

  /** Ends a wait that has become vain. */
  async #endWait(waiting: Waiting, line: ReadonlySet<Waiting>): Promise<void> {
    for (let times = 0; times < MOST_TIMES; times += 1) {
      const before = this.#fullUseOf(waiting.endpoint);
      const leftBefore = before?.left ?? 0;
      await this.#clock.sleep(PATIENCE_MS);
      if (!line.has(waiting)) return;
      const use = this.#fullUseOf(waiting.endpoint);
      if (!use) break;
      const left = use === before ? use.left - leftBefore : 0;
      if (left * MOST_TIMES >= line.size) continue;
      use.noLineUntil = this.#clock.now() + AFTER_VAIN_MS;
      break;
    }
    waiting.go(undefined);
  }

  /** What a tenant may have now: no more than is free, so that many tenants together leave a share for the next one. */
  #share(): number {
    const { requestsPerTenant, requestsAtOnce } = this.#limits;
    return Math.min(requestsPerTenant, requestsAtOnce - this.#taken);
  }

  /** Of the endpoint or of its tenant, whichever has no free place. */
  #fullUseOf({ tenantId, id }: Addressee): Use | undefined {
    const endpoint = this.#ofEndpoints.get(`${tenantId} ${id}`);
    return endpoint && endpoint.taken >= this.#limits.requestsPerEndpoint ? endpoint : this.#ofTenants.get(tenantId);
  }

  /** Gives what has become free to those of a tenant that wait longest. */
  #next(tenantId: string): void {
    const full = new Set<string>();
    for (const { endpoint, go } of this.#lines.get(tenantId) ?? []) {
      if (takenIn(this.#ofTenants, tenantId) >= this.#share()) return;
      const place = full.has(endpoint.id) ? undefined : this.take(endpoint);
      if (place) go(place);
      else full.add(endpoint.id);
    }
  }
}

function takenIn(uses: ReadonlyMap<string, Use>, key: string): number {
  return uses.get(key)?.taken ?? 0;
}

function enter(uses: Map<string, Use>, key: string): Use {
  const use = uses.get(key) ?? { taken: 0, left: 0, noLineUntil: 0 };
  use.taken += 1;
  uses.set(key, use);
  return use;
}
