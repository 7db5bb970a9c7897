import type { Route } from '../../route.ts';
import { auditPage, auditQuery } from './schemas.ts';

export const auditLogRoutes = {
  list: {
    id: 'audit-log.list',
    operationId: 'listAuditLog',
    lambda: 'account',
    method: 'GET',
    path: '/v1/audit-log',
    scope: 'audit:read',
    summary: 'Who changed what, or was refused a sensitive call, newest first, for 400 days.',
    query: auditQuery,
    response: auditPage,
    status: 200,
    refuses: ['invalid-cursor', 'platform-key-needed'],
  },
} as const satisfies Record<string, Route>;
