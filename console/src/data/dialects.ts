import type { Dialect, EndpointCreated } from '@postrider/sdk';
import { api } from '../session/session.ts';
import { type Loaded, useLoad } from './load.ts';

export function useDialects(): Loaded<readonly Dialect[]> {
  return useLoad((signal) => api().dialects.list({ signal }), 'dialects');
}

/** That of the tenant's first endpoint: customers have the format of their platform. */
export async function usualDialect(signal: AbortSignal): Promise<string> {
  const { data } = await api().endpoints.list({ limit: 1 }, { signal }).page();
  return data[0]?.dialect ?? 'standard';
}

/** Does its secret sign anything? @param isOwn it was given at its creation */
export function signs(endpoint: EndpointCreated, isOwn: boolean, dialects: readonly Dialect[]): boolean {
  const signature = dialects.find(({ name }) => name === endpoint.dialect)?.signature ?? 'always';
  return endpoint.also_standard || signature === 'always' || (signature === 'own_secret' && isOwn);
}
