import { manual, readsHistory, withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { idParam } from '../../schemas/ids.ts';
import { job } from './schemas.ts';

const ofOne = { resource: 'job', params: idParam('job'), response: job } as const;

export const jobRoutes = {
  get: {
    ...readsHistory,
    ...ofOne,
    id: 'jobs.get',
    operationId: 'getJob',
    path: '/v1/jobs/{id}',
    scope: 'jobs:read',
    summary: 'One job and its progress.',
  },
  cancel: {
    ...manual,
    ...ofOne,
    ...withoutFields,
    id: 'jobs.cancel',
    operationId: 'cancelJob',
    path: '/v1/jobs/{id}/cancel',
    summary: 'Stops a bulk retry or a replay after the page that is under way.',
    status: 200,
    refuses: ['changed-meanwhile', 'wrong-state'],
  },
} as const satisfies Record<string, Route>;
