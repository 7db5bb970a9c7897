import type { BatchResult, Ingest, IngestRequest } from '../../../pipeline/ingest/ingest.ts';
import type { HandlersOf } from '../../handler.ts';
import { rateLimitHeaders } from '../../http/rate-limit-headers.ts';
import { readPart } from '../../http/read-input.ts';
import { batchEvent } from './batch-schemas.ts';
import { postedEvent } from './posted-event.ts';
import type { eventPostRoutes } from './post-routes.ts';

/** @param ingest as `createIngest` makes it: it remembers subscriptions and counts quotas from call to call */
export function eventPostHandlers(ingest: Ingest): HandlersOf<typeof eventPostRoutes, 'ingest'> {
  return {
    'events.post': async ({ headers, body }, { settings, tenantId, setHeaders }) => {
      const event = postedEvent(body, settings.maxBodyBytes);
      const idempotencyKey = headers['idempotency-key'];
      try {
        return await ingest({ tenantId, event, ...(idempotencyKey !== undefined && { idempotencyKey }) });
      } finally {
        setHeaders(rateLimitHeaders(ingest.quota(tenantId)));
      }
    },

    'events.batch': async ({ body }, { settings, tenantId, setHeaders, explain }) => {
      const requests = body.events.map((part) => batchRequest(part, tenantId, settings.maxBodyBytes));
      const results = await ingest.batch(requests.filter((request): request is IngestRequest => !('error' in request)));
      setHeaders(rateLimitHeaders(ingest.quota(tenantId)));
      const data = requests.map((request) => ('error' in request ? request : (results.shift() as BatchResult)));
      return { data: data.map((result) => ('error' in result ? { error: explain(result.error) } : result)) };
    },
  };
}

/** An event of a batch, or what is wrong with it. */
function batchRequest(part: unknown, tenantId: string, maxBytes: number): IngestRequest | { error: unknown } {
  try {
    const { idempotency_key: idempotencyKey, ...body } = readPart(batchEvent, part, 'The event');
    const event = postedEvent(body, maxBytes);
    return { tenantId, event, ...(idempotencyKey !== undefined && { idempotencyKey }) };
  } catch (error) {
    return { error };
  }
}
