import { firstSecrets } from '../../dialects/first-secrets.ts';
import { type Endpoint, isPolled } from '../../domain/endpoint.ts';
import { RequestError, tenantErased } from '../../domain/errors.ts';
import { newId, ownJobId } from '../../domain/ids.ts';
import { chooseShard } from '../../domain/subscription-shards.ts';
import type { Ports } from '../../ports/ports.ts';
import { createJobOnce } from '../job-start.ts';
import { type RegisterPorts, createRegisterTenant } from '../register-tenant.ts';
import { type RematchPorts, changeWithMatching } from './matching.ts';
import { type NewEndpoint, newEndpoint } from './new-endpoint.ts';

export type CreatePorts = RematchPorts & RegisterPorts & Pick<Ports, 'secrets'>;

/** An endpoint, and the secrets that it was created with. */
export interface CreatedEndpoint {
  endpoint: Endpoint;
  signingSecret: string;
  /** That of the headers of Standard Webhooks, where it is another one. */
  standardSecret?: string;
}

/**
 * Creates an endpoint under a new id.
 * @param perShard how many endpoints share a shard of the tenant's subscriptions; default: ENDPOINTS_PER_SHARD
 * @throws RequestError `invalid-secret` when the dialect refuses it, `too-many-endpoints`, `tenant-erased`
 */
export async function createEndpoint(
  ports: CreatePorts,
  tenantId: string,
  input: NewEndpoint,
  maxEndpoints: number,
  perShard?: number,
): Promise<CreatedEndpoint> {
  const created = await create(ports, tenantId, input, { maxEndpoints, perShard });
  if (created) return created;
  throw new Error('The new id of an endpoint is taken.');
}

/**
 * {@link createEndpoint} under the id that an `Idempotency-Key` stands for (create-once.ts).
 * @returns undefined when that id has an endpoint already
 */
export function createClaimed(
  ports: CreatePorts,
  tenantId: string,
  id: string,
  input: NewEndpoint,
  maxEndpoints: number,
): Promise<CreatedEndpoint | undefined> {
  return create(ports, tenantId, input, { maxEndpoints, id });
}

interface Placing {
  maxEndpoints: number;
  /** Absent: a new one. */
  id?: string;
  perShard?: number | undefined;
}

async function create(
  ports: CreatePorts,
  tenantId: string,
  input: NewEndpoint,
  { maxEndpoints, id: claimed, perShard }: Placing,
): Promise<CreatedEndpoint | undefined> {
  const first = firstSecrets(ports.random, input, ports.clock.now());
  await registerFirst(ports, tenantId);
  const live = await countWithinLimit(ports, tenantId, maxEndpoints);
  const at = ports.clock.now();
  const id = claimed ?? newId('ep', { now: () => at, fraction: () => ports.random.fraction() });
  const shard = chooseShard(live, ports.random.fraction(), perShard);
  const endpoint = await newEndpoint(ports, input, first, { tenantId, id, shard, at });
  if (isPolled(endpoint)) await createJobOnce(ports, { tenantId, kind: 'settle', endpointId: id }, ownJobId(id));
  const isCreated = await changeWithMatching(ports, endpoint, () => ports.endpoints.createUnlessExists(endpoint));
  if (!isCreated) return undefined;
  const { signing, standard } = first;
  return { endpoint, signingSecret: signing.secret, ...(standard && { standardSecret: standard.secret }) };
}

async function countWithinLimit(ports: CreatePorts, tenantId: string, maxEndpoints: number): Promise<number> {
  const live = await ports.endpoints.countOneMore(tenantId, maxEndpoints);
  if (live !== undefined) return live;
  throw new RequestError('too-many-endpoints', `A tenant can have ${maxEndpoints} endpoints. Delete one first.`);
}

async function registerFirst(ports: CreatePorts, tenantId: string): Promise<void> {
  const { isRegistered, isErased } = await ports.subscriptions.tenant(tenantId);
  if (isErased) throw tenantErased();
  if (!isRegistered) await createRegisterTenant(ports)(tenantId);
}
