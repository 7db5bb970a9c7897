import type { Route } from '../../route.ts';
import { filterTest, filterTestResult } from './schemas.ts';

export const filterRoutes = {
  test: {
    lambda: 'account',
    scope: 'endpoints:read',
    status: 200,
    id: 'filters.test',
    operationId: 'testFilter',
    method: 'POST',
    path: '/v1/filters/test',
    unaudited: true,
    summary: 'Says whether an event’s data matches a filter, and why not. Nothing is sent or kept.',
    body: filterTest,
    response: filterTestResult,
  },
} as const satisfies Record<string, Route>;
