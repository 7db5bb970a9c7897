import { isApiError } from '@postrider/sdk';
import { useRef } from 'preact/hooks';
import { useLoad } from '../../data/load.ts';
import { api } from '../../session/session.ts';
import { nameOf } from '../../texts/endpoint-words.ts';

const MOST = 100;
/** Of those beyond them, so many are asked for at a time. */
const AT_A_TIME = 20;

export interface EndpointNames {
  /** The tenant's first hundred endpoints by id: to choose one. */
  listed: ReadonlyMap<string, string>;
  of: (id: string) => string;
}

/** Names of endpoints in lists. @param ids those that a list shows: which may be beyond the first hundred */
export function useEndpointNames(ids: Iterable<string>): EndpointNames {
  const { value: first } = useLoad((signal) => api().endpoints.list({ limit: MOST }, { signal }).page(), 'names');
  const listed = new Map(first?.data.map((endpoint) => [endpoint.id, nameOf(endpoint)]));
  const { current: others } = useRef(new Map<string, string>());
  const isUnknown = (id: string) => !listed.has(id) && !others.has(id);
  const unknown = first === undefined ? [] : [...new Set(ids)].filter(isUnknown).slice(0, AT_A_TIME);
  useLoad(async (signal) => {
    const names = await Promise.all(unknown.map((id) => readName(id, signal)));
    unknown.forEach((id, at) => others.set(id, names[at] as string));
  }, unknown.join(' '));
  return { listed, of: (id) => listed.get(id) ?? others.get(id) ?? id };
}

/** One that was deleted has its id as its name. */
async function readName(id: string, signal: AbortSignal): Promise<string> {
  try {
    return nameOf(await api().endpoints.get(id, { signal }));
  } catch (error) {
    if (isApiError(error, 'not-found')) return id;
    throw error;
  }
}
