import { RequestError } from '../domain/errors.ts';
import { newId } from '../domain/ids.ts';
import type { AuditConclusion, AuditLine, AuditOwner } from '../ports/audit-log.ts';
import type { Ports } from '../ports/ports.ts';
import type { AuthenticatedKey } from './auth/authenticated-key.ts';
import type { Caller } from './auth/authorize.ts';
import type { RawInput } from './http/read-input.ts';
import type { ApiRequest } from './http/request-response.ts';
import type { Route } from './route.ts';

export type AuditPorts = Pick<Ports, 'audit' | 'clock' | 'random' | 'log'>;

/** One call, as the audit log names it. */
export interface AuditedCall {
  route: Route;
  request: ApiRequest;
  requestId: string;
}

/** Every change is audited, but for those that a route leaves out. */
export function isAudited({ method, unaudited }: Route): boolean {
  return method !== 'GET' && !unaudited;
}

/**
 * Makes a change, with its line in the audit log: first that it is intended, without which it is not made, then how it
 * ended. A crash in between leaves a line without an outcome.
 */
export async function audited<T>(
  ports: AuditPorts,
  call: AuditedCall,
  { caller, input }: { caller: Caller; input: RawInput },
  change: () => Promise<T>,
): Promise<T> {
  const target = targetOf(call.route, input);
  const line = newLine(ports, call, caller, ownerOf(call.route, caller, input), target);
  await ports.audit.write(line);
  try {
    const value = await change();
    const made = target ?? madeId(value);
    await conclude(ports, line, { outcome: 'done', ...(made !== undefined && { target: made }) });
    return value;
  } catch (error) {
    await conclude(ports, line, conclusionOf(error));
    throw error;
  }
}

/** Notes that a call of a sensitive route was refused before its input was read. */
export async function noteRefused(
  ports: AuditPorts,
  call: AuditedCall,
  key: AuthenticatedKey,
  error: RequestError,
): Promise<void> {
  const line = newLine(ports, call, { ...key, keyId: key.id }, key.tenantId, call.request.params['id']);
  await ports.audit
    .write({ ...line, ...conclusionOf(error) })
    .catch((cause: unknown) => ports.log.error('api.refusal-unaudited', cause, { route: call.route.id }));
}

function newLine(
  { clock, random }: AuditPorts,
  { route, request, requestId }: AuditedCall,
  { keyId, user }: Pick<Caller, 'keyId' | 'user'>,
  owner: AuditOwner,
  target: string | undefined,
): AuditLine {
  const at = clock.now();
  return {
    id: newId('aud', { now: () => at, fraction: () => random.fraction() }),
    ...(owner !== undefined && { tenantId: owner }),
    at,
    action: route.id,
    keyId,
    ...(user !== undefined && { user }),
    requestId,
    ...(target !== undefined && { target }),
    ...(request.address !== undefined && { address: request.address }),
  };
}

/** A façade's ids may be numbers. */
function madeId(value: unknown): string | undefined {
  const { id } = { ...(value as { id?: string | number } | undefined) };
  return id === undefined ? undefined : String(id);
}

/** The change is made, whatever becomes of its line. */
async function conclude({ audit, log }: AuditPorts, line: AuditLine, conclusion: AuditConclusion): Promise<void> {
  await audit
    .conclude(line, conclusion)
    .catch((cause: unknown) => log.error('api.audit-unconcluded', cause, { route: line.action }));
}

function conclusionOf(error: unknown): AuditConclusion {
  return error instanceof RequestError ? { outcome: 'refused', code: error.code } : { outcome: 'failed' };
}

/** What is about the platform is in the platform's log, what is about a tenant in the tenant's. */
export function ownerOf({ platform, ofKey }: Route, { tenantId, owner }: Caller, { query }: RawInput): AuditOwner {
  if (ofKey) return owner;
  const isOfPlatform = platform || (query as { platform?: string }).platform === 'true';
  return isOfPlatform ? undefined : tenantId;
}

function targetOf({ ofUser }: Route, { params, query, body }: RawInput): string | undefined {
  if (ofUser) return (body as { user: string }).user;
  const { name, queue } = params as { name?: string; queue?: string };
  return madeId(params) ?? name ?? queue ?? (query as { tenant_id?: string }).tenant_id;
}
