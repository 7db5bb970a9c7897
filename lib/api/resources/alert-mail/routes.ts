import type { Route } from '../../route.ts';
import { alertMail, alertMailConfirm, alertMailSet } from './schemas.ts';

const ofAddress = { lambda: 'account', path: '/v1/alerts/mail', response: alertMail, status: 200 } as const;
const changes = { ...ofAddress, scope: 'endpoints:write' } as const;

export const alertMailRoutes = {
  get: {
    ...ofAddress,
    id: 'alert-mail.get',
    operationId: 'getAlertMail',
    method: 'GET',
    scope: 'endpoints:read',
    summary: 'Where the tenant’s alerts are mailed, and which.',
  },
  set: {
    ...changes,
    id: 'alert-mail.set',
    operationId: 'setAlertMail',
    method: 'PUT',
    summary:
      'Sets where alerts are mailed. A new address is mailed a code, and gets no alert before that is confirmed.',
    body: alertMailSet,
    refuses: ['wrong-state', 'over-quota', 'changed-meanwhile', 'tenant-erased'],
  },
  confirm: {
    ...changes,
    id: 'alert-mail.confirm',
    operationId: 'confirmAlertMail',
    method: 'POST',
    path: '/v1/alerts/mail/confirm',
    summary: 'Confirms the address, by the code that was mailed to it.',
    body: alertMailConfirm,
    refuses: ['wrong-state', 'changed-meanwhile', 'tenant-erased'],
  },
  remove: {
    ...changes,
    id: 'alert-mail.remove',
    operationId: 'removeAlertMail',
    method: 'DELETE',
    summary: 'Mails no more alerts, and removes the address.',
    refuses: ['changed-meanwhile', 'tenant-erased'],
  },
} as const satisfies Record<string, Route>;
