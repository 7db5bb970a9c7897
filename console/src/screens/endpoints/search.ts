import type { Endpoint, ListEndpointsQuery, Page } from '@postrider/sdk';
import { api } from '../../session/session.ts';

const PAGE = 50;
const NEITHER = JSON.stringify([null, null]);

export interface EndpointSearch {
  text: string;
  status: string;
  eventType: string;
}

/** One page of the endpoints whose label or URL has the text. The API searches one of the two in a call. */
export async function findEndpoints(
  search: EndpointSearch,
  cursor?: string,
  signal?: AbortSignal,
): Promise<Page<Endpoint>> {
  const { text, status, eventType } = search;
  const query: ListEndpointsQuery = {
    limit: PAGE,
    ...(status && { status: status as Endpoint['status'] }),
    ...(eventType && { event_type: eventType }),
  };
  const list = (more: ListEndpointsQuery) =>
    api()
      .endpoints.list({ ...query, ...more }, { signal })
      .page();
  if (!text) return list(cursor === undefined ? {} : { cursor });

  const [ofLabel, ofUrl] = JSON.parse(cursor ?? '["",""]') as [string | null, string | null];
  const read = async (by: 'label' | 'url', from: string | null): Promise<Page<Endpoint>> =>
    from === null ? { data: [], next_cursor: null } : list({ [by]: text, ...(from && { cursor: from }) });
  const [labels, urls] = await Promise.all([read('label', ofLabel), read('url', ofUrl)]);
  const wanted = text.toLowerCase();
  const others = urls.data.filter(({ label }) => !label?.toLowerCase().includes(wanted));
  const next = JSON.stringify([labels.next_cursor, urls.next_cursor]);
  return { data: [...labels.data, ...others], next_cursor: next === NEITHER ? null : next };
}
