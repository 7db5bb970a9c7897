import { type FirstSecret, type PreviousSecret, firstSecrets } from '../../dialects/first-secrets.ts';
import { dialectNameOf, dialectOf } from '../../dialects/index.ts';
import { defaultRetry } from '../../dialects/retry-presets.ts';
import { newKeyPair } from '../../dialects/standard/key-pair.ts';
import {
  type Endpoint,
  type EndpointSettings,
  type SealedAuth,
  type SealedHeaders,
  type SealedSecret,
  acceptsEvents,
  isPolled,
} from '../../domain/endpoint.ts';
import type { EndpointAuth } from '../../domain/endpoint-auth.ts';
import type { EndpointCall } from '../../domain/endpoint-state.ts';
import { RequestError, changedMeanwhile, tenantErased } from '../../domain/errors.ts';
import { newId, settleJobId } from '../../domain/ids.ts';
import type { RetryPolicy } from '../../domain/retry-schedule.ts';
import { chooseShard } from '../../domain/subscription-shards.ts';
import type { Ports } from '../../ports/ports.ts';
import { type ChangePorts, type Held, changeStatus, existing } from './change-status.ts';
import { followEdit, prepareEdit } from './edit-jobs.ts';
import { sealAuth, sealHeaders, sealKeyPair, sealSecret } from '../delivery/secrets.ts';
import { createJobOnce } from '../job-start.ts';
import { type RegisterPorts, createRegisterTenant } from '../register-tenant.ts';
import { type RematchPorts, changeWithMatching } from './matching.ts';
import { SUPERSEDED, repeatWhileSuperseded } from './superseded.ts';

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

/** New values of some settings: null removes one that need not be there. */
type Edit<Settings> = {
  [Name in keyof Settings]?: object extends Pick<Settings, Name>
    ? Exclude<Settings[Name], undefined> | null
    : Settings[Name];
};

/** A validated edit, with what is secret in it sealed. */
export interface SealedEdit extends Edit<EndpointSettings> {
  headers?: SealedHeaders | null;
  auth?: SealedAuth | null;
  standardSecrets?: readonly SealedSecret[];
  privateKeys?: readonly SealedSecret[];
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
  if (isPolled(endpoint)) await createJobOnce(ports, { tenantId, kind: 'settle', endpointId: id }, settleJobId(id));
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

/** Whether an endpoint of this generation is the one that the caller has seen. */
export type Expected = (generation: number) => boolean;

function refuseUnexpected({ generation }: Endpoint, isExpected: Expected | undefined): void {
  if (isExpected && !isExpected(generation)) throw changedSince();
}

function changedSince(): RequestError {
  return new RequestError('precondition-failed', 'The endpoint was changed since: get it, and decide again.');
}

/**
 * @param isExpected change nothing unless it holds
 * @throws RequestError `not-found`, `wrong-state` for a revoked endpoint, `invalid-request` for a header in both `headers`
 *   and `auth`, `precondition-failed` when `isExpected` does not hold, `changed-meanwhile` when others change it each time
 */
export async function updateEndpoint(
  ports: ChangePorts,
  tenantId: string,
  endpointId: string,
  edit: SealedEdit,
  isExpected?: Expected,
): Promise<Endpoint> {
  // Also when the value is the same: a process may have died before ingest matched with it.
  const namesMatching = [edit.events, edit.projectId, edit.filter].some((field) => field !== undefined);
  const tryOnce = async () => {
    const endpoint = await existing(ports, tenantId, endpointId);
    refuseUnexpected(endpoint, isExpected);
    if (endpoint.status === 'revoked') {
      throw new RequestError('wrong-state', 'The endpoint is revoked, which is final. Create a new one.');
    }
    if (isPolled(endpoint)) refuseForPoll(edit);
    const edited: Endpoint = {
      ...withoutNulls({ ...endpoint, ...edit, ...retryAt(endpoint, edit) }),
      generation: endpoint.generation + 1,
      updatedAt: ports.clock.now(),
    };
    if (edit.headers || edit.auth) refuseTwice(edited);
    const prepared = await prepareEdit(ports, endpoint, edited);
    const write = () => ports.endpoints.replaceIfGeneration(prepared.endpoint, endpoint.generation);
    const rematches = namesMatching && acceptsEvents(edited);
    if (!(await (rematches ? changeWithMatching(ports, prepared.endpoint, write) : write()))) return SUPERSEDED;
    await followEdit(ports, prepared);
    return prepared.endpoint;
  };
  return repeatWhileSuperseded(ports, tryOnce, () => changedMeanwhile('endpoint'));
}

/** Nothing is sent to it. */
function refuseForPoll({ url, retry, rateLimitPerSecond, circuitBreaker, autoResume }: SealedEdit): void {
  const given = [url, retry, rateLimitPerSecond, circuitBreaker, autoResume].some((value) => value !== undefined);
  if (!given) return;
  const why = 'The endpoint is polled: it has no URL, no retries, no rate limit and no circuit breaker to change.';
  throw new RequestError('wrong-state', why);
}

/** The two may come by calls that do not know of each other. @throws RequestError `invalid-request` */
function refuseTwice({ headers, auth }: Endpoint): void {
  if (!auth || !headers?.names.includes(auth.name)) return;
  const why = `The endpoint would have the header ${auth.name} in \`headers\` and in \`auth\`: remove one of them.`;
  throw new RequestError('invalid-request', why);
}

/** Where a new URL makes another dialect of it, retries that were the old one's preset become the new one's. */
function retryAt(endpoint: Endpoint, { url, retry = endpoint.retry }: SealedEdit): Pick<Endpoint, 'retry'> {
  const [before, after] = [dialectNameOf(endpoint), dialectNameOf({ ...endpoint, ...(url !== undefined && { url }) })];
  const follows = before !== after && 'preset' in retry && retry.preset === before;
  return { retry: follows ? defaultRetry(after) : retry };
}

/** Null and undefined both mean: not there. */
function withoutNulls(fields: object): Endpoint {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as unknown as Endpoint;
}

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
