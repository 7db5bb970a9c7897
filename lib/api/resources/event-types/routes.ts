import type { Route } from '../../route.ts';
import { ofPlatformQuery } from '../../schemas/of-platform.ts';
import { dialectNameParam } from '../dialects/schemas.ts';
import { openApiDocument } from '../service/schemas.ts';
import {
  adoption,
  eventType,
  eventTypeCreate,
  eventTypePage,
  eventTypeParam,
  eventTypeQuery,
  eventTypeUpdate,
} from './schemas.ts';

const reads = { lambda: 'account', method: 'GET', scope: 'event-types:read', status: 200 } as const;
const changes = { lambda: 'account', scope: 'event-types:write', query: ofPlatformQuery } as const;
const ofOne = { path: '/v1/event-types/{id}', resource: 'event type', params: eventTypeParam } as const;

export const eventTypeRoutes = {
  create: {
    ...changes,
    id: 'event-types.create',
    operationId: 'createEventType',
    method: 'POST',
    path: '/v1/event-types',
    summary: 'Adds an event type to the tenant’s catalogue, or to the platform’s, which all tenants share.',
    body: eventTypeCreate,
    response: eventType,
    status: 201,
    refuses: ['wrong-state', 'too-many-event-types', 'platform-key-needed'],
  },
  list: {
    ...reads,
    id: 'event-types.list',
    operationId: 'listEventTypes',
    path: '/v1/event-types',
    summary: 'The types of the tenant’s catalogue, or of the platform’s, by name.',
    query: eventTypeQuery,
    response: eventTypePage,
    refuses: ['invalid-cursor', 'platform-key-needed'],
  },
  get: {
    ...reads,
    ...ofOne,
    id: 'event-types.get',
    operationId: 'getEventType',
    query: ofPlatformQuery,
    summary: 'One event type.',
    response: eventType,
    refuses: ['platform-key-needed'],
  },
  update: {
    ...changes,
    ...ofOne,
    id: 'event-types.update',
    operationId: 'updateEventType',
    method: 'PATCH',
    summary: 'Changes the fields that are given; the next events are checked by them within ten seconds.',
    body: eventTypeUpdate,
    response: eventType,
    status: 200,
    refuses: ['platform-key-needed'],
  },
  delete: {
    ...changes,
    ...ofOne,
    id: 'event-types.delete',
    operationId: 'deleteEventType',
    method: 'DELETE',
    summary: 'Removes an event type from the catalogue. Endpoints that subscribe to it keep it.',
    status: 204,
    refuses: ['platform-key-needed'],
  },
  adopt: {
    ...changes,
    id: 'event-types.adopt',
    operationId: 'adoptEventTypes',
    method: 'POST',
    path: '/v1/dialects/{name}/event-types',
    resource: 'dialect',
    params: dialectNameParam,
    summary: 'Adds the event types that a dialect documents to the catalogue.',
    response: adoption,
    status: 200,
    refuses: ['too-many-event-types', 'platform-key-needed'],
  },
  webhooks: {
    ...reads,
    id: 'event-types.webhooks',
    operationId: 'getWebhooks',
    path: '/v1/webhooks.json',
    summary: 'What the tenant’s endpoints receive, as an OpenAPI 3.1 document with `webhooks`: for generators.',
    response: openApiDocument,
  },
} as const satisfies Record<string, Route>;
