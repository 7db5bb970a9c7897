import { RequestError } from '../../../domain/errors.ts';
import {
  type EndpointHistoryPorts,
  type EndpointView,
  carriedBytesOf,
  listEndpoints,
} from '../../../pipeline/history/endpoint-history.ts';
import { MAX_PAGE_BYTES } from '../../../pipeline/history/history.ts';

/** How many are read side by side, each by five queries of DynamoDB. */
const AT_ONCE = 50;
/** Some 5,000 queries, which take a few seconds. */
const MOST_SHOWN = 1000;
/** With those that are deleted, and not shown. */
const MOST_PAGES = 200;

/**
 * All webhooks of a tenant, oldest first: its customers know the list without pages. So it is refused rather than cut.
 * @throws RequestError `too-many-endpoints`
 */
export async function allWebhooks(ports: EndpointHistoryPorts, tenantId: string): Promise<EndpointView[]> {
  const all: EndpointView[] = [];
  let [bytes, cursor] = [0, undefined as string | undefined];
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await listEndpoints(ports, tenantId, { limit: AT_ONCE, ...(cursor !== undefined && { cursor }) });
    all.push(...page.data);
    bytes += page.data.reduce((sum, { endpoint }) => sum + carriedBytesOf(endpoint), 0);
    if (all.length > MOST_SHOWN || bytes > MAX_PAGE_BYTES) break;
    cursor = page.nextCursor;
    if (cursor === undefined) return all;
  }
  throw new RequestError(
    'too-many-endpoints',
    `One answer has at most ${MOST_SHOWN} webhooks, and 4 MB. List them in pages, with \`GET /v1/endpoints\`.`,
  );
}
