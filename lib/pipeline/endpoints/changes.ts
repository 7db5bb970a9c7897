import { dialectNamed } from '../../dialects/index.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { RequestError } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import type { RetryPolicy } from '../../domain/retry-schedule.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Ground, type Held, changeStatus, existing, tooBusy } from './change-status.ts';
import { sealSecret } from './secrets.ts';

/** A validated input for an endpoint. */
export interface NewEndpoint {
  url: string;
  label?: string;
  events: string[];
  projectId?: string;
  dialect: string;
  headers?: Record<string, string>;
  retry?: RetryPolicy;
  timeoutSeconds: number;
  rateLimitPerSecond?: number;
  autoResume?: boolean;
  metadata?: Record<string, string>;
  /** The secret that the customer has already; absent: a new one is made. */
  signingSecret?: string;
}

/** A validated edit: null removes. */
export interface EndpointEdit {
  url?: string;
  label?: string | null;
  events?: string[];
  projectId?: string | null;
  headers?: Record<string, string> | null;
  retry?: RetryPolicy;
  timeoutSeconds?: number;
  rateLimitPerSecond?: number | null;
  autoResume?: boolean;
  metadata?: Record<string, string> | null;
}

type CreatePorts = Pick<Ports, 'clock' | 'random' | 'endpoints' | 'secrets'>;

/**
 * @returns the endpoint, and its secret for the only time
 * @throws RequestError 422 for a secret that the dialect refuses, and when the tenant has too many endpoints
 */
export async function createEndpoint(
  ports: CreatePorts,
  tenantId: string,
  input: NewEndpoint,
  maxEndpoints: number,
): Promise<{ endpoint: Endpoint; signingSecret: string }> {
  const dialect = dialectNamed(input.dialect);
  const { signingSecret = dialect.newSecret(ports.random), ...fields } = input;
  const problem = dialect.refuseSecret(signingSecret);
  if (problem) throw new RequestError('invalid-secret', `signing_secret ${problem}.`);
  await refusePastLimit(ports, tenantId, maxEndpoints);

  const now = ports.clock.now();
  const id = newId('ep', { now: () => now, fraction: () => ports.random.fraction() });
  const endpoint: Endpoint = {
    ...fields,
    tenantId,
    id,
    status: 'active',
    generation: 1,
    retry: input.retry ?? { preset: input.dialect },
    secrets: [await sealSecret(ports.secrets, { tenantId, id }, signingSecret, now)],
    createdAt: now,
    updatedAt: now,
  };
  if (!(await ports.endpoints.createUnlessExists(endpoint))) throw new Error(`The new id ${id} is taken.`);
  await ports.endpoints.raiseVersion(tenantId);
  return { endpoint, signingSecret };
}

async function refusePastLimit(ports: CreatePorts, tenantId: string, maxEndpoints: number): Promise<void> {
  if ((await ports.endpoints.count(tenantId)) < maxEndpoints) return;
  throw new RequestError('too-many-endpoints', `A tenant can have ${maxEndpoints} endpoints. Delete one first.`);
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
 * @throws RequestError 404 for an unknown id, 409 for a revoked endpoint, 412 when `isExpected` does not hold
 */
export async function updateEndpoint(
  ports: Pick<Ports, 'clock' | 'endpoints'>,
  tenantId: string,
  endpointId: string,
  edit: EndpointEdit,
  isExpected?: Expected,
): Promise<Endpoint> {
  for (let tries = 0; tries < 10; tries += 1) {
    const endpoint = await existing(ports, tenantId, endpointId);
    refuseUnexpected(endpoint, isExpected);
    if (endpoint.status === 'revoked') {
      throw new RequestError('wrong-state', 'The endpoint is revoked, which is final. Create a new one.');
    }
    const edited: Endpoint = {
      ...withoutNulls({ ...endpoint, ...edit }),
      generation: endpoint.generation + 1,
      updatedAt: ports.clock.now(),
    };
    if (await ports.endpoints.replaceIfGeneration(edited, endpoint.generation)) {
      await ports.endpoints.raiseVersion(tenantId);
      return edited;
    }
  }
  throw tooBusy();
}

/** Null and undefined both mean: not there. */
function withoutNulls(fields: object): Endpoint {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as unknown as Endpoint;
}

type StatusCall = 'pause' | 'enable' | 'disable';

/** @throws RequestError 404 for an unknown id, 409 for what its state does not allow */
async function call(
  ports: Ground,
  tenantId: string,
  endpointId: string,
  name: StatusCall | 'delete',
): Promise<Endpoint> {
  return (await changeStatus(ports, tenantId, endpointId, name)) as Endpoint;
}

export const pauseEndpoint = (ports: Ground, tenantId: string, id: string) => call(ports, tenantId, id, 'pause');
export const enableEndpoint = (ports: Ground, tenantId: string, id: string) => call(ports, tenantId, id, 'enable');
export const disableEndpoint = (ports: Ground, tenantId: string, id: string) => call(ports, tenantId, id, 'disable');

/** Sends the held deliveries, oldest first, or gives them up. */
export async function resumeEndpoint(ports: Ground, tenantId: string, id: string, held: Held): Promise<Endpoint> {
  return (await changeStatus(ports, tenantId, id, 'resume', undefined, held)) as Endpoint;
}

/**
 * Destroys the secret; a tombstone stays, so that deliveries on their way can say what became of them.
 * @param isExpected delete nothing unless it holds
 * @throws RequestError 404 for an unknown id, 412 when `isExpected` does not hold
 */
export async function deleteEndpoint(
  ports: Ground,
  tenantId: string,
  id: string,
  isExpected?: Expected,
): Promise<void> {
  if (!isExpected) return void (await call(ports, tenantId, id, 'delete'));
  const endpoint = await existing(ports, tenantId, id);
  refuseUnexpected(endpoint, isExpected);
  if (!(await changeStatus(ports, tenantId, id, 'delete', endpoint.generation))) throw changedSince();
}
