import type { Endpoint } from '@postrider/sdk';
import { useLoad } from '../../data/load.ts';
import { api } from '../../session/session.ts';
import { nameOf } from '../../texts/endpoint-words.ts';

const MOST = 100;

/** The tenant's first hundred endpoints by id: for names in lists, and to choose one. */
export function useEndpointNames(): ReadonlyMap<string, string> {
  const { value } = useLoad((signal) => api().endpoints.list({ limit: MOST }, { signal }).page(), 'names');
  return new Map(value?.data.map((endpoint: Endpoint) => [endpoint.id, nameOf(endpoint)]));
}
