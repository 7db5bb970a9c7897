import { type Endpoint, acceptsEvents, isPolled } from '../../domain/endpoint.ts';
import { RequestError, notFound } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';

/** @throws RequestError `not-found`, `wrong-state` for one that is sent to, or that is disabled or revoked */
export async function openPollEndpoint(
  ports: Pick<Ports, 'endpoints'>,
  tenantId: string,
  endpointId: string,
): Promise<Endpoint> {
  const endpoint = await pollEndpoint(ports, tenantId, endpointId);
  if (!acceptsEvents(endpoint))
    throw new RequestError('wrong-state', `The endpoint is ${endpoint.status}: nothing is given to its consumers.`);
  return endpoint;
}

/** In any state. @throws RequestError `not-found`, `wrong-state` for one that is sent to */
export async function pollEndpoint(
  ports: Pick<Ports, 'endpoints'>,
  tenantId: string,
  endpointId: string,
): Promise<Endpoint> {
  const endpoint = await ports.endpoints.get(tenantId, endpointId);
  if (!endpoint || endpoint.statusReason === 'deleted') throw notFound('endpoint');
  if (!isPolled(endpoint))
    throw new RequestError(
      'wrong-state',
      'The endpoint is of `kind: push`: requests are sent to it. Only one of `kind: poll` can be polled.',
    );
  return endpoint;
}
