import type { RetryPolicy } from './retry-schedule.ts';
import type { Subscription } from './subscription.ts';

export type EndpointStatus = 'active' | 'paused' | 'disabled' | 'revoked';

/** Why an endpoint is not active: a person's call, the circuit breaker, or the customer's own 410. */
export type EndpointStatusReason = 'manual' | 'breaker' | 'gone' | 'deleted';

/** A secret at rest. Only a SecretBox makes `sealed` and reads it. */
export interface SealedSecret {
  sealed: string;
  createdAt: number;
  /** Signed with until then (milliseconds since the Unix epoch); absent: no end. */
  expiresAt?: number;
}

/** A URL that a tenant registered. Times are milliseconds since the Unix epoch. */
export interface Endpoint extends Subscription {
  tenantId: string;
  /** `ep_` and a ULID. */
  id: string;
  url: string;
  label?: string;
  dialect: string;
  status: EndpointStatus;
  statusReason?: EndpointStatusReason;
  /** Raised by each change: what was measured or reserved before it counts no more. */
  generation: number;
  /** Newest first; empty once revoked or deleted. */
  secrets: readonly SealedSecret[];
  /** Extra request headers, by lower-case name. */
  headers?: Readonly<Record<string, string>>;
  retry: RetryPolicy;
  timeoutSeconds: number;
  /** Requests start at most this often; absent: no limit. */
  rateLimitPerSecond?: number;
  /** The job that the last change of its status gave it: one whose change lost the race, or was never made, is not that. */
  changeJobId?: string;
  /** False: once the breaker has paused it, a person resumes it; absent: the breaker looks itself whether it is well. */
  autoResume?: boolean;
  metadata?: Readonly<Record<string, string>>;
  /** Deliveries accepted before this are abandoned as they come up: the time of the last disable, kept by an enable. */
  abandonBefore?: number;
  createdAt: number;
  updatedAt: number;
}

/**
 * How the last requests to an endpoint went. Written on failure and on recovery only, so that a healthy endpoint costs
 * nothing; absent for an endpoint that never failed.
 */
export interface EndpointHealth {
  tenantId: string;
  endpointId: string;
  /** The endpoint's generation that the count belongs to. */
  generation: number;
  consecutiveFailures: number;
  /** When the first of the consecutive failures happened. */
  failingSince?: number;
  lastAttemptedAt?: number;
  lastSuccessAt?: number;
  lastStatusCode?: number;
}

/** Endpoints that events are matched with: a paused one holds what it matches. */
export function acceptsEvents(endpoint: Pick<Endpoint, 'status'>): boolean {
  return endpoint.status === 'active' || endpoint.status === 'paused';
}

/** Disabled, revoked, or the delivery was accepted (milliseconds since the Unix epoch) before its last disable. */
export function isShut(endpoint: Pick<Endpoint, 'status' | 'abandonBefore'>, acceptedAt: number): boolean {
  if (!acceptsEvents(endpoint)) return true;
  return endpoint.abandonBefore !== undefined && acceptedAt < endpoint.abandonBefore;
}

/** Why a delivery of a shut endpoint is abandoned. */
export function shutReason({ status }: Pick<Endpoint, 'status'>): 'disabled' | 'revoked' {
  return status === 'revoked' ? 'revoked' : 'disabled';
}
