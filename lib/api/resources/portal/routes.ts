import { withoutFields } from '../../route-kinds.ts';
import type { Route } from '../../route.ts';
import { ofPlatformQuery } from '../../schemas/of-platform.ts';
import {
  portalSession,
  portalSessionCreate,
  portalSessionCreated,
  portalSessionListQuery,
  portalSessionOpened,
  portalSessionPage,
  portalSessionParam,
} from './schemas.ts';

const ofAll = { lambda: 'account', path: '/v1/portal/sessions' } as const;
const ofOne = {
  lambda: 'account',
  resource: 'portal session',
  params: portalSessionParam,
  query: ofPlatformQuery,
  response: portalSession,
  status: 200,
} as const;
/** What a session does with itself. */
const ofItself = { lambda: 'account', ofKey: true, scope: 'portal:use', response: portalSession, status: 200 } as const;

export const portalRoutes = {
  create: {
    ...ofAll,
    id: 'portal.create',
    operationId: 'createPortalSession',
    method: 'POST',
    scope: 'portal:write',
    summary: 'Makes a link that opens the console for one person, once and within a minute.',
    query: ofPlatformQuery,
    body: portalSessionCreate,
    response: portalSessionCreated,
    location: '/v1/portal/sessions/{id}',
    status: 201,
    refuses: ['platform-key-needed'],
  },
  list: {
    ...ofAll,
    id: 'portal.list',
    operationId: 'listPortalSessions',
    method: 'GET',
    scope: 'portal:read',
    summary: 'The sessions of the tenant’s people, or of operators, newest first; those that ended within a day too.',
    query: portalSessionListQuery,
    response: portalSessionPage,
    status: 200,
    refuses: ['invalid-cursor', 'platform-key-needed'],
  },
  get: {
    ...ofOne,
    id: 'portal.get',
    operationId: 'getPortalSession',
    method: 'GET',
    path: '/v1/portal/sessions/{id}',
    scope: 'portal:read',
    summary: 'One session.',
    refuses: ['platform-key-needed'],
  },
  revoke: {
    ...ofOne,
    id: 'portal.revoke',
    operationId: 'revokePortalSession',
    method: 'POST',
    path: '/v1/portal/sessions/{id}/revoke',
    scope: 'portal:write',
    summary: 'Ends a session: within ten seconds on AWS, at once elsewhere.',
    refuses: ['platform-key-needed'],
  },
  extend: {
    ...ofOne,
    id: 'portal.extend',
    operationId: 'extendPortalSession',
    method: 'POST',
    path: '/v1/portal/sessions/{id}/extend',
    scope: 'portal:write',
    summary: 'Lets a session last an hour from now, and twelve hours from its opening at most.',
    refuses: ['platform-key-needed', 'wrong-state'],
  },
  exchange: {
    ...withoutFields,
    lambda: 'account',
    id: 'portal.exchange',
    operationId: 'exchangePortalCode',
    method: 'POST',
    path: '/v1/portal/sessions/exchange',
    scope: 'portal:open',
    ofKey: true,
    summary: 'Exchanges the code of a link, sent in the place of a key, for the session’s token. Once.',
    response: portalSessionOpened,
    status: 200,
  },
  current: {
    ...ofItself,
    id: 'portal.current',
    operationId: 'getOwnPortalSession',
    method: 'GET',
    path: '/v1/portal/session',
    summary: 'The session whose token is sent.',
  },
  end: {
    ...ofItself,
    ...withoutFields,
    id: 'portal.end',
    operationId: 'endOwnPortalSession',
    method: 'POST',
    path: '/v1/portal/session/end',
    summary: 'Ends the session whose token is sent.',
  },
} as const satisfies Record<string, Route>;
