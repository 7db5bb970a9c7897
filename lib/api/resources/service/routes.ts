import type { Route } from '../../route.ts';
import { health, openApiDocument } from './schemas.ts';

const isPublic = { lambda: 'account', method: 'GET', scope: null, status: 200 } as const;

export const serviceRoutes = {
  health: {
    ...isPublic,
    id: 'account.health',
    operationId: 'getHealth',
    path: '/v1/health',
    summary: 'Answers when the service is up.',
    response: health,
  },
  openapi: {
    ...isPublic,
    id: 'account.openapi',
    operationId: 'getOpenapi',
    path: '/v1/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document.',
    constant: true,
    response: openApiDocument,
  },
} as const satisfies Record<string, Route>;
