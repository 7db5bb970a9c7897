import type { Endpoint } from '../domain/endpoint.ts';

export interface TroubledPage {
  endpoints: Pick<Endpoint, 'tenantId' | 'id'>[];
  /** Pass as `after` for the next page; absent on the last. */
  next?: string;
}

/**
 * The endpoints of all tenants that fail or are paused: an index that their health and their status are written with. It may
 * lag, and one that was left while it was failing may stand there: read the endpoint and its health.
 */
export interface TroubledEndpoints {
  page(after: string | undefined, limit: number): Promise<TroubledPage>;
}
