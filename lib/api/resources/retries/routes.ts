import { manual, readsHistory, withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { retriesRun, retriesRunQuery, retriesSummary } from './schemas.ts';

export const retryRoutes = {
  summary: {
    ...readsHistory,
    id: 'retries.summary',
    operationId: 'getRetriesSummary',
    path: '/v1/retries/summary',
    scope: 'deliveries:read',
    summary: 'What waits: counts by status, the oldest due time and the next.',
    response: retriesSummary,
  },
  run: {
    ...manual,
    ...withoutFields,
    id: 'retries.run',
    operationId: 'runRetries',
    path: '/v1/retries/run',
    summary: 'Sends waiting deliveries that are due on their way now.',
    query: retriesRunQuery,
    response: retriesRun,
    status: 200,
  },
} as const satisfies Record<string, Route>;
