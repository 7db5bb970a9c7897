import { type Mail, composeMail } from './mail.ts';

/**
 * Asks whether an address is the tenant's. It may reach a stranger, so it has no text that a tenant could choose.
 * @param id of the mail
 */
export function confirmationMail(id: string, to: string, tenantId: string, code: string): Mail {
  return composeMail({ id, to }, 'Confirm this address for webhook alerts', [
    'Someone asked for alerts about webhook endpoints to be sent to this address. To confirm it, enter this code where you asked for them:',
    { facts: [['Code', code]] },
    'The code is good for 24 hours. If a newer mail of this kind came, use the code of that one.',
    'If you did not ask for this, do nothing: without the code, no alert is sent to you.',
    { facts: [['For', tenantId]] },
  ]);
}
