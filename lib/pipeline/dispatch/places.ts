import type { Endpoint } from '../../domain/endpoint.ts';
import type { PipelineSettings } from '../settings.ts';

/** Requests that are in flight in this process, by endpoint and by tenant. */
export class Places {
  readonly #limits: Pick<PipelineSettings, 'requestsPerEndpoint' | 'requestsPerTenant'>;
  readonly #ofEndpoints = new Map<string, number>();
  readonly #ofTenants = new Map<string, number>();

  constructor(limits: Pick<PipelineSettings, 'requestsPerEndpoint' | 'requestsPerTenant'>) {
    this.#limits = limits;
  }

  /** Takes a place. @returns what frees it; undefined when the endpoint or its tenant has as many as it may have */
  take({ tenantId, id }: Pick<Endpoint, 'tenantId' | 'id'>): (() => void) | undefined {
    const endpoint = `${tenantId} ${id}`;
    if ((this.#ofEndpoints.get(endpoint) ?? 0) >= this.#limits.requestsPerEndpoint) return undefined;
    if ((this.#ofTenants.get(tenantId) ?? 0) >= this.#limits.requestsPerTenant) return undefined;
    add(this.#ofEndpoints, endpoint, 1);
    add(this.#ofTenants, tenantId, 1);
    return () => {
      add(this.#ofEndpoints, endpoint, -1);
      add(this.#ofTenants, tenantId, -1);
    };
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
