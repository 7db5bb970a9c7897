import type { Route } from '../../route.ts';
import { dialectList, dialectNameParam, previewRequest, requestPreview } from './schemas.ts';

const reads = { lambda: 'account', scope: 'endpoints:read', status: 200 } as const;

export const dialectRoutes = {
  list: {
    ...reads,
    id: 'dialects.list',
    operationId: 'listDialects',
    method: 'GET',
    path: '/v1/dialects',
    summary: 'The dialects of this deployment, with the event types that their platforms document.',
    response: dialectList,
  },
  preview: {
    ...reads,
    id: 'dialects.preview',
    operationId: 'previewDialect',
    method: 'POST',
    path: '/v1/dialects/{name}/preview',
    unaudited: true,
    resource: 'dialect',
    params: dialectNameParam,
    summary: 'The request that an endpoint of a dialect would receive for an event. Nothing is sent or kept.',
    body: previewRequest,
    bodyOptional: true,
    response: requestPreview,
    refuses: ['invalid-secret'],
  },
} as const satisfies Record<string, Route>;
