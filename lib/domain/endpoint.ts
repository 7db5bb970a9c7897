import type { AuthType } from './endpoint-auth.ts';
import type { RetryPolicy } from './retry-schedule.ts';
import type { Subscription } from './subscription.ts';

export type EndpointStatus = 'active' | 'paused' | 'disabled' | 'revoked';

/** Why an endpoint is not active: a person's call, the circuit breaker, or the customer's own 410. */
export type EndpointStatusReason = 'manual' | 'breaker' | 'gone' | 'deleted';

/** A secret at rest. Only a SecretBox (lib/ports/secret-box.ts) writes and reads `sealed`. */
export interface SealedSecret {
  sealed: string;
  /** That of its first sealing, once it was sealed again (`fingerprintOf`). */
  fingerprint?: string;
  createdAt: number;
  /** Requests are signed with it from then on (milliseconds since the Unix epoch); absent: at once. */
  activatesAt?: number;
  /** Requests are signed with it until then (milliseconds since the Unix epoch); absent: always. */
  expiresAt?: number;
  /** Of a private key: what verifies its signatures. */
  publicKey?: string;
  /** Made by us for a dialect that signs only with secrets that the caller brought: it signs Standard headers alone. */
  generated?: true;
}

/** Request headers at rest: their names in clear, by lower-case name, and their values sealed together. */
export interface SealedHeaders {
  names: readonly string[];
  sealed: string;
}

/** What a request authenticates itself with, at rest. */
export interface SealedAuth {
  type: AuthType;
  /** The header that carries it, by lower-case name. */
  name: string;
  /** The header's value. */
  sealed: string;
}

/** What a tenant decides about an endpoint, and can change: the same when it is asked for, stored and shown. */
export interface EndpointSettings extends Subscription {
  url: string;
  label?: string;
  retry: RetryPolicy;
  timeoutSeconds: number;
  /** How many requests may start in a second; absent: no limit. */
  rateLimitPerSecond?: number;
  /** Does the circuit breaker watch it? Absent: as its dialect has it. */
  circuitBreaker?: boolean;
  /** False: after the breaker has paused it, only a person resumes it. Otherwise probes resume it when one succeeds. */
  autoResume?: boolean;
  /** The headers of Standard Webhooks are added to those of its dialect. */
  alsoStandard?: boolean;
  /** Requests with the headers of Standard Webhooks are signed with a private key, too. */
  asymmetricSigning?: boolean;
  metadata?: Readonly<Record<string, string>>;
}

/** A URL that a tenant registered, and how to send to it. Times are milliseconds since the Unix epoch. */
export interface Endpoint extends EndpointSettings {
  tenantId: string;
  /** `ep_` and a ULID. */
  id: string;
  /** A name in lib/dialects/index.ts. The URL of a chat decides before it. */
  dialect: string;
  /** It gets no requests: consumers ask for its deliveries. Absent: it is sent to. It never changes. */
  kind?: 'poll';
  status: EndpointStatus;
  statusReason?: EndpointStatusReason;
  /** Which part of the tenant's subscriptions has its own; absent: 0. It never changes. */
  shard?: number;
  /** Raised by each change. Failure counts and rate slots of a lower generation are void. */
  generation: number;
  /** Raised by each change of the secrets alone; absent: 0. It leaves the generation, and what hangs on it, as it is. */
  secretsRevision?: number;
  /** Newest first; empty once revoked or deleted. */
  secrets: readonly SealedSecret[];
  /** What the headers of `alsoStandard` are signed with, newest first, where `secrets` has none of their form. */
  standardSecrets?: readonly SealedSecret[];
  /** The private keys of `asymmetricSigning`, newest first. */
  privateKeys?: readonly SealedSecret[];
  /** Extra request headers. */
  headers?: SealedHeaders;
  /** Its header is none of {@link headers}. */
  auth?: SealedAuth;
  /** The job of the last status change. A job whose change lost a race or was never made finds another id here. */
  changeJobId?: string;
  /** The jobs of the alerts of its last changes of status, oldest first. */
  alertJobIds?: readonly string[];
  /** The job of the last raise of its rate limit. */
  rateJobId?: string;
  /** The time of the last disable, kept by an enable: deliveries that were accepted before it are abandoned. */
  abandonBefore?: number;
  createdAt: number;
  updatedAt: number;
}

/**
 * How the last requests to an endpoint went. Written only on failure and on recovery, so that a healthy endpoint costs
 * no writes; absent for an endpoint that has never failed.
 */
export interface EndpointHealth {
  tenantId: string;
  endpointId: string;
  /** The endpoint's generation when the failures were counted. */
  generation: number;
  consecutiveFailures: number;
  /** When the first of the consecutive failures happened. */
  failingSince?: number;
  lastAttemptedAt?: number;
  lastSuccessAt?: number;
  lastStatusCode?: number;
  /** Noted as slow (lib/domain/slowness.ts): for this generation, since when, and until when unless it is renewed. */
  slowGeneration?: number;
  slowSince?: number;
  slowUntil?: number;
}

/** In the place of a URL, where nothing is sent to. */
export const POLL_URL = 'poll:';

/** Do consumers ask for its deliveries? */
export function isPolled({ kind }: Pick<Endpoint, 'kind'>): boolean {
  return kind === 'poll';
}

/** What people see as its URL: nothing, where nothing is sent to. */
export function shownUrl(endpoint: Pick<Endpoint, 'kind' | 'url'>): string {
  return isPolled(endpoint) ? '' : endpoint.url;
}

/** Are events matched with this endpoint? A paused one matches too: its deliveries are held. */
export function acceptsEvents(endpoint: Pick<Endpoint, 'status'>): boolean {
  return endpoint.status === 'active' || endpoint.status === 'paused';
}

/** Paused by the circuit breaker. */
export function isTripped({ status, statusReason }: Pick<Endpoint, 'status' | 'statusReason'>): boolean {
  return status === 'paused' && statusReason === 'breaker';
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
