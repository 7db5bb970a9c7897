import type { Endpoint } from '../../domain/endpoint.ts';
import type { EndpointCall } from '../../domain/endpoint-state.ts';
import { type ChangePorts, type Held, changeStatus, existing } from './change-status.ts';
import { type Expected, changedSince, refuseUnexpected } from './expected.ts';

/**
 * Changes nothing unless `isExpected` holds.
 * @throws RequestError `not-found`, `wrong-state` for what its state does not allow, `precondition-failed`
 */
async function call(
  ports: ChangePorts,
  tenantId: string,
  endpointId: string,
  name: Exclude<EndpointCall, 'trip' | 'gone'>,
  isExpected: Expected | undefined,
  held?: Held,
): Promise<Endpoint> {
  if (!isExpected) return (await changeStatus(ports, tenantId, endpointId, name, undefined, held)) as Endpoint;
  const endpoint = await existing(ports, tenantId, endpointId);
  refuseUnexpected(endpoint, isExpected);
  const changed = await changeStatus(ports, tenantId, endpointId, name, endpoint.generation, held);
  if (!changed) throw changedSince();
  return changed;
}

type StatusChange = (ports: ChangePorts, tenantId: string, id: string, isExpected?: Expected) => Promise<Endpoint>;

export const pauseEndpoint: StatusChange = (ports, tenantId, id, isExpected) =>
  call(ports, tenantId, id, 'pause', isExpected);
export const enableEndpoint: StatusChange = (ports, tenantId, id, isExpected) =>
  call(ports, tenantId, id, 'enable', isExpected);
export const disableEndpoint: StatusChange = (ports, tenantId, id, isExpected) =>
  call(ports, tenantId, id, 'disable', isExpected);

/** For good: its secret is destroyed. Unlike a deleted one it is still listed. */
export const revokeEndpoint: StatusChange = (ports, tenantId, id, isExpected) =>
  call(ports, tenantId, id, 'revoke', isExpected);

/** Sends the held deliveries, oldest first, or gives them up. */
export async function resumeEndpoint(
  ports: ChangePorts,
  tenantId: string,
  id: string,
  held: Held,
  isExpected?: Expected,
): Promise<Endpoint> {
  return call(ports, tenantId, id, 'resume', isExpected, held);
}

/** Destroys the secret; a tombstone stays, so that deliveries on their way can say why they ended. */
export async function deleteEndpoint(
  ports: ChangePorts,
  tenantId: string,
  id: string,
  isExpected?: Expected,
): Promise<void> {
  await call(ports, tenantId, id, 'delete', isExpected);
}
