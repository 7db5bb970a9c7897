import type { Endpoint, Page } from '@postrider/sdk';
import { type Pages, usePages } from '../../data/pages.ts';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const PAGE = 50;
const ALERT_TYPES = Object.keys(t.alerts.mail.kinds);

/** Of each type; null: that was all. */
type Cursors = readonly (string | null | undefined)[];

/** The endpoints that ask for an alert, whichever it is: the API lists those of one type. */
export function useTold(): Pages<Endpoint> {
  const told = usePages(readTold, 'told');
  return { ...told, rows: told.rows && eachOnce(told.rows) };
}

async function readTold(cursor: string | undefined, signal?: AbortSignal): Promise<Page<Endpoint>> {
  const cursors: Cursors = cursor === undefined ? [] : (JSON.parse(cursor) as Cursors);
  const pages = await Promise.all(
    ALERT_TYPES.map(async (type, place) => {
      const after = cursors[place];
      if (after === null) return undefined;
      const query = { event_type: type, limit: PAGE, ...(after !== undefined && { cursor: after }) };
      return api().endpoints.list(query, { signal }).page();
    }),
  );
  const next = pages.map((page) => page?.next_cursor ?? null);
  return {
    data: pages.flatMap((page) => page?.data ?? []),
    next_cursor: next.every((one) => one === null) ? null : JSON.stringify(next),
  };
}

function eachOnce(endpoints: readonly Endpoint[]): Endpoint[] {
  return [...new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])).values()];
}
