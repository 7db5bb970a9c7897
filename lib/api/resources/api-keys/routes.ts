import type { Route } from '../../route.ts';
import { ofPlatformQuery } from '../../schemas/of-platform.ts';
import {
  apiKey,
  apiKeyCreate,
  apiKeyCreated,
  apiKeyListQuery,
  apiKeyPage,
  apiKeyParam,
  apiKeyRotate,
} from './schemas.ts';

const ofAll = { lambda: 'account', path: '/v1/api-keys' } as const;
const ofOne = { lambda: 'account', resource: 'API key', params: apiKeyParam, query: ofPlatformQuery } as const;

export const apiKeyRoutes = {
  create: {
    ...ofAll,
    id: 'api-keys.create',
    operationId: 'createApiKey',
    secondFactor: true,
    method: 'POST',
    scope: 'keys:write',
    summary: 'Creates a key. Only this answer shows it.',
    query: ofPlatformQuery,
    body: apiKeyCreate,
    response: apiKeyCreated,
    status: 201,
    refuses: ['platform-key-needed', 'too-many-api-keys'],
  },
  list: {
    ...ofAll,
    id: 'api-keys.list',
    operationId: 'listApiKeys',
    method: 'GET',
    scope: 'keys:read',
    summary: 'The tenant’s keys, or the platform’s, oldest first; those that ended within 400 days among them.',
    query: apiKeyListQuery,
    response: apiKeyPage,
    status: 200,
    refuses: ['invalid-cursor', 'platform-key-needed'],
  },
  get: {
    ...ofOne,
    id: 'api-keys.get',
    operationId: 'getApiKey',
    method: 'GET',
    path: '/v1/api-keys/{id}',
    scope: 'keys:read',
    summary: 'One key.',
    response: apiKey,
    status: 200,
    refuses: ['platform-key-needed'],
  },
  rotate: {
    ...ofOne,
    id: 'api-keys.rotate',
    operationId: 'rotateApiKey',
    secondFactor: true,
    method: 'POST',
    path: '/v1/api-keys/{id}/rotate',
    scope: 'keys:write',
    summary:
      'Creates a key of the same name and scopes; the old one stays good for the overlap. Only this answer shows it.',
    body: apiKeyRotate,
    bodyOptional: true,
    response: apiKeyCreated,
    status: 201,
    refuses: ['platform-key-needed', 'too-many-api-keys', 'wrong-state'],
  },
  revoke: {
    ...ofOne,
    id: 'api-keys.revoke',
    operationId: 'revokeApiKey',
    secondFactor: true,
    method: 'POST',
    path: '/v1/api-keys/{id}/revoke',
    scope: 'keys:write',
    summary: 'Ends a key: within ten seconds on AWS, at once elsewhere.',
    response: apiKey,
    status: 200,
    refuses: ['platform-key-needed'],
  },
} as const satisfies Record<string, Route>;
