import type { Operation } from './operation.ts';

/** Operations that end or replace something for good: the command asks first. */
const DESTRUCTIVE: ReadonlySet<string> = new Set([
  'deleteEndpoint',
  'deleteEventPayload',
  'deleteEventType',
  'disableEndpoint',
  'disableMfa',
  'eraseTenant',
  'removeAlertMail',
  'removeConsumer',
  'replaceRecoveryCodes',
  'resetTenantMfa',
  'revokeApiKey',
  'revokeEndpoint',
  'revokePortalSession',
  'revokePortalSessionsOfUser',
  'rotateEndpointSecret',
  'setBrake',
]);

/** @param body as it is sent: discarding what was held can't be undone, releasing it can */
export function isDestructive({ id }: Operation, body: string | undefined): boolean {
  return DESTRUCTIVE.has(id) || (id === 'resumeEndpoint' && /"held"\s*:\s*"discard"/.test(body ?? ''));
}
