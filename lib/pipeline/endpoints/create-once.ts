import { checkSecrets } from '../../dialects/first-secrets.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { RequestError } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import { type IdempotencyPorts, type KeyedCall, claimForCall } from '../idempotency-key.ts';
import { type CreatePorts, type CreatedEndpoint, createClaimed } from './create.ts';
import { matchAgain } from './matching.ts';
import type { NewEndpoint } from './new-endpoint.ts';
import { openFirstSecret } from '../delivery/secrets.ts';

/**
 * Creates an endpoint, one for all calls with the same key within 24 h. A repeated call is answered with the endpoint as
 * it is now and the secret that it was created with. If the first call died on its way, the repeated one goes on.
 * @throws RequestError `idempotency-conflict`, `wrong-state` when that endpoint was deleted, and what createEndpoint throws
 */
export async function createEndpointOnce(
  ports: CreatePorts & IdempotencyPorts,
  tenantId: string,
  input: NewEndpoint,
  maxEndpoints: number,
  keyed: KeyedCall,
): Promise<CreatedEndpoint> {
  // What can never be created claims no key.
  const now = ports.clock.now();
  checkSecrets(input, now);
  const id = newId('ep', { now: () => now, fraction: () => ports.random.fraction() });
  const { resourceId, repeated } = await claimForCall(ports, tenantId, keyed, id);
  const before = repeated ? await ports.endpoints.get(tenantId, resourceId) : undefined;
  if (before) return answerAgain(ports, before);
  const created = await createClaimed(ports, tenantId, resourceId, input, maxEndpoints);
  return created ?? answerAgain(ports, (await ports.endpoints.get(tenantId, resourceId)) as Endpoint);
}

async function answerAgain(ports: CreatePorts, endpoint: Endpoint): Promise<CreatedEndpoint> {
  await matchAgain(ports, endpoint);
  const signingSecret = await openFirstSecret(ports.secrets, endpoint, endpoint.secrets);
  const standardSecret = await openFirstSecret(ports.secrets, endpoint, endpoint.standardSecrets ?? []);
  if (signingSecret !== undefined) {
    return { endpoint, signingSecret, ...(standardSecret !== undefined && { standardSecret }) };
  }
  throw new RequestError(
    'wrong-state',
    'The endpoint of this Idempotency-Key is revoked or deleted, or its secret was rotated. Use a new key for a new endpoint.',
  );
}
