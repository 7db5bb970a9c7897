import { type FirstSecret, type PreviousSecret, firstSecrets } from '../../dialects/first-secrets.ts';
import { dialectNameOf, dialectOf } from '../../dialects/index.ts';
import { defaultRetry } from '../../dialects/retry-presets.ts';
import { newKeyPair } from '../../dialects/standard/key-pair.ts';
import { type Endpoint, type EndpointSettings, type SealedSecret, isPolled } from '../../domain/endpoint.ts';
import type { EndpointAuth } from '../../domain/endpoint-auth.ts';
import { RequestError, tenantErased } from '../../domain/errors.ts';
import { newId, ownJobId } from '../../domain/ids.ts';
import type { RetryPolicy } from '../../domain/retry-schedule.ts';
import { chooseShard } from '../../domain/subscription-shards.ts';
import type { Ports } from '../../ports/ports.ts';
import { sealAuth, sealHeaders, sealKeyPair, sealSecret } from '../delivery/secrets.ts';
import { createJobOnce } from '../job-start.ts';
import { type RegisterPorts, createRegisterTenant } from '../register-tenant.ts';
import { type RematchPorts, changeWithMatching } from './matching.ts';

/** A validated input for an endpoint. */
export interface NewEndpoint extends Omit<EndpointSettings, 'retry'> {
  dialect: string;
  kind?: 'poll';
  /** What it begins as; default: active. */
  status?: 'active' | 'paused' | 'disabled';
  /** By lower-case name. */
  headers?: Record<string, string>;
  auth?: EndpointAuth;
  /** Absent: that of its dialect. */
  retry?: RetryPolicy;
  /** The secret that the customer already has; absent: a new one is made. */
  signingSecret?: string;
  /** It signs beside that one; left out when it has ended. */
  previousSecret?: PreviousSecret;
}

export type CreatePorts = RematchPorts & RegisterPorts & Pick<Ports, 'secrets'>;

/** An endpoint, and the secrets that it was created with. */
export interface CreatedEndpoint {
  endpoint: Endpoint;
  signingSecret: string;
  /** That of the headers of Standard Webhooks, where it is another one. */
  standardSecret?: string;
}

/**
 * @param claimed the id that an `Idempotency-Key` stands for (create-once.ts); absent: a new one
 * @param perShard how many endpoints share a shard of the tenant's subscriptions; default: ENDPOINTS_PER_SHARD
 * @returns the endpoint with its secret; undefined when the claimed id has an endpoint already
 * @throws RequestError `invalid-secret` when the dialect refuses it, `too-many-endpoints`, `tenant-erased`
 */
export async function createEndpoint(
  ports: CreatePorts,
  tenantId: string,
  input: NewEndpoint,
  maxEndpoints: number,
  claimed?: undefined,
  perShard?: number,
): Promise<CreatedEndpoint>;
export async function createEndpoint(
  ports: CreatePorts,
  tenantId: string,
  input: NewEndpoint,
  maxEndpoints: number,
  claimed: string,
): Promise<CreatedEndpoint | undefined>;
export async function createEndpoint(
  ports: CreatePorts,
  tenantId: string,
  input: NewEndpoint,
  maxEndpoints: number,
  claimed?: string,
  perShard?: number,
): Promise<CreatedEndpoint | undefined> {
  const { signingSecret: _, previousSecret, headers, auth, status = 'active', ...fields } = input;
  const { signing, standard } = firstSecrets(ports.random, input, ports.clock.now());
  await registerFirst(ports, tenantId);
  const live = await countWithinLimit(ports, tenantId, maxEndpoints);

  const now = ports.clock.now();
  const id = claimed ?? newId('ep', { now: () => now, fraction: () => ports.random.fraction() });
  const seal = async ({ secret, ...notes }: FirstSecret) => ({
    ...(await sealSecret(ports.secrets, { tenantId, id }, secret, now)),
    ...notes,
  });
  const { autoResume = dialectOf(input).breaker.autoResume } = input;
  const endpoint: Endpoint = {
    ...fields,
    autoResume,
    tenantId,
    id,
    status,
    ...(status !== 'active' && { statusReason: 'manual' as const }),
    shard: chooseShard(live, ports.random.fraction(), perShard),
    generation: 1,
    retry: input.retry ?? defaultRetry(dialectNameOf(input)),
    ...(headers && { headers: await sealHeaders(ports.secrets, { tenantId, id }, headers) }),
    ...(auth && { auth: await sealAuth(ports.secrets, { tenantId, id }, auth) }),
    secrets: [await seal(signing), ...(await sealPrevious(ports, { tenantId, id }, previousSecret, now))],
    ...(standard && { standardSecrets: [await seal(standard)] }),
    ...(input.asymmetricSigning && {
      privateKeys: [await sealKeyPair(ports.secrets, { tenantId, id }, newKeyPair(ports.random), now)],
    }),
    createdAt: now,
    updatedAt: now,
  };
  if (isPolled(endpoint)) await createJobOnce(ports, { tenantId, kind: 'settle', endpointId: id }, ownJobId(id));
  if (!(await changeWithMatching(ports, endpoint, () => ports.endpoints.createUnlessExists(endpoint)))) {
    if (claimed !== undefined) return undefined;
    throw new Error(`The new id ${id} is taken.`);
  }
  return { endpoint, signingSecret: signing.secret, ...(standard && { standardSecret: standard.secret }) };
}

/** It was made before the endpoint: its time tells it from the secret that the endpoint was created with. */
async function sealPrevious(
  { secrets }: Pick<Ports, 'secrets'>,
  endpoint: Pick<Endpoint, 'tenantId' | 'id'>,
  previous: PreviousSecret | undefined,
  now: number,
): Promise<SealedSecret[]> {
  if (!previous || previous.expiresAt <= now) return [];
  return [{ ...(await sealSecret(secrets, endpoint, previous.secret, now - 1)), expiresAt: previous.expiresAt }];
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
