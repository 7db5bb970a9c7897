import type { Dialect, Endpoint, EndpointCreated, ListEndpointsQuery, Page } from '@postrider/sdk';
import { api } from '../session/session.ts';
import { type Loaded, useLoad } from './load.ts';

export interface Formats {
  dialects: readonly Dialect[];
  /** The name of that of the tenant's endpoints. */
  usual: string;
}

export function useDialects(): Loaded<readonly Dialect[]> {
  return useLoad((signal) => api().dialects.list({ signal }), 'dialects');
}

/** What there is, and what this tenant has. */
export function useFormats(): Loaded<Formats> {
  return useLoad(async (signal) => {
    const [dialects, usual] = await Promise.all([api().dialects.list({ signal }), usualDialect(signal)]);
    return { dialects, usual: dialects.some(({ name }) => name === usual) ? usual : FIRST };
  }, 'formats');
}

/** Of a tenant that has no endpoint. */
const FIRST = 'standard';
/** Each that is read costs reads of its own; those that were deleted leave a page shorter, or empty. */
const [FEW, MANY] = [5, 100];

/**
 * That of the tenant's first endpoint: customers have the format of their platform. The URL of a chat hides which one
 * its endpoint was given.
 */
async function usualDialect(signal: AbortSignal): Promise<string> {
  let next: string | null = null;
  do {
    const query: ListEndpointsQuery = { limit: next === null ? FEW : MANY, ...(next !== null && { cursor: next }) };
    const page: Page<Endpoint> = await api().endpoints.list(query, { signal }).page();
    const first = page.data.find(({ dialect }) => !isChat(dialect));
    if (first) return first.dialect;
    next = page.next_cursor;
  } while (next !== null);
  return FIRST;
}

/** Is it a dialect that the URL of an endpoint chooses? */
export function isChat(dialect: string): boolean {
  return dialect === 'slack' || dialect === 'discord';
}

/** Does its secret sign anything? @param isOwn it was given at its creation */
export function signs(endpoint: EndpointCreated, isOwn: boolean, dialects: readonly Dialect[]): boolean {
  const signature = dialects.find(({ name }) => name === endpoint.dialect)?.signature ?? 'always';
  return endpoint.also_standard || signature === 'always' || (signature === 'own_secret' && isOwn);
}
