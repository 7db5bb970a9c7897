import type { Endpoint, EndpointHealth } from '../domain/endpoint.ts';

export interface EndpointPage {
  endpoints: Endpoint[];
  /** Pass as `after` for the next page; absent on the last. */
  next?: string;
}

/** Endpoints by tenant. */
export interface EndpointStore {
  /** Consistent; undefined for an unknown id. Tombstones of revoked and deleted endpoints are found. */
  get(tenantId: string, endpointId: string): Promise<Endpoint | undefined>;
  /** Consistent, by id ascending, tombstones included. `after` is an endpoint id. */
  page(tenantId: string, after: string | undefined, limit: number): Promise<EndpointPage>;
  /**
   * Counts one endpoint more, which the caller then creates.
   * @returns about how many there were; never fewer, but for creations at the same moment. Undefined: the tenant has
   *   `limit` endpoints that are not revoked, and no other is counted
   */
  countOneMore(tenantId: string, limit: number): Promise<number | undefined>;
  /** False when the id is taken. */
  createUnlessExists(endpoint: Endpoint): Promise<boolean>;
  /**
   * False when the stored generation or the stored revision of the secrets is another, or there is no such endpoint;
   * `endpoint.generation` is what is stored.
   */
  replaceIfGeneration(endpoint: Endpoint, generation: number): Promise<boolean>;
  /** The same for a change of secrets: `endpoint.generation` is that which was read, `endpoint.secretsRevision` is new. */
  replaceSecretsIfRevision(endpoint: Endpoint, revision: number): Promise<boolean>;
}

export interface FailureNote {
  tenantId: string;
  endpointId: string;
  generation: number;
  at: number;
  statusCode?: number;
}

/** An endpoint is slow: milliseconds since the Unix epoch. */
export interface SlowNote {
  tenantId: string;
  endpointId: string;
  generation: number;
  since: number;
  until: number;
}

/**
 * The health of failing and of slow endpoints: atomic writes, none of them on the path of a healthy endpoint. They
 * change nothing of the endpoint itself, nor does a change of the endpoint change them, however they meet.
 */
export interface EndpointHealthStore {
  get(tenantId: string, endpointId: string): Promise<EndpointHealth | undefined>;
  /**
   * Adds 1 to the consecutive failures (from 0 again for a newer generation, nothing for an older one) and sets
   * `failingSince` at the first; answers what is then stored.
   */
  countFailure(note: FailureNote): Promise<EndpointHealth>;
  /** Sets the count to 0 and notes a success at `at`, unless the stored generation is newer. */
  clearFailures(note: FailureNote): Promise<void>;
  /** Notes that the endpoint is slow, in the place of an earlier note, unless the stored one is of a newer generation. */
  noteSlow(note: SlowNote): Promise<void>;
  /** Removes the note that the endpoint is slow, unless it is of a newer generation. */
  clearSlow(endpoint: Pick<SlowNote, 'tenantId' | 'endpointId' | 'generation'>): Promise<void>;
}
