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

/** Requests in flight, counted by whoever makes them. */
export interface InFlight {
  ofEndpoint: number;
  ofTenant: number;
  all: number;
}

/** The requests of others that count towards the same limits: of the other threads of the process. */
export interface OthersInFlight {
  /** Counts one more of our own, before {@link count}: so that two who count at once do not both take the last place. */
  add(endpoint: string, tenantId: string): void;
  /** Takes that back: there was no place. */
  remove(endpoint: string, tenantId: string): void;
  /** Counts one less of our own, and that a place became free. */
  leave(endpoint: string, tenantId: string): void;
  count(endpoint: string, tenantId: string): InFlight;
  /** How many places of the tenant others have left so far: it never goes back. */
  left(tenantId: string): number;
}

/** Calls back once all that has come in is worked. */
export type EndOfTurn = (work: () => void) => void;

/** How often an attempt that waits looks whether somebody else has left a place, milliseconds. */
const LOOK_MS = 10;

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
  readonly #others: OthersInFlight | undefined;
  readonly #endOfTurn: EndOfTurn;
  readonly #ofEndpoints = new Map<string, Use>();
  readonly #ofTenants = new Map<string, Use>();
  /** By tenant, in the order in which they came. */
  readonly #lines = new Map<string, Set<Waiting>>();
  /** The endpoints of which a place became free in this turn, by tenant. */
  readonly #leftBy = new Map<string, Set<string>>();
  #taken = 0;
  #looking = false;

  /**
   * @param others absent: nobody else makes requests for this process
   * @param endOfTurn when what is left is given to those in line; default: at once
   */
  constructor(limits: PlaceLimits, clock: Clock, others?: OthersInFlight, endOfTurn: EndOfTurn = (work) => work()) {
    this.#limits = limits;
    this.#clock = clock;
    this.#others = others;
    this.#endOfTurn = endOfTurn;
  }

  /** Takes a place. @returns undefined when the endpoint or its tenant has as many as it may have now */
  take(addressee: Addressee): Place | undefined {
    // Those in line come first.
    this.#giveLeft(addressee.tenantId);
    const place = this.#tryTake(addressee);
    return typeof place === 'string' ? undefined : place;
  }

  /** @returns who has as many as it may have now, when there is no place */
  #tryTake({ tenantId, id }: Addressee): Place | Full {
    const endpoint = `${tenantId} ${id}`;
    const full = this.#limitReached(endpoint, tenantId);
    if (full) return full;
    this.#taken += 1;
    const uses = [countIn(this.#ofEndpoints, endpoint), countIn(this.#ofTenants, tenantId)];
    let isTaken = true;
    const leave = () => {
      if (!isTaken) return;
      isTaken = false;
      this.#taken -= 1;
      this.#others?.leave(endpoint, tenantId);
      for (const use of uses) {
        use.taken -= 1;
        use.left += 1;
      }
      if (this.#lines.has(tenantId)) this.#giveSoon(tenantId, endpoint);
      else this.#forgetUnused(tenantId, [endpoint]);
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
      void this.#look();
    });
  }

  /** Tells others of one more, unless it is over a limit. */
  #limitReached(endpoint: string, tenantId: string): Full | undefined {
    const { requestsPerEndpoint, requestsPerTenant, requestsAtOnce } = this.#limits;
    this.#others?.add(endpoint, tenantId);
    const others = this.#others?.count(endpoint, tenantId) ?? NONE;
    const ofEndpoint = takenIn(this.#ofEndpoints, endpoint) + others.ofEndpoint;
    const ofTenant = takenIn(this.#ofTenants, tenantId) + others.ofTenant;
    // A tenant may have no more than is free, so that many tenants together leave a share for the next one.
    const share = Math.min(requestsPerTenant, requestsAtOnce - this.#taken - others.all);
    const full = ofTenant >= share ? 'tenant' : ofEndpoint >= requestsPerEndpoint ? 'endpoint' : undefined;
    if (full) this.#others?.remove(endpoint, tenantId);
    return full;
  }

  /** While somebody waits: nobody tells of the places that others leave. */
  async #look(): Promise<void> {
    if (!this.#others || this.#looking) return;
    this.#looking = true;
    while (this.#lines.size > 0) {
      await this.#clock.sleep(LOOK_MS);
      for (const tenantId of this.#lines.keys()) this.#next(tenantId);
    }
    this.#looking = false;
  }

  /** Ends a wait that has become vain. */
  async #endWait(waiting: Waiting, line: ReadonlySet<Waiting>): Promise<void> {
    for (let times = 0; times < MOST_TIMES; times += 1) {
      const before = this.#fullUseOf(waiting.endpoint);
      const [leftBefore, leftByOthers] = [before?.left ?? 0, this.#leftByOthers(waiting)];
      await this.#clock.sleep(PATIENCE_MS);
      this.#giveLeft(waiting.endpoint.tenantId);
      if (!line.has(waiting)) return;
      const use = this.#fullUseOf(waiting.endpoint);
      const left = use && use === before ? use.left - leftBefore : 0;
      if ((left + this.#leftByOthers(waiting) - leftByOthers) * MOST_TIMES >= line.size) continue;
      if (use) use.noLineUntil = this.#clock.now() + AFTER_VAIN_MS;
      break;
    }
    waiting.go(undefined);
  }

  #leftByOthers({ endpoint }: Waiting): number {
    return this.#others?.left(endpoint.tenantId) ?? 0;
  }

  /** Of the endpoint or of its tenant, whichever has no free place. */
  #fullUseOf({ tenantId, id }: Addressee): Use | undefined {
    const endpoint = this.#ofEndpoints.get(`${tenantId} ${id}`);
    return endpoint && endpoint.taken >= this.#limits.requestsPerEndpoint ? endpoint : this.#ofTenants.get(tenantId);
  }

  /**
   * Once for all places that are left in a turn: the answers in a row, and then the requests, take less time than a
   * request after each answer.
   */
  #giveSoon(tenantId: string, endpoint: string): void {
    const isFirst = this.#leftBy.size === 0;
    const endpoints = this.#leftBy.get(tenantId) ?? new Set();
    this.#leftBy.set(tenantId, endpoints.add(endpoint));
    if (isFirst) this.#endOfTurn(() => [...this.#leftBy.keys()].forEach((tenant) => this.#giveLeft(tenant)));
  }

  #giveLeft(tenantId: string): void {
    const endpoints = this.#leftBy.get(tenantId);
    if (!endpoints) return;
    this.#leftBy.delete(tenantId);
    this.#next(tenantId);
    this.#forgetUnused(tenantId, endpoints);
  }

  /** Only after those in line had their turn: they know by a use that their line moves. */
  #forgetUnused(tenantId: string, endpoints: Iterable<string>): void {
    for (const endpoint of endpoints)
      if (takenIn(this.#ofEndpoints, endpoint) === 0) this.#ofEndpoints.delete(endpoint);
    if (takenIn(this.#ofTenants, tenantId) === 0) this.#ofTenants.delete(tenantId);
  }

  /** Gives what has become free to those of a tenant that wait longest. */
  #next(tenantId: string): void {
    const full = new Set<string>();
    for (const { endpoint, go } of this.#lines.get(tenantId) ?? []) {
      const place = full.has(endpoint.id) ? 'endpoint' : this.#tryTake(endpoint);
      if (place === 'tenant') return;
      if (place === 'endpoint') full.add(endpoint.id);
      else go(place);
    }
  }
}

/** Whose limit is reached. */
type Full = 'endpoint' | 'tenant';

const NONE: InFlight = { ofEndpoint: 0, ofTenant: 0, all: 0 };

function takenIn(uses: ReadonlyMap<string, Use>, key: string): number {
  return uses.get(key)?.taken ?? 0;
}

function countIn(uses: Map<string, Use>, key: string): Use {
  const use = uses.get(key) ?? { taken: 0, left: 0, noLineUntil: 0 };
  use.taken += 1;
  uses.set(key, use);
  return use;
}
