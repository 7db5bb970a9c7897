import { changesPlatform, readsPlatform } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import {
  deadLetterParam,
  opsEndpointPage,
  opsEndpointsQuery,
  opsJobPage,
  opsJobsQuery,
  opsOverview,
  opsSettings,
  redrive,
  redriven,
} from './schemas.ts';
import { opsUsage, opsUsageQuery } from './usage-schemas.ts';

/** Read where the log is read. */
const reads = { ...readsPlatform, lambda: 'history' } as const;

export const opsRoutes = {
  overview: {
    ...reads,
    id: 'ops.overview',
    operationId: 'getOpsOverview',
    path: '/v1/ops/overview',
    summary: 'The backlog of each queue, the oldest due delivery, the brake, and how many endpoints are in trouble.',
    response: opsOverview,
  },
  endpoints: {
    ...reads,
    id: 'ops.endpoints',
    operationId: 'listOpsEndpoints',
    path: '/v1/ops/endpoints',
    summary: 'The endpoints of all tenants that fail, are paused, or hold deliveries.',
    query: opsEndpointsQuery,
    response: opsEndpointPage,
    refuses: ['invalid-cursor'],
  },
  usage: {
    ...reads,
    id: 'ops.usage',
    operationId: 'listOpsUsage',
    path: '/v1/ops/usage',
    summary: 'What each tenant used in some days.',
    query: opsUsageQuery,
    response: opsUsage,
    refuses: ['invalid-cursor'],
  },
  jobs: {
    ...reads,
    id: 'ops.jobs',
    operationId: 'listOpsJobs',
    path: '/v1/ops/jobs',
    summary: 'The unfinished jobs of all tenants, newest first.',
    query: opsJobsQuery,
    response: opsJobPage,
    refuses: ['invalid-cursor'],
  },
  settings: {
    ...readsPlatform,
    id: 'ops.settings',
    operationId: 'getOpsSettings',
    path: '/v1/ops/settings',
    summary: 'The settings in force.',
    response: opsSettings,
  },
  redrive: {
    ...changesPlatform,
    lambda: 'endpoints',
    secondFactor: true,
    id: 'ops.redrive',
    operationId: 'redriveDeadLetters',
    method: 'POST',
    path: '/v1/ops/dead-letters/{queue}/redrive',
    resource: 'dead-letter queue',
    summary: 'Moves dead letters back: exhausted deliveries are retried now, poison goes where it came from.',
    params: deadLetterParam,
    body: redrive,
    bodyOptional: true,
    response: redriven,
  },
} as const satisfies Record<string, Route>;
