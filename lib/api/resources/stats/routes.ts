import { readsHistory } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { stats, statsQuery } from './schemas.ts';

export const statsRoutes = {
  get: {
    ...readsHistory,
    id: 'stats.get',
    operationId: 'getStats',
    path: '/v1/stats',
    scope: 'deliveries:read',
    summary:
      'How deliveries ended and how long requests took, in steps of time: of an endpoint, or of a tenant by day.',
    query: statsQuery,
    response: stats,
    refuses: ['not-found'],
  },
} as const satisfies Record<string, Route>;
