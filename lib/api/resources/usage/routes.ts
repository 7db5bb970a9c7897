import { readsHistory } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { usage, usageQuery } from './schemas.ts';

export const usageRoutes = {
  get: {
    ...readsHistory,
    id: 'usage.get',
    operationId: 'getUsage',
    path: '/v1/usage',
    scope: 'events:read',
    summary: 'What a tenant used, by day: events, attempts, how deliveries ended, and what that costs on AWS.',
    query: usageQuery,
    response: usage,
  },
} as const satisfies Record<string, Route>;
