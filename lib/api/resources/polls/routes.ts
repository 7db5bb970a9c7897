import type { Route } from '../../route.ts';
import { noFields } from '../../schemas/no-fields.ts';
import { consumer, consumerCommit, consumerList, consumerParams, poll, pollParams, pollQuery } from './schemas.ts';

/** Without a line in the audit log: a consumer commits as often as it polls, and changes nothing that is configured. */
const ofPoller = { lambda: 'poll', scope: 'endpoints:poll', unaudited: true } as const;

const CONSUMERS = '/v1/endpoints/{id}/consumers';

export const pollRoutes = {
  poll: {
    ...ofPoller,
    id: 'polls.poll',
    operationId: 'pollEndpoint',
    method: 'GET',
    path: '/v1/endpoints/{id}/poll',
    resource: 'endpoint',
    params: pollParams,
    query: pollQuery,
    response: poll,
    retriedLater: true,
    waits: true,
    status: 200,
    summary: 'What a consumer has not been given yet: the requests that another endpoint would have been sent.',
    refuses: ['cursor-expired', 'invalid-cursor', 'wrong-state'],
  },
  commit: {
    ...ofPoller,
    id: 'polls.commit',
    operationId: 'commitConsumer',
    method: 'PUT',
    path: `${CONSUMERS}/{name}`,
    resource: 'endpoint',
    params: consumerParams,
    body: consumerCommit,
    response: consumer,
    status: 200,
    summary: 'Notes how far a consumer has come. What all have committed is delivered. A new name adds a consumer.',
    refuses: ['invalid-cursor', 'too-many-consumers', 'wrong-state'],
  },
  consumers: {
    ...ofPoller,
    id: 'polls.consumers',
    operationId: 'listConsumers',
    method: 'GET',
    path: CONSUMERS,
    resource: 'endpoint',
    params: pollParams,
    query: noFields,
    response: consumerList,
    status: 200,
    summary: 'The consumers of an endpoint, by name.',
    refuses: ['wrong-state'],
  },
  remove: {
    ...ofPoller,
    id: 'polls.remove',
    operationId: 'removeConsumer',
    method: 'DELETE',
    path: `${CONSUMERS}/{name}`,
    resource: 'consumer',
    params: consumerParams,
    status: 204,
    summary: 'Removes a consumer: deliveries no longer wait for its commit.',
    refuses: ['wrong-state'],
  },
} as const satisfies Record<string, Route>;
