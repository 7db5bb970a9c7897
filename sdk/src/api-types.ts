// Written by `npm run openapi` from docs/openapi.json: don't edit it.

/**
 * Off: there is no address. Unconfirmed: its code has not come back, so no alert is mailed.
 */
export type AlertMailStatus = 'off' | 'unconfirmed' | 'on';
/**
 * What an alert is about (docs/alerts.md).
 */
export type AlertType =
  | 'postrider.endpoint.paused'
  | 'postrider.endpoint.resumed'
  | 'postrider.endpoint.disabled'
  | 'postrider.delivery.exhausted';
/**
 * Only a live key is accepted.
 */
export type ApiKeyStatus = 'live' | 'expired' | 'revoked';
/**
 * What a key may be allowed.
 */
export type Scope =
  | 'endpoints:read'
  | 'endpoints:write'
  | 'endpoints:poll'
  | 'events:read'
  | 'events:write'
  | 'event-types:read'
  | 'event-types:write'
  | 'deliveries:read'
  | 'deliveries:write'
  | 'jobs:read'
  | 'keys:read'
  | 'keys:write'
  | 'audit:read'
  | 'portal:read'
  | 'portal:write'
  | 'mfa:use'
  | 'mfa:write'
  | 'tenants:read'
  | 'tenants:write';
/**
 * What kind of failure an attempt ended with.
 */
export type ErrorKind =
  | 'timeout'
  | 'dns'
  | 'refused'
  | 'reset'
  | 'tls'
  | 'blocked_address'
  | 'invalid_response'
  | 'redirect'
  | 'status'
  | 'network';
/**
 * How a call ended. Refused: the caller had to change something. Failed: an error of ours. Unknown: not concluded, so it may have been done or not.
 */
export type AuditOutcome = 'done' | 'refused' | 'failed' | 'unknown';
/**
 * What comes from now on, or all that polls still give.
 */
export type ConsumerStart = 'now' | 'oldest';
/**
 * What happens to events whose data does not match the schema of their type: it is not compared, they are accepted with a warning, or refused.
 */
export type DataCheck = 'off' | 'warn' | 'refuse';
/**
 * Exhausted: deliveries that used all their attempts. Poison: what could not be read, or failed on us.
 */
export type DeadLetterQueue = 'exhausted' | 'poison';
/**
 * Pending: no attempt yet. Held: its endpoint is paused. Exhausted: all attempts used.
 */
export type DeliveryStatus = 'pending' | 'retrying' | 'parked' | 'held' | 'delivered' | 'exhausted' | 'abandoned';
/**
 * Why a delivery waits or was given up. Fault: for an error of ours; a manual retry sends it again.
 */
export type DeliveryStatusReason =
  | 'disabled'
  | 'revoked'
  | 'expired'
  | 'discarded'
  | 'payload_deleted'
  | 'fault'
  | 'rate_limited'
  | 'uncommitted'
  | 'braked'
  | 'delayed'
  | 'unconfirmed'
  | 'paused'
  | 'breaker';
/**
 * Do requests have a signature of this dialect? `own_secret`: only if the endpoint was given a `signing_secret`, at its creation or by a rotation. `also_standard` adds one to any.
 */
export type DialectSignature = 'always' | 'own_secret' | 'never';
/**
 * A paused endpoint holds what it is sent; a disabled one gets nothing; a revoked one is final.
 */
export type EndpointStatus = 'active' | 'paused' | 'disabled' | 'revoked';
/**
 * Why an endpoint is not active: a call, the circuit breaker, its own 410, or its deletion.
 */
export type EndpointStatusReason = 'manual' | 'breaker' | 'gone' | 'deleted';
/**
 * Its kind.
 */
export type EndpointAuthType = 'bearer' | 'basic' | 'header';
/**
 * When failed deliveries are tried again. The default is the preset of the dialect.
 */
export type RetryPolicy = RetryByPreset | RetryByDelays;
/**
 * A named schedule of retries.
 */
export type RetryPreset = 'standard' | 'vem' | 'veriswarm' | 'vellum' | 'ventryx' | 'slack' | 'discord';
/**
 * What a secret signs: the dialect’s own signature, the headers of `also_standard` where they have one of their own, or asymmetric signatures.
 */
export type SecretUse = 'signing' | 'standard' | 'asymmetric';
/**
 * How requests authenticate themselves to the receiver. It is encrypted, and no answer shows more than its type and its header.
 */
export type EndpointAuth = BearerAuth | BasicAuth | HeaderAuth;
/**
 * push: requests are sent to its `url`, which is required. poll: consumers ask for them (docs/polling.md). It never changes.
 */
export type EndpointKind = 'push' | 'poll';
/**
 * What it begins as; active by default. A paused one holds what comes for it, a disabled one gets nothing.
 */
export type NewEndpointStatus = 'active' | 'paused' | 'disabled';
/**
 * What happens to the deliveries that were held: sent, oldest first, or abandoned.
 */
export type HeldDeliveries = 'release' | 'discard';
/**
 * What became of one event: its id, or what went wrong with it alone.
 */
export type EventResult = EventAccepted | EventRefused;
/**
 * Abandon, release, discard, rate-change, probe, repair: they follow a change of an endpoint. Fan-out: of an event. Retry, replay, erase-payload, erase-tenant, reseal: asked for. Settle: of a poll endpoint, as long as it is there. Status-alert, exhausted-alert: they tell what happened to an endpoint.
 */
export type JobKind =
  | 'abandon'
  | 'release'
  | 'discard'
  | 'rate-change'
  | 'probe'
  | 'fan-out'
  | 'retry'
  | 'replay'
  | 'repair'
  | 'erase-payload'
  | 'erase-tenant'
  | 'reseal'
  | 'settle'
  | 'status-alert'
  | 'exhausted-alert';
/**
 * How far a job is.
 */
export type JobStatus = 'running' | 'done' | 'cancelled';
/**
 * Pending: enrolled, but no code has confirmed it, so no call asks for one.
 */
export type MfaStatus = 'off' | 'pending' | 'on';
/**
 * true: the platform’s own, instead of a tenant’s; for platform keys only.
 */
export type OfPlatform = 'true' | 'false';
/**
 * Paused or braked: nothing is given until the endpoint is resumed or the brake released.
 */
export type PollState = 'active' | 'paused' | 'braked';
/**
 * Whether it may change anything.
 */
export type PortalAccess = 'read' | 'manage';
/**
 * A screen of the console.
 */
export type PortalScreen =
  | 'overview'
  | 'tenants'
  | 'troubled'
  | 'dead-letters'
  | 'jobs'
  | 'sessions'
  | 'settings'
  | 'endpoints'
  | 'history'
  | 'events'
  | 'catalogue'
  | 'alerts'
  | 'second-factor'
  | 'api-keys'
  | 'audit';
/**
 * Light or dark, as your product is. The default is that of the reader’s system.
 */
export type PortalThemeMode = 'light' | 'dark';
/**
 * Unopened: its code waits to be exchanged. Only the token of a live one is accepted.
 */
export type PortalSessionStatus = 'unopened' | 'live' | 'expired' | 'revoked';
/**
 * The statuses that a bulk retry can repeat.
 */
export type RetriedStatus = 'exhausted' | 'abandoned';
/**
 * Counted from the records of deliveries, or from the usage of each day.
 */
export type StatsSource = 'deliveries' | 'usage';
/**
 * The length of a step in seconds. The default: an hour, or a day.
 */
export type StatsStepSeconds = '60' | '300' | '900' | '3600' | '21600' | '86400';
/**
 * What happens to events whose type is not in the catalogue.
 */
export type UnknownTypes = 'accept' | 'refuse';
/**
 * What is wrong with an endpoint. Held: it is paused, and holds deliveries.
 */
export type Trouble = 'failing' | 'paused' | 'held';
/**
 * true: the answer comes once the receiver has answered, after 10 seconds at the latest.
 */
export type WaitForAnswer = 'true' | 'false';

/**
 * What became of a dialect’s types.
 */
export interface Adoption {
  /**
   * How many types were added.
   */
  added: number;
  /**
   * How many were in the catalogue already, and stay as they are.
   */
  kept: number;
}
/**
 * Where the alerts of a tenant are mailed.
 */
export interface AlertMail {
  /**
   * Does this deployment send mail?
   */
  available: boolean;
  status: AlertMailStatus;
  /**
   * Null: there is none.
   */
  address: string | null;
  /**
   * Which alerts are mailed.
   */
  types: AlertType[];
  /**
   * When its code came back.
   */
  confirmed_at: string | null;
  /**
   * Until when the code is good; null: none is awaited.
   */
  code_expires_at: string | null;
}
/**
 * The code that was mailed to the address.
 */
export interface AlertMailConfirm {
  /**
   * As the mail shows it; case, spaces and hyphens do not matter.
   */
  code: string;
}
/**
 * Where alerts are to be mailed. A new address is mailed a code, at most 10 in 24 hours.
 */
export interface AlertMailSet {
  /**
   * One address, without a name beside it. A domain of another script is kept in its ASCII form; what is before the `@` is ASCII.
   */
  address: string;
  /**
   * Which alerts are mailed. Default: all.
   */
  types?: AlertType[];
}
/**
 * A key of the API, without the key itself.
 */
export interface ApiKey {
  /**
   * The id of the key.
   */
  id: string;
  /**
   * Whose key it is; null: the platform’s own.
   */
  tenant_id: string | null;
  /**
   * What people call it.
   */
  name: string | null;
  /**
   * Its first characters. The whole key is not stored.
   */
  prefix: string | null;
  /**
   * What it may do.
   */
  scopes: string[];
  status: ApiKeyStatus;
  /**
   * When it was created.
   */
  created_at: string;
  /**
   * When it expires; null: never.
   */
  expires_at: string | null;
  /**
   * When it was revoked.
   */
  revoked_at: string | null;
  /**
   * When it was last used, to the hour.
   */
  last_used_at: string | null;
}
/**
 * A key to create.
 */
export interface ApiKeyCreate {
  /**
   * What people call it.
   */
  name: string;
  /**
   * What it may do, at most what your key may. The default is all of that.
   */
  scopes?: Scope[];
  /**
   * It is good until then. The default: until it is revoked.
   */
  expires_at?: string;
}
/**
 * A new key.
 */
export interface ApiKeyCreated {
  /**
   * The id of the key.
   */
  id: string;
  /**
   * Whose key it is; null: the platform’s own.
   */
  tenant_id: string | null;
  /**
   * What people call it.
   */
  name: string | null;
  /**
   * Its first characters. The whole key is not stored.
   */
  prefix: string | null;
  /**
   * What it may do.
   */
  scopes: string[];
  status: ApiKeyStatus;
  /**
   * When it was created.
   */
  created_at: string;
  /**
   * When it expires; null: never.
   */
  expires_at: string | null;
  /**
   * When it was revoked.
   */
  revoked_at: string | null;
  /**
   * When it was last used, to the hour.
   */
  last_used_at: string | null;
  /**
   * The key: shown here and never again.
   */
  secret: string;
}
/**
 * One page of a list.
 */
export interface ApiKeyList {
  /**
   * The rows of this page.
   */
  data: ApiKey[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * How a key is replaced.
 */
export interface ApiKeyRotate {
  /**
   * How long the old key stays good beside the new one.
   */
  overlap_seconds?: number;
}
/**
 * One HTTP request made for a delivery.
 */
export interface Attempt {
  /**
   * 1 for the first.
   */
  number: number;
  /**
   * When the request started.
   */
  at: string;
  /**
   * What the endpoint answered; null when there was no answer.
   */
  status_code: number | null;
  /**
   * How long the exchange took.
   */
  duration_ms: number | null;
  /**
   * null after a success.
   */
  error_kind: ErrorKind | null;
  /**
   * What failed, in a few words; null after a success.
   */
  error_message: string | null;
  /**
   * Fingerprints of the endpoint’s secrets that signed it, newest first; empty: it was not signed.
   */
  signed_with: string[];
  /**
   * The first bytes of a failed attempt’s answer: text, or base64 when it is not UTF-8.
   */
  response_body: (string | Base64Body) | null;
}
/**
 * A body that is not UTF-8 text.
 */
export interface Base64Body {
  /**
   * The bytes in base64.
   */
  base64: string;
}
/**
 * The request of an attempt, written again of its event, its time and its endpoint as it is now.
 */
export interface AttemptRequest {
  /**
   * The number of the attempt; null: none was made yet, and the first one would be this if it were made now.
   */
  attempt: number | null;
  /**
   * When the attempt was made.
   */
  at: string | null;
  /**
   * Always POST.
   */
  method: 'POST';
  /**
   * By lower-case name; null: the value is made with a secret, such as a signature, and not kept. The HTTP client adds `host`, `content-length` and `user-agent`.
   */
  headers: {
    [k: string]: string | null;
  };
  /**
   * As text.
   */
  body: string;
  /**
   * The endpoint was changed after the attempt: what it decides may have been otherwise then.
   */
  endpoint_changed: boolean;
}
/**
 * A change that somebody made, or was refused.
 */
export interface AuditLine {
  /**
   * The id of the line.
   */
  id: string;
  /**
   * When the call came.
   */
  at: string;
  /**
   * Whose log it is; null: the platform’s own.
   */
  tenant_id: string | null;
  /**
   * The key that called, or the session.
   */
  key_id: string;
  /**
   * Who used the session that called; null: a key did.
   */
  user: string | null;
  /**
   * What was called: resource and call.
   */
  action: string;
  /**
   * The id of what it was done to; null: of nothing, or unknown.
   */
  target: string | null;
  /**
   * The IP address that the call came from.
   */
  address: string | null;
  /**
   * The `X-Request-Id` of the call.
   */
  request_id: string;
  outcome: AuditOutcome;
  /**
   * The code of the problem that the caller was told; null: none.
   */
  code: string | null;
}
/**
 * One page of a list.
 */
export interface AuditLineList {
  /**
   * The rows of this page.
   */
  data: AuditLine[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * A name and a password, sent as `Authorization: Basic …`.
 */
export interface BasicAuth {
  /**
   * Its kind.
   */
  type: 'basic';
  /**
   * Without a colon.
   */
  username: string;
  /**
   * Encoded as UTF-8.
   */
  password: string;
}
/**
 * One event of a batch.
 */
export interface BatchEvent {
  /**
   * Dot-separated segments of letters, digits, `_` and `-`.
   */
  type: string;
  /**
   * Any JSON value; an object is best. It arrives as it was posted: numbers keep their exact value. At most 100 levels deep.
   */
  data: unknown;
  project?: ProjectPost;
  /**
   * Your trace: `trace_id` and `span_id` (texts) and `parent` (an object, which may have a parent again), and whatever else belongs to it. Customers are handed its `traceparent` (W3C) as a header. At most 32 KB.
   */
  trace?: Record<string, unknown>;
  /**
   * Your own id of the event.
   */
  external_id?: string;
  /**
   * When it happened. The default is when it was accepted. Receivers see it, the same on every attempt.
   */
  occurred_at?: string;
  /**
   * The same key within 24 hours is the same event, endpoint, job or retry: repeat a call with it when no answer came.
   */
  idempotency_key?: string;
}
/**
 * The project that an event happened in.
 */
export interface ProjectPost {
  /**
   * Endpoints can subscribe to the events of one project.
   */
  id: string;
  /**
   * A name for people.
   */
  name?: string;
}
/**
 * A bearer token.
 */
export interface BearerAuth {
  /**
   * Its kind.
   */
  type: 'bearer';
  /**
   * Sent as `Authorization: Bearer <token>`.
   */
  token: string;
}
/**
 * Whether sending is stopped.
 */
export interface Brake {
  /**
   * Whose brake it is; null: that of the whole deployment.
   */
  tenant_id: string | null;
  /**
   * Since when; null: it is not braked.
   */
  braked_since: string | null;
}
/**
 * Which deliveries are retried: those that meet every condition.
 */
export interface BulkRetry {
  /**
   * Only deliveries to this endpoint.
   */
  endpoint_id?: string;
  /**
   * Only deliveries of events of this type.
   */
  event_type?: string;
  /**
   * Only deliveries with this status. Without it: both.
   */
  status?: 'exhausted' | 'abandoned';
  /**
   * Only deliveries of events that came at or after this time.
   */
  since?: string;
  /**
   * Only deliveries of events that came before this time.
   */
  until?: string;
}
/**
 * A count with a bound.
 */
export interface CappedCount {
  /**
   * How many were counted.
   */
  count: number;
  /**
   * There may be more.
   */
  capped: boolean;
}
/**
 * One that polls an endpoint, with a cursor of its own.
 */
export interface Consumer {
  /**
   * Its name.
   */
  name: string;
  /**
   * What it has committed.
   */
  cursor: string;
  /**
   * When it last did.
   */
  committed_at: string;
  /**
   * Deliveries wait for its commit: it has committed in the last 7 days.
   */
  counts: boolean;
}
/**
 * How far a consumer has come. It has either `cursor` or `from`.
 */
export interface ConsumerCommit {
  /**
   * That of the last poll whose deliveries are done.
   */
  cursor?: string;
  /**
   * Instead of a cursor.
   */
  from?: 'now' | 'oldest';
}
/**
 * One page of a list.
 */
export interface ConsumerList {
  /**
   * The rows of this page.
   */
  data: Consumer[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * One event on its way to one endpoint.
 */
export interface Delivery {
  /**
   * The id of the delivery.
   */
  id: string;
  /**
   * The endpoint that it goes to.
   */
  endpoint_id: string;
  /**
   * The event that it carries.
   */
  event_id: string;
  /**
   * The type of its event.
   */
  event_type: string;
  status: DeliveryStatus;
  /**
   * null when the status says it all.
   */
  status_reason: DeliveryStatusReason | null;
  /**
   * What the endpoint answered; null when there was no answer.
   */
  status_code: number | null;
  /**
   * How long the exchange took.
   */
  duration_ms: number | null;
  /**
   * null after a success.
   */
  error_kind: ErrorKind | null;
  /**
   * What failed, in a few words; null after a success.
   */
  error_message: string | null;
  /**
   * Of the latest attempt; 0 before the first.
   */
  attempt_number: number;
  /**
   * How many attempts its schedule has.
   */
  max_attempts: number;
  /**
   * Of a manual retry or a replay: the delivery that it repeats.
   */
  retried_from_delivery_id: string | null;
  /**
   * Is its event a test (`POST /v1/endpoints/{id}/test`)?
   */
  test: boolean;
  /**
   * When the next attempt is due; null: none is.
   */
  next_retry_at: string | null;
  /**
   * Of an exhausted one: when an alert told of it; null: none did, or nobody asks for alerts.
   */
  alert_sent_at: string | null;
  /**
   * Why that alert did not reach everyone who should have been told; null: it did.
   */
  alert_error: string | null;
  /**
   * When its event was accepted, or its retry was asked for.
   */
  created_at: string;
  /**
   * When it last changed.
   */
  updated_at: string;
}
/**
 * Deliveries by status.
 */
export interface DeliveryCounts {
  /**
   * No attempt made yet.
   */
  pending: number;
  /**
   * Failed at least once, with another attempt due.
   */
  retrying: number;
  /**
   * Waiting in the table without a message.
   */
  parked: number;
  /**
   * Waiting for the resume of their endpoint.
   */
  held: number;
  /**
   * Answered 2xx.
   */
  delivered: number;
  /**
   * All attempts used.
   */
  exhausted: number;
  /**
   * Given up.
   */
  abandoned: number;
}
/**
 * A delivery with its attempts.
 */
export interface DeliveryDetail {
  /**
   * The id of the delivery.
   */
  id: string;
  /**
   * The endpoint that it goes to.
   */
  endpoint_id: string;
  /**
   * The event that it carries.
   */
  event_id: string;
  /**
   * The type of its event.
   */
  event_type: string;
  status: DeliveryStatus;
  /**
   * null when the status says it all.
   */
  status_reason: DeliveryStatusReason | null;
  /**
   * What the endpoint answered; null when there was no answer.
   */
  status_code: number | null;
  /**
   * How long the exchange took.
   */
  duration_ms: number | null;
  /**
   * null after a success.
   */
  error_kind: ErrorKind | null;
  /**
   * What failed, in a few words; null after a success.
   */
  error_message: string | null;
  /**
   * Of the latest attempt; 0 before the first.
   */
  attempt_number: number;
  /**
   * How many attempts its schedule has.
   */
  max_attempts: number;
  /**
   * Of a manual retry or a replay: the delivery that it repeats.
   */
  retried_from_delivery_id: string | null;
  /**
   * Is its event a test (`POST /v1/endpoints/{id}/test`)?
   */
  test: boolean;
  /**
   * When the next attempt is due; null: none is.
   */
  next_retry_at: string | null;
  /**
   * Of an exhausted one: when an alert told of it; null: none did, or nobody asks for alerts.
   */
  alert_sent_at: string | null;
  /**
   * Why that alert did not reach everyone who should have been told; null: it did.
   */
  alert_error: string | null;
  /**
   * When its event was accepted, or its retry was asked for.
   */
  created_at: string;
  /**
   * When it last changed.
   */
  updated_at: string;
  /**
   * The attempts made, oldest first.
   */
  attempts: Attempt[];
}
/**
 * One page of a list.
 */
export interface DeliveryList {
  /**
   * The rows of this page.
   */
  data: Delivery[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * What the customers of one platform receive.
 */
export interface Dialect {
  /**
   * The `dialect` of endpoints.
   */
  name: string;
  /**
   * The delays between attempts in seconds, by default.
   */
  retry_delays: number[];
  /**
   * Do failures in a row pause an endpoint, by default?
   */
  circuit_breaker: boolean;
  /**
   * Does a probe resume it then, by default?
   */
  auto_resume: boolean;
  signature: DialectSignature;
  /**
   * Has a request room for several signatures, so that the old and the new secret both sign after a rotation (`overlap_seconds`)? Otherwise one takes over from the other (`activate_in_seconds`).
   */
  signature_overlap: boolean;
  /**
   * Those that the platform documents, by category.
   */
  event_types: DialectEventType[];
}
/**
 * An event type of a platform.
 */
export interface DialectEventType {
  /**
   * The type, as it is posted and sent.
   */
  type: string;
  /**
   * Where the platform’s documentation lists it.
   */
  category: string;
  /**
   * What it means.
   */
  description: string;
  /**
   * The name that the platform’s screens show. It can be posted and subscribed to, too.
   */
  shown_as?: string;
}
/**
 * The dialects of a deployment.
 */
export interface DialectList {
  /**
   * All of them.
   */
  data: Dialect[];
}
/**
 * A URL that a tenant registered, and how to send to it.
 */
export interface Endpoint {
  /**
   * The id of the endpoint.
   */
  id: string;
  /**
   * Whose endpoint it is.
   */
  tenant_id: string;
  /**
   * push: requests are sent to it. poll: its consumers ask for them.
   */
  kind: 'push' | 'poll';
  /**
   * Where deliveries are sent; empty for one that is polled.
   */
  url: string;
  /**
   * A name for people.
   */
  label: string | null;
  /**
   * The event types and patterns that it subscribes to.
   */
  events: string[];
  /**
   * Only events of this project; null: of all projects.
   */
  project_id: string | null;
  /**
   * What the data of an event has to be; null: whatever it is.
   */
  filter: {} | null;
  /**
   * What the receiver sees: body, headers, signature. `slack` and `discord` where the URL is theirs.
   */
  dialect: string;
  /**
   * Raised by each change of the endpoint: its ETag.
   */
  generation: number;
  status: EndpointStatus;
  /**
   * null for an active endpoint.
   */
  status_reason: EndpointStatusReason | null;
  /**
   * Which extra headers each request has; the values are never shown.
   */
  header_names: string[];
  /**
   * How requests authenticate themselves; null: by their signature only.
   */
  auth: EndpointAuthShown | null;
  retry: RetryPolicy;
  /**
   * How long the endpoint may take to answer.
   */
  timeout_seconds: number;
  /**
   * How many requests may start in a second.
   */
  rate_limit_per_second: number | null;
  /**
   * Do failures in a row pause it?
   */
  circuit_breaker: boolean;
  /**
   * Are the headers of Standard Webhooks added?
   */
  also_standard: boolean;
  /**
   * Are signatures added that a public key verifies?
   */
  asymmetric_signing: boolean;
  /**
   * What signs its requests, newest first; never the secrets.
   */
  secrets: EndpointSecret[];
  /**
   * Does a probe resume it after the circuit breaker has paused it?
   */
  auto_resume: boolean;
  /**
   * Yours; never sent.
   */
  metadata: {
    [k: string]: string;
  };
  /**
   * When a request was last sent to it.
   */
  last_attempted_at: string | null;
  /**
   * When it last answered 2xx.
   */
  last_success_at: string | null;
  /**
   * Its last answer; null when there was none.
   */
  last_status_code: number | null;
  /**
   * Failed attempts since the last success.
   */
  consecutive_failures: number;
  /**
   * Since when its answers take seconds: its deliveries then wait apart from those of other endpoints.
   */
  slow_since: string | null;
  /**
   * When it was created.
   */
  created_at: string;
  /**
   * When it was last changed.
   */
  updated_at: string;
}
/**
 * How requests authenticate themselves.
 */
export interface EndpointAuthShown {
  type: EndpointAuthType;
  /**
   * The header that carries it.
   */
  header: string;
}
/**
 * Retries on a named schedule.
 */
export interface RetryByPreset {
  preset: RetryPreset;
}
/**
 * Retries after delays of your own.
 */
export interface RetryByDelays {
  /**
   * Whole seconds between attempts; at most 13 days in all. Empty: no retries.
   */
  delays: number[];
}
/**
 * A secret of an endpoint, without the secret.
 */
export interface EndpointSecret {
  use: SecretUse;
  /**
   * Names it in the attempts that it signed (`signed_with`). It says nothing of the secret itself.
   */
  fingerprint: string;
  /**
   * When it was made.
   */
  created_at: string;
  /**
   * Requests are signed with it from then on; null: at once.
   */
  activates_at: string | null;
  /**
   * Requests are signed with it until then; null: always.
   */
  expires_at: string | null;
}
/**
 * An API key in a header of your choice.
 */
export interface HeaderAuth {
  /**
   * Its kind.
   */
  type: 'header';
  /**
   * The name of the header. Case does not matter.
   */
  name: string;
  /**
   * What it says.
   */
  value: string;
}
/**
 * A new endpoint.
 */
export interface EndpointCreate {
  kind?: EndpointKind;
  /**
   * Where deliveries are sent: an absolute https URL.
   */
  url?: string;
  /**
   * A name for people.
   */
  label?: string;
  status?: NewEndpointStatus;
  /**
   * What the endpoint subscribes to.
   *
   * Items: An event type, a prefix such as `task.*`, `@` and a category of the catalogue, or `*` for everything.
   */
  events: string[];
  /**
   * Only events of this project. Without it: the events of all projects.
   */
  project_id?: string;
  /**
   * What the data of an event has to be (docs/filters.md): fields and their values, with the operators `$eq $neq $gt $gte $lt $lte $in $nin $exist $startsWith $endsWith $or $and $not`. `{}` lets everything through. At most 2 KB, 30 conditions and 10 levels.
   */
  filter?: Record<string, unknown>;
  /**
   * What the receiver sees: body, headers, signature. One of standard, vem, veriswarm, vellum, ventryx, slack, discord, or of the deployment’s own. The default is the deployment’s. A URL of a Slack or Discord webhook gets their messages, whatever it says.
   */
  dialect?: string;
  /**
   * Extra headers of each request. Their values are encrypted, and no answer shows them.
   */
  headers?: {
    [k: string]: string;
  };
  auth?: EndpointAuth;
  retry?: RetryPolicy;
  /**
   * How long the endpoint may take to answer.
   */
  timeout_seconds?: number;
  /**
   * Requests start at most this often; what comes faster waits its turn.
   */
  rate_limit_per_second?: number;
  /**
   * Do failures in a row pause it? The default is the dialect’s (docs/dialects.md).
   */
  circuit_breaker?: boolean;
  /**
   * After the circuit breaker has paused it: look whether it is well and resume it. Otherwise a person does. The default is the dialect’s.
   */
  auto_resume?: boolean;
  /**
   * Adds the three headers of Standard Webhooks to those of the dialect.
   */
  also_standard?: boolean;
  /**
   * Adds signatures that a public key verifies (`v1a` of Standard Webhooks, Ed25519) to requests with its headers.
   */
  asymmetric_signing?: boolean;
  /**
   * Yours; kept and returned, never sent.
   */
  metadata?: {
    [k: string]: string;
  };
  /**
   * A secret that the receiver has already; without it one is made. Shown in this answer only.
   */
  signing_secret?: string;
  previous_secret?: PreviousSecret;
}
/**
 * For an endpoint that moves in while its secret is being replaced: both sign. Only where requests have room for both signatures.
 */
export interface PreviousSecret {
  /**
   * The secret that the receiver had before.
   */
  signing_secret: string;
  /**
   * It signs until then. Once that has passed, it is left out.
   */
  expires_at: string;
}
/**
 * A new endpoint with its signing secret.
 */
export interface EndpointCreated {
  /**
   * The id of the endpoint.
   */
  id: string;
  /**
   * Whose endpoint it is.
   */
  tenant_id: string;
  /**
   * push: requests are sent to its `url`, which is required. poll: consumers ask for them (docs/polling.md). It never changes.
   */
  kind: 'push' | 'poll';
  /**
   * Where deliveries are sent; empty for one that is polled.
   */
  url: string;
  /**
   * A name for people.
   */
  label: string | null;
  /**
   * The event types and patterns that it subscribes to.
   */
  events: string[];
  /**
   * Only events of this project; null: of all projects.
   */
  project_id: string | null;
  /**
   * What the data of an event has to be; null: whatever it is.
   */
  filter: {} | null;
  /**
   * What the receiver sees: body, headers, signature. `slack` and `discord` where the URL is theirs.
   */
  dialect: string;
  /**
   * Raised by each change of the endpoint: its ETag.
   */
  generation: number;
  status: EndpointStatus;
  /**
   * null for an active endpoint.
   */
  status_reason: EndpointStatusReason | null;
  /**
   * Which extra headers each request has; the values are never shown.
   */
  header_names: string[];
  /**
   * How requests authenticate themselves; null: by their signature only.
   */
  auth: EndpointAuthShown | null;
  retry: RetryPolicy;
  /**
   * How long the endpoint may take to answer.
   */
  timeout_seconds: number;
  /**
   * How many requests may start in a second.
   */
  rate_limit_per_second: number | null;
  /**
   * Do failures in a row pause it?
   */
  circuit_breaker: boolean;
  /**
   * Are the headers of Standard Webhooks added?
   */
  also_standard: boolean;
  /**
   * Are signatures added that a public key verifies?
   */
  asymmetric_signing: boolean;
  /**
   * What signs its requests, newest first; never the secrets.
   */
  secrets: EndpointSecret[];
  /**
   * Does a probe resume it after the circuit breaker has paused it?
   */
  auto_resume: boolean;
  /**
   * Yours; never sent.
   */
  metadata: {
    [k: string]: string;
  };
  /**
   * When a request was last sent to it.
   */
  last_attempted_at: string | null;
  /**
   * When it last answered 2xx.
   */
  last_success_at: string | null;
  /**
   * Its last answer; null when there was none.
   */
  last_status_code: number | null;
  /**
   * Failed attempts since the last success.
   */
  consecutive_failures: number;
  /**
   * Since when its answers take seconds: its deliveries then wait apart from those of other endpoints.
   */
  slow_since: string | null;
  /**
   * When it was created.
   */
  created_at: string;
  /**
   * When it was last changed.
   */
  updated_at: string;
  /**
   * Shown here and never again. In the dialect vellum, one that was made signs only the headers of `also_standard`: bring your own to have signatures.
   */
  signing_secret: string;
  /**
   * Of the headers that `also_standard` adds, where it is another one. Shown here and never again.
   */
  standard_signing_secret?: string;
}
/**
 * One page of a list.
 */
export interface EndpointList {
  /**
   * The rows of this page.
   */
  data: Endpoint[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * Which events are sent again.
 */
export interface EndpointReplay {
  /**
   * Only events that came at or after this time.
   */
  since: string;
  /**
   * Only events that came before this time. The default is now.
   */
  until?: string;
  /**
   * Only events of these types. The default is what the endpoint subscribes to now.
   *
   * Items: An event type, a prefix such as `task.*`, or `*` for everything.
   */
  event_types?: string[];
}
/**
 * How an endpoint is resumed.
 */
export interface EndpointResume {
  held?: HeldDeliveries;
}
/**
 * The endpoint with its new secret.
 */
export interface EndpointRotated {
  /**
   * The id of the endpoint.
   */
  id: string;
  /**
   * Whose endpoint it is.
   */
  tenant_id: string;
  /**
   * push: requests are sent to its `url`, which is required. poll: consumers ask for them (docs/polling.md). It never changes.
   */
  kind: 'push' | 'poll';
  /**
   * Where deliveries are sent; empty for one that is polled.
   */
  url: string;
  /**
   * A name for people.
   */
  label: string | null;
  /**
   * The event types and patterns that it subscribes to.
   */
  events: string[];
  /**
   * Only events of this project; null: of all projects.
   */
  project_id: string | null;
  /**
   * What the data of an event has to be; null: whatever it is.
   */
  filter: {} | null;
  /**
   * What the receiver sees: body, headers, signature. `slack` and `discord` where the URL is theirs.
   */
  dialect: string;
  /**
   * Raised by each change of the endpoint: its ETag.
   */
  generation: number;
  status: EndpointStatus;
  /**
   * null for an active endpoint.
   */
  status_reason: EndpointStatusReason | null;
  /**
   * Which extra headers each request has; the values are never shown.
   */
  header_names: string[];
  /**
   * How requests authenticate themselves; null: by their signature only.
   */
  auth: EndpointAuthShown | null;
  retry: RetryPolicy;
  /**
   * How long the endpoint may take to answer.
   */
  timeout_seconds: number;
  /**
   * How many requests may start in a second.
   */
  rate_limit_per_second: number | null;
  /**
   * Do failures in a row pause it?
   */
  circuit_breaker: boolean;
  /**
   * Are the headers of Standard Webhooks added?
   */
  also_standard: boolean;
  /**
   * Are signatures added that a public key verifies?
   */
  asymmetric_signing: boolean;
  /**
   * What signs its requests, newest first; never the secrets.
   */
  secrets: EndpointSecret[];
  /**
   * Does a probe resume it after the circuit breaker has paused it?
   */
  auto_resume: boolean;
  /**
   * Yours; never sent.
   */
  metadata: {
    [k: string]: string;
  };
  /**
   * When a request was last sent to it.
   */
  last_attempted_at: string | null;
  /**
   * When it last answered 2xx.
   */
  last_success_at: string | null;
  /**
   * Its last answer; null when there was none.
   */
  last_status_code: number | null;
  /**
   * Failed attempts since the last success.
   */
  consecutive_failures: number;
  /**
   * Since when its answers take seconds: its deliveries then wait apart from those of other endpoints.
   */
  slow_since: string | null;
  /**
   * When it was created.
   */
  created_at: string;
  /**
   * When it was last changed.
   */
  updated_at: string;
  /**
   * The new secret. Shown here and never again.
   */
  signing_secret?: string;
  /**
   * Of the headers that `also_standard` adds, where it is another one. Shown here and never again.
   */
  standard_signing_secret?: string;
}
/**
 * What is sent.
 */
export interface EndpointTest {
  /**
   * Of the sample event, whose data is the example of the catalogue where there is one. The default is the first type that the endpoint subscribes to.
   */
  event_type?: string;
}
/**
 * The fields to change; the others stay.
 */
export interface EndpointUpdate {
  /**
   * Where deliveries are sent: an absolute https URL.
   */
  url?: string;
  /**
   * null removes it.
   */
  label?: string | null;
  /**
   * What the endpoint subscribes to.
   *
   * Items: An event type, a prefix such as `task.*`, `@` and a category of the catalogue, or `*` for everything.
   */
  events?: string[];
  /**
   * null: the events of all projects.
   */
  project_id?: string | null;
  /**
   * What the data of an event has to be (docs/filters.md): fields and their values, with the operators `$eq $neq $gt $gte $lt $lte $in $nin $exist $startsWith $endsWith $or $and $not`. `{}` lets everything through. At most 2 KB, 30 conditions and 10 levels. null removes it.
   */
  filter?: {} | null;
  /**
   * Replaces all of them.
   */
  headers?: {
    [k: string]: string;
  };
  /**
   * null removes it.
   */
  auth?: EndpointAuth | null;
  retry?: RetryPolicy;
  /**
   * How long the endpoint may take to answer.
   */
  timeout_seconds?: number;
  /**
   * null removes it.
   */
  rate_limit_per_second?: number | null;
  /**
   * Do failures in a row pause it? The default is the dialect’s (docs/dialects.md).
   */
  circuit_breaker?: boolean;
  /**
   * After the circuit breaker has paused it: look whether it is well and resume it. Otherwise a person does. The default is the dialect’s.
   */
  auto_resume?: boolean;
  /**
   * Adds the three headers of Standard Webhooks to those of the dialect.
   */
  also_standard?: boolean;
  /**
   * Adds signatures that a public key verifies (`v1a` of Standard Webhooks, Ed25519) to requests with its headers.
   */
  asymmetric_signing?: boolean;
  /**
   * Replaces all of it.
   */
  metadata?: {
    [k: string]: string;
  };
}
/**
 * The endpoint as it is now.
 */
export interface EndpointUpdated {
  /**
   * The id of the endpoint.
   */
  id: string;
  /**
   * Whose endpoint it is.
   */
  tenant_id: string;
  /**
   * push: requests are sent to its `url`, which is required. poll: consumers ask for them (docs/polling.md). It never changes.
   */
  kind: 'push' | 'poll';
  /**
   * Where deliveries are sent; empty for one that is polled.
   */
  url: string;
  /**
   * A name for people.
   */
  label: string | null;
  /**
   * The event types and patterns that it subscribes to.
   */
  events: string[];
  /**
   * Only events of this project; null: of all projects.
   */
  project_id: string | null;
  /**
   * What the data of an event has to be; null: whatever it is.
   */
  filter: {} | null;
  /**
   * What the receiver sees: body, headers, signature. `slack` and `discord` where the URL is theirs.
   */
  dialect: string;
  /**
   * Raised by each change of the endpoint: its ETag.
   */
  generation: number;
  status: EndpointStatus;
  /**
   * null for an active endpoint.
   */
  status_reason: EndpointStatusReason | null;
  /**
   * Which extra headers each request has; the values are never shown.
   */
  header_names: string[];
  /**
   * How requests authenticate themselves; null: by their signature only.
   */
  auth: EndpointAuthShown | null;
  retry: RetryPolicy;
  /**
   * How long the endpoint may take to answer.
   */
  timeout_seconds: number;
  /**
   * How many requests may start in a second.
   */
  rate_limit_per_second: number | null;
  /**
   * Do failures in a row pause it?
   */
  circuit_breaker: boolean;
  /**
   * Are the headers of Standard Webhooks added?
   */
  also_standard: boolean;
  /**
   * Are signatures added that a public key verifies?
   */
  asymmetric_signing: boolean;
  /**
   * What signs its requests, newest first; never the secrets.
   */
  secrets: EndpointSecret[];
  /**
   * Does a probe resume it after the circuit breaker has paused it?
   */
  auto_resume: boolean;
  /**
   * Yours; never sent.
   */
  metadata: {
    [k: string]: string;
  };
  /**
   * When a request was last sent to it.
   */
  last_attempted_at: string | null;
  /**
   * When it last answered 2xx.
   */
  last_success_at: string | null;
  /**
   * Its last answer; null when there was none.
   */
  last_status_code: number | null;
  /**
   * Failed attempts since the last success.
   */
  consecutive_failures: number;
  /**
   * Since when its answers take seconds: its deliveries then wait apart from those of other endpoints.
   */
  slow_since: string | null;
  /**
   * When it was created.
   */
  created_at: string;
  /**
   * When it was last changed.
   */
  updated_at: string;
  /**
   * Of the headers that `also_standard` adds, where it is another one. Shown here and never again.
   */
  standard_signing_secret?: string;
}
/**
 * An event that was accepted.
 */
export interface Event {
  /**
   * The id of the event.
   */
  id: string;
  /**
   * Whose event it is.
   */
  tenant_id: string;
  /**
   * As posted.
   */
  type: string;
  /**
   * As posted; null once the payload is deleted.
   */
  data: unknown;
  /**
   * As posted; null when there is none.
   */
  project: Project | null;
  /**
   * As posted; null when there is none, or the payload is deleted.
   */
  trace: unknown;
  /**
   * As posted; null when there is none.
   */
  external_id: string | null;
  /**
   * Was it sent to one endpoint only, to try that out?
   */
  test: boolean;
  /**
   * When it happened: as posted, or else when it was accepted.
   */
  occurred_at: string;
  /**
   * When it was accepted.
   */
  created_at: string;
  /**
   * How many endpoints did not get it because of their filters alone.
   */
  filtered: number;
  /**
   * When its payload was deleted; null: it was not.
   */
  payload_deleted_at: string | null;
}
/**
 * The project that an event happened in.
 */
export interface Project {
  /**
   * The id of the project.
   */
  id: string;
  /**
   * A name for people.
   */
  name: string | null;
}
/**
 * The event is kept and will be delivered.
 */
export interface EventAccepted {
  /**
   * The id of the event.
   */
  id: string;
  /**
   * How many endpoints it goes to.
   */
  deliveries: number;
  /**
   * How many more it would go to, but for their filters. Absent: none.
   */
  filtered?: number;
  /**
   * What does not match the schema of its type, where the tenant’s `data_check` is `warn`.
   */
  warnings?: string[];
}
/**
 * Events to post together.
 */
export interface EventBatch {
  /**
   * The events. Each is accepted or refused by itself.
   */
  events: BatchEvent[];
}
/**
 * An event, with its deliveries counted by status.
 */
export interface EventDetail {
  /**
   * The id of the event.
   */
  id: string;
  /**
   * Whose event it is.
   */
  tenant_id: string;
  /**
   * As posted.
   */
  type: string;
  /**
   * As posted; null once the payload is deleted.
   */
  data: unknown;
  /**
   * As posted; null when there is none.
   */
  project: Project | null;
  /**
   * As posted; null when there is none, or the payload is deleted.
   */
  trace: unknown;
  /**
   * As posted; null when there is none.
   */
  external_id: string | null;
  /**
   * Was it sent to one endpoint only, to try that out?
   */
  test: boolean;
  /**
   * When it happened: as posted, or else when it was accepted.
   */
  occurred_at: string;
  /**
   * When it was accepted.
   */
  created_at: string;
  /**
   * How many endpoints did not get it because of their filters alone.
   */
  filtered: number;
  /**
   * When its payload was deleted; null: it was not.
   */
  payload_deleted_at: string | null;
  counts: DeliveryCounts;
}
/**
 * One page of a list.
 */
export interface EventList {
  /**
   * The rows of this page.
   */
  data: Event[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * An event to post.
 */
export interface EventPost {
  /**
   * Dot-separated segments of letters, digits, `_` and `-`.
   */
  type: string;
  /**
   * Any JSON value; an object is best. It arrives as it was posted: numbers keep their exact value. At most 100 levels deep.
   */
  data: unknown;
  project?: ProjectPost;
  /**
   * Your trace: `trace_id` and `span_id` (texts) and `parent` (an object, which may have a parent again), and whatever else belongs to it. Customers are handed its `traceparent` (W3C) as a header. At most 32 KB.
   */
  trace?: Record<string, unknown>;
  /**
   * Your own id of the event.
   */
  external_id?: string;
  /**
   * When it happened. The default is when it was accepted. Receivers see it, the same on every attempt.
   */
  occurred_at?: string;
}
/**
 * The event was not accepted.
 */
export interface EventRefused {
  error: Problem;
}
/**
 * Why a request failed, and what to do: RFC 9457 problem details.
 */
export interface Problem {
  /**
   * `/problems/` and a code, which stays the same: each operation lists its codes.
   */
  type: string;
  /**
   * The status in words.
   */
  title: string;
  /**
   * The HTTP status.
   */
  status: number;
  /**
   * What to do.
   */
  detail: string;
  /**
   * One for each field that must change.
   */
  errors?: FieldProblem[];
  /**
   * Names the request in the log: its `X-Request-Id`.
   */
  instance?: string;
}
/**
 * A field that must change.
 */
export interface FieldProblem {
  /**
   * Where it is: `events[0]`, `project.id`, a parameter’s or a header’s name.
   */
  field: string;
  /**
   * What to change, as a sentence.
   */
  message: string;
}
/**
 * Where the event is sent again.
 */
export interface EventReplay {
  /**
   * Only these, whatever they subscribe to. The default is those that the event matches now.
   *
   * Items: The id of an endpoint.
   */
  endpoint_ids?: string[];
}
/**
 * The results of a batch.
 */
export interface EventResults {
  /**
   * One result an event, in their order. An event with an idempotency key is safe to post again.
   */
  data: EventResult[];
}
/**
 * An event type of the catalogue.
 */
export interface EventType {
  /**
   * Whose it is; null: the platform’s, for all tenants.
   */
  tenant_id: string | null;
  /**
   * The type, as it is posted.
   */
  type: string;
  /**
   * What it means, in a sentence.
   */
  description: string;
  /**
   * Its category; null: none.
   */
  category: string | null;
  /**
   * The JSON Schema of `data`; null: none.
   */
  schema: unknown;
  /**
   * An example of `data`; null: none.
   */
  example: unknown;
  /**
   * Should nobody subscribe to it any more?
   */
  deprecated: boolean;
  /**
   * When it was added.
   */
  created_at: string;
  /**
   * When it was last changed.
   */
  updated_at: string;
}
/**
 * An event type to add.
 */
export interface EventTypeCreate {
  /**
   * Dot-separated segments of letters, digits, `_` and `-`.
   */
  type: string;
  /**
   * What it means, in a sentence.
   */
  description: string;
  /**
   * Endpoints subscribe to all its types by `@` and its name; null: none.
   */
  category?: string | null;
  /**
   * Of `data`: JSON Schema 2020-12 without regular expressions, recursion and references to elsewhere, at most 8,192 bytes; null: none.
   */
  schema?: {} | null;
  /**
   * An example of `data`, at most 4,096 bytes; null: none.
   */
  example?: unknown;
  /**
   * Should nobody subscribe to it any more?
   */
  deprecated?: boolean;
}
/**
 * One page of a list.
 */
export interface EventTypeList {
  /**
   * The rows of this page.
   */
  data: EventType[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * What to change.
 */
export interface EventTypeUpdate {
  /**
   * What it means, in a sentence.
   */
  description?: string;
  /**
   * Endpoints subscribe to all its types by `@` and its name; null: none.
   */
  category?: string | null;
  /**
   * Of `data`: JSON Schema 2020-12 without regular expressions, recursion and references to elsewhere, at most 8,192 bytes; null: none.
   */
  schema?: {} | null;
  /**
   * An example of `data`, at most 4,096 bytes; null: none.
   */
  example?: unknown;
  /**
   * Should nobody subscribe to it any more?
   */
  deprecated?: boolean;
}
/**
 * A condition that does not hold.
 */
export interface FilterMismatch {
  /**
   * Where in the data: a JSON Pointer (RFC 6901).
   */
  path: string;
  /**
   * What does not hold; `$eq` for a value that stands alone.
   */
  operator: string;
  /**
   * What the operator was given, as JSON text.
   */
  expected: string;
  /**
   * What is there, as JSON text, cut after 1,000 characters; null: nothing is there.
   */
  found: string | null;
}
/**
 * A filter and the data of an event.
 */
export interface FilterTest {
  /**
   * What the data of an event has to be (docs/filters.md): fields and their values, with the operators `$eq $neq $gt $gte $lt $lte $in $nin $exist $startsWith $endsWith $or $and $not`. `{}` lets everything through. At most 2 KB, 30 conditions and 10 levels.
   */
  filter: Record<string, unknown>;
  /**
   * The `data` of an event.
   */
  data: unknown;
}
/**
 * Whether data matches a filter, and why not.
 */
export interface FilterTestResult {
  /**
   * Would an endpoint with this filter get the event?
   */
  matches: boolean;
  /**
   * The first condition that does not hold; null: all do.
   */
  mismatch: FilterMismatch | null;
}
/**
 * The service is up.
 */
export interface Health {
  /**
   * Always `ok`: a service that is down does not answer.
   */
  status: 'ok';
}
/**
 * Bulk work in the background, page by page.
 */
export interface Job {
  /**
   * The id of the job.
   */
  id: string;
  kind: JobKind;
  /**
   * The endpoint that it is about; null: several.
   */
  endpoint_id: string | null;
  /**
   * Of the replay of one event, or the deletion of its payload.
   */
  event_id: string | null;
  status: JobStatus;
  /**
   * Deliveries moved or made so far. Of erase-tenant: all that was removed; of reseal: endpoints with secrets that were sealed again.
   */
  processed: number;
  /**
   * Deliveries that were left as they are: they still wait, were repeated since, or cannot be sent. Of reseal: endpoints that the last look found in order.
   */
  skipped: number;
  /**
   * Of erase-tenant; null: of another kind.
   */
  erasure: TenantErasure | null;
  /**
   * When it was started.
   */
  created_at: string;
  /**
   * When it last made progress.
   */
  updated_at: string;
}
/**
 * What was removed of a tenant, and when the last traces of it end.
 */
export interface TenantErasure {
  /**
   * How many API keys were removed so far.
   */
  api_keys: number;
  /**
   * How many endpoints, with their secrets were removed so far.
   */
  endpoints: number;
  /**
   * How many deliveries, with their attempts were removed so far.
   */
  deliveries: number;
  /**
   * How many events, with their payloads were removed so far.
   */
  events: number;
  /**
   * How many other jobs were removed so far.
   */
  jobs: number;
  /**
   * How many event types were removed so far.
   */
  event_types: number;
  /**
   * How many numbers of endpoints and deliveries were removed so far.
   */
  numbers: number;
  /**
   * How many counters: of quotas, and the usage of a day were removed so far.
   */
  counters: number;
  /**
   * What was kept for `Idempotency-Key` is gone by then: a key, an id and a hash of the call.
   */
  claims_end_at: string;
  /**
   * Until then the tables’ point-in-time recovery can bring it back; null: the job is not done.
   */
  backups_end_at: string | null;
}
/**
 * A message that stays in its queue.
 */
export interface KeptDeadLetter {
  /**
   * The id of the message.
   */
  message_id: string;
  /**
   * Why it stays.
   */
  why: string;
}
/**
 * How many took how long. The bounds are 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 60000, 300000 milliseconds.
 */
export interface LatencyStep {
  /**
   * They took no longer than this, and longer than the bound below it; null: than all.
   */
  within_ms: number | null;
  /**
   * How many.
   */
  count: number;
}
/**
 * About how many messages a queue has.
 */
export interface MessageCount {
  /**
   * Messages that can be received now.
   */
  visible: number;
  /**
   * Messages that were received or hidden, and not deleted.
   */
  in_flight: number;
  /**
   * Messages that were sent with a delay that has not passed.
   */
  delayed: number;
}
/**
 * The second factor of the key’s owner: its tenant, or the platform.
 */
export interface Mfa {
  status: MfaStatus;
  /**
   * Does this deployment refuse sensitive calls without a second factor?
   */
  required: boolean;
  /**
   * How many recovery codes are not used.
   */
  recovery_codes_left: number;
  /**
   * Until when no code is accepted; null: it is not locked.
   */
  locked_until: string | null;
}
/**
 * A code of the second factor. Each is good once.
 */
export interface MfaCode {
  /**
   * The six digits that the app shows, or a recovery code.
   */
  code: string;
}
/**
 * A new second factor, which waits for its first code.
 */
export interface MfaEnrolment {
  /**
   * For typing into an app: shown here and never again.
   */
  secret: string;
  /**
   * The same for an app that reads QR codes: show it as one.
   */
  otpauth_uri: string;
}
/**
 * An OpenAPI document.
 */
export interface OpenApiDocument {
  /**
   * The version of OpenAPI.
   */
  openapi: string;
  [k: string]: unknown;
}
/**
 * An endpoint in trouble.
 */
export interface OpsEndpoint {
  /**
   * Whose it is.
   */
  tenant_id: string;
  endpoint: Endpoint;
  /**
   * Since when each attempt fails; null: it does not.
   */
  failing_since: string | null;
  /**
   * Of a paused one: the deliveries that it holds, counted up to 100; null: it is not paused.
   */
  held: CappedCount | null;
}
/**
 * One page of a list.
 */
export interface OpsEndpointList {
  /**
   * The rows of this page.
   */
  data: OpsEndpoint[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * A job that has not ended.
 */
export interface OpsJob {
  /**
   * Whose it is.
   */
  tenant_id: string;
  job: Job;
}
/**
 * One page of a list.
 */
export interface OpsJobList {
  /**
   * The rows of this page.
   */
  data: OpsJob[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * What stands where in the whole deployment.
 */
export interface OpsOverview {
  /**
   * When it was looked.
   */
  at: string;
  queues: OpsQueues;
  /**
   * Since when the oldest delivery is due that waits for nothing but its attempt; null: none was found.
   */
  oldest_due_at: string | null;
  /**
   * Sweep has moved on all that was to be checked before; null: it has not run yet.
   */
  swept_until: string | null;
  /**
   * When all sending was stopped; null: it was not.
   */
  braked_at: string | null;
  troubled: OpsTroubled;
}
/**
 * The backlog of each queue.
 */
export interface OpsQueues {
  deliveries: MessageCount1;
  retries: MessageCount2;
  slow: MessageCount3;
  jobs: MessageCount4;
  exhausted: MessageCount5;
  poison: MessageCount6;
}
/**
 * First attempts.
 */
export interface MessageCount1 {
  /**
   * Messages that can be received now.
   */
  visible: number;
  /**
   * Messages that were received or hidden, and not deleted.
   */
  in_flight: number;
  /**
   * Messages that were sent with a delay that has not passed.
   */
  delayed: number;
}
/**
 * Later attempts.
 */
export interface MessageCount2 {
  /**
   * Messages that can be received now.
   */
  visible: number;
  /**
   * Messages that were received or hidden, and not deleted.
   */
  in_flight: number;
  /**
   * Messages that were sent with a delay that has not passed.
   */
  delayed: number;
}
/**
 * Requests that may take long.
 */
export interface MessageCount3 {
  /**
   * Messages that can be received now.
   */
  visible: number;
  /**
   * Messages that were received or hidden, and not deleted.
   */
  in_flight: number;
  /**
   * Messages that were sent with a delay that has not passed.
   */
  delayed: number;
}
/**
 * Bulk work.
 */
export interface MessageCount4 {
  /**
   * Messages that can be received now.
   */
  visible: number;
  /**
   * Messages that were received or hidden, and not deleted.
   */
  in_flight: number;
  /**
   * Messages that were sent with a delay that has not passed.
   */
  delayed: number;
}
/**
 * Deliveries that used all their attempts.
 */
export interface MessageCount5 {
  /**
   * Messages that can be received now.
   */
  visible: number;
  /**
   * Messages that were received or hidden, and not deleted.
   */
  in_flight: number;
  /**
   * Messages that were sent with a delay that has not passed.
   */
  delayed: number;
}
/**
 * What could not be read, or failed on us.
 */
export interface MessageCount6 {
  /**
   * Messages that can be received now.
   */
  visible: number;
  /**
   * Messages that were received or hidden, and not deleted.
   */
  in_flight: number;
  /**
   * Messages that were sent with a delay that has not passed.
   */
  delayed: number;
}
/**
 * Endpoints in trouble, of all tenants.
 */
export interface OpsTroubled {
  failing: CappedCount1;
  paused: CappedCount2;
}
/**
 * A count with a bound.
 */
export interface CappedCount1 {
  /**
   * How many were counted.
   */
  count: number;
  /**
   * There may be more.
   */
  capped: boolean;
}
/**
 * A count with a bound.
 */
export interface CappedCount2 {
  /**
   * How many were counted.
   */
  count: number;
  /**
   * There may be more.
   */
  capped: boolean;
}
/**
 * One setting of the deployment.
 */
export interface OpsSetting {
  /**
   * What it is called.
   */
  name: string;
  /**
   * What holds; null: nobody has said it.
   */
  value: string | number | boolean | null;
  /**
   * Of a number.
   */
  unit: string | null;
  /**
   * What it decides.
   */
  description: string;
}
/**
 * The settings in force.
 */
export interface OpsSettings {
  /**
   * All settings that the API knows.
   */
  data: OpsSetting[];
}
/**
 * What a tenant used in the range.
 */
export interface OpsTenantUsage {
  /**
   * Whose usage it is.
   */
  tenant_id: string;
  /**
   * What people call the tenant.
   */
  name: string | null;
  /**
   * Its quota now; null: no limit.
   */
  events_per_second: number | null;
  /**
   * Events of which a first attempt was made.
   */
  events: number;
  /**
   * Requests that were made, probes of paused endpoints among them.
   */
  attempts: number;
  /**
   * Deliveries that succeeded.
   */
  delivered: number;
  /**
   * Deliveries that used all their attempts.
   */
  exhausted: number;
  /**
   * Deliveries that were ended without an answer, when their turn came.
   */
  abandoned: number;
  /**
   * Dollars on AWS, by list prices: an estimate.
   */
  cost_usd: number;
  /**
   * First attempts by the time from the 202 to their start, without manual retries.
   */
  first_attempts: LatencyStep[];
  /**
   * Requests by how long they took.
   */
  requests: LatencyStep[];
}
/**
 * What all tenants used: a page of them.
 */
export interface OpsUsage {
  /**
   * The first day that was asked for, in UTC.
   */
  since: string;
  /**
   * The last day that was asked for, in UTC.
   */
  until: string;
  /**
   * The tenants of this page, by id.
   */
  data: OpsTenantUsage[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * What a consumer has not been given yet.
 */
export interface Poll {
  /**
   * About in the order of writing.
   */
  data: PolledDelivery[];
  /**
   * For the next poll, and for the commit of these deliveries.
   */
  cursor: string;
  /**
   * There are others now: poll again at once.
   */
  more: boolean;
  /**
   * Is anything given now?
   */
  state: 'active' | 'paused' | 'braked';
}
/**
 * A delivery as a consumer gets it.
 */
export interface PolledDelivery {
  /**
   * The id of the delivery.
   */
  delivery_id: string;
  /**
   * The id of the event: the same in each delivery of it.
   */
  event_id: string;
  /**
   * What happened.
   */
  event_type: string;
  /**
   * A person sent it to try the endpoint out.
   */
  test: boolean;
  /**
   * When it was written for the consumers.
   */
  written_at: string;
  /**
   * The headers that a request would have now, signed, by lower-case name.
   */
  headers: {
    [k: string]: string;
  };
  /**
   * The body that a request would have: verify these bytes in UTF-8.
   */
  body: string;
}
/**
 * A person’s session in the console.
 */
export interface PortalSession {
  /**
   * The id of the session.
   */
  id: string;
  /**
   * Whose session it is; null: the platform’s own.
   */
  tenant_id: string | null;
  /**
   * Who uses it, as your platform names people: it stands in the audit log.
   */
  user: string;
  access: PortalAccess;
  /**
   * What it shows, in this order.
   */
  screens: PortalScreen[];
  /**
   * What it may do: what its screens need.
   */
  scopes: string[];
  theme: PortalTheme;
  status: PortalSessionStatus;
  /**
   * The key, or the session, that made it.
   */
  created_by: string;
  /**
   * When it was made.
   */
  created_at: string;
  /**
   * When its code was exchanged for its token.
   */
  opened_at: string | null;
  /**
   * When it ends; before it is opened: when its code does.
   */
  expires_at: string;
  /**
   * When it was revoked.
   */
  revoked_at: string | null;
}
/**
 * How the console looks for a session; null: as it does by itself.
 */
export interface PortalTheme {
  /**
   * The name of your product.
   */
  name: string | null;
  /**
   * Your logo, as a data URL.
   */
  logo: string | null;
  /**
   * Of buttons and links. The console keeps its contrast.
   */
  accent: string | null;
  /**
   * Of corners, in pixels.
   */
  radius: number | null;
  /**
   * Font families that the reader’s machine may have.
   */
  font: string | null;
  /**
   * Light or dark, as your product is. The default is that of the reader’s system.
   */
  mode: PortalThemeMode | null;
}
/**
 * A session to make.
 */
export interface PortalSessionCreate {
  /**
   * Who uses it, as your platform names people: it stands in the audit log.
   */
  user: string;
  access?: PortalAccess;
  /**
   * What it shows, in this order. The default is all of its kind.
   */
  screens?: PortalScreen[];
  theme?: PortalThemeGiven;
}
/**
 * How the console looks in your product.
 */
export interface PortalThemeGiven {
  /**
   * The name of your product.
   */
  name?: string;
  /**
   * Your logo, as a data URL.
   */
  logo?: string;
  /**
   * Of buttons and links. The console keeps its contrast.
   */
  accent?: string;
  /**
   * Of corners, in pixels.
   */
  radius?: number;
  /**
   * Font families that the reader’s machine may have.
   */
  font?: string;
  mode?: PortalThemeMode;
}
/**
 * A new session, and the link that opens it.
 */
export interface PortalSessionCreated {
  /**
   * The id of the session.
   */
  id: string;
  /**
   * Whose session it is; null: the platform’s own.
   */
  tenant_id: string | null;
  /**
   * Who uses it, as your platform names people: it stands in the audit log.
   */
  user: string;
  access: PortalAccess;
  /**
   * What it shows, in this order.
   */
  screens: PortalScreen[];
  /**
   * What it may do: what its screens need.
   */
  scopes: string[];
  theme: PortalTheme;
  status: PortalSessionStatus;
  /**
   * The key, or the session, that made it.
   */
  created_by: string;
  /**
   * When it was made.
   */
  created_at: string;
  /**
   * When its code was exchanged for its token.
   */
  opened_at: string | null;
  /**
   * When it ends; before it is opened: when its code does.
   */
  expires_at: string;
  /**
   * When it was revoked.
   */
  revoked_at: string | null;
  /**
   * Good once, for a minute: shown here and never again.
   */
  code: string;
  /**
   * When the code ends.
   */
  code_expires_at: string;
  /**
   * The link for the person’s browser. Null where the deployment does not know the address of its console: append `#code=` and the code to that.
   */
  url: string | null;
}
/**
 * One page of a list.
 */
export interface PortalSessionList {
  /**
   * The rows of this page.
   */
  data: PortalSession[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * A session that was opened, with its token.
 */
export interface PortalSessionOpened {
  /**
   * Sent as an API key is: shown here and never again.
   */
  token: string;
  session: PortalSession;
}
/**
 * Whose sessions end: the `user` that they were made with.
 */
export interface PortalUserRevoke {
  /**
   * Who uses it, as your platform names people: it stands in the audit log.
   */
  user: string;
}
/**
 * What was ended.
 */
export interface PortalUserRevoked {
  /**
   * How many sessions and links this call ended.
   */
  revoked: number;
  /**
   * Call again with it as `cursor`: there were too many for one call; null: all have ended.
   */
  next_cursor: string | null;
}
/**
 * The event, and what the endpoint would have. Each field has a sample value by default.
 */
export interface PreviewRequest {
  /**
   * Dot-separated segments of letters, digits, `_` and `-`.
   */
  type?: string;
  /**
   * Any JSON value; an object is best. It arrives as it was posted: numbers keep their exact value. At most 100 levels deep.
   */
  data?: unknown;
  project?: ProjectPost;
  /**
   * Your trace: `trace_id` and `span_id` (texts) and `parent` (an object, which may have a parent again), and whatever else belongs to it. Customers are handed its `traceparent` (W3C) as a header. At most 32 KB.
   */
  trace?: Record<string, unknown>;
  /**
   * Your own id of the event.
   */
  external_id?: string;
  /**
   * When it happened. The default is when it was accepted. Receivers see it, the same on every attempt.
   */
  occurred_at?: string;
  /**
   * The endpoint’s. A Slack or Discord webhook gets their messages.
   */
  url?: string;
  /**
   * The endpoint’s. Without it one is made, as for an endpoint.
   */
  signing_secret?: string;
  /**
   * With the headers of Standard Webhooks beside the dialect’s own.
   */
  also_standard?: boolean;
  /**
   * With a signature that a public key verifies, where those headers are there.
   */
  asymmetric_signing?: boolean;
}
/**
 * What verifies asymmetric signatures.
 */
export interface PublicKey {
  /**
   * `whpk_` and the base64 of an Ed25519 public key.
   */
  public_key: string;
  /**
   * Names it in the attempts that it signed.
   */
  fingerprint: string;
  /**
   * It verifies what was signed until then; null: always.
   */
  expires_at: string | null;
}
/**
 * What verifies the asymmetric signatures (`v1a`) of an endpoint’s requests.
 */
export interface PublicKeys {
  /**
   * The newest one.
   */
  public_key: string;
  /**
   * All that requests are signed for now, newest first.
   */
  public_keys: PublicKey[];
}
/**
 * Codes for the day on which the app is lost.
 */
export interface RecoveryCodes {
  /**
   * Ten codes, each good once in the place of an app’s: shown here and never again.
   */
  recovery_codes: string[];
}
/**
 * How much is redriven.
 */
export interface Redrive {
  /**
   * How many messages at most.
   */
  limit?: number;
}
/**
 * What a redrive did.
 */
export interface Redriven {
  moved: RedrivenCounts;
  /**
   * What can’t be moved. It is visible again after two minutes.
   */
  kept: KeptDeadLetter[];
  /**
   * About as many as were asked for were there: there may be more.
   */
  more: boolean;
}
/**
 * How many messages each queue was sent.
 */
export interface RedrivenCounts {
  /**
   * To first attempts.
   */
  deliveries: number;
  /**
   * To later attempts.
   */
  retries: number;
  /**
   * To requests that may take long.
   */
  slow: number;
  /**
   * To bulk work.
   */
  jobs: number;
}
/**
 * Milliseconds that requests took.
 */
export interface RequestDurations {
  /**
   * Half of them took no longer.
   */
  p50: number;
  /**
   * 95 of a hundred took no longer.
   */
  p95: number;
  /**
   * The longest.
   */
  max: number;
}
/**
 * A request, as it would be sent.
 */
export interface RequestPreview {
  /**
   * The dialect that it is in: the URL of a chat decides before the path.
   */
  dialect: string;
  /**
   * Always POST.
   */
  method: 'POST';
  /**
   * Where it would be sent.
   */
  url: string;
  /**
   * By lower-case name. The HTTP client adds `host`, `content-length` and `user-agent`.
   */
  headers: {
    [k: string]: string;
  };
  /**
   * Exactly what would be sent, as text: signatures cover these bytes.
   */
  body: string;
  /**
   * What it is signed with, if the dialect signs.
   */
  signing_secret: string;
  /**
   * What the headers of `also_standard` are signed with, where it is another one.
   */
  standard_signing_secret?: string;
}
/**
 * What a run of the waiting deliveries did.
 */
export interface RetriesRun {
  /**
   * Deliveries that are on their way now.
   */
  processed: number;
  /**
   * More may be due: the limit was reached, or there are more than the 2,000 of a status that are looked at.
   */
  more: boolean;
}
/**
 * What waits for a next attempt.
 */
export interface RetriesSummary {
  counts: RetryCounts;
  /**
   * Waiting for the rate limit of their endpoint; in none of the counts.
   */
  rate_limited: number;
  /**
   * Waiting for the resume of their endpoint.
   */
  held: number;
  /**
   * How many of those that wait should have gone by now.
   */
  due: number;
  /**
   * The oldest due time of those that wait.
   */
  oldest_due_at: string | null;
  /**
   * The next due time that is still to come.
   */
  next_due_at: string | null;
  /**
   * There may be more: at most 2,000 of each status are counted.
   */
  capped: boolean;
}
/**
 * Deliveries by status.
 */
export interface RetryCounts {
  /**
   * Set aside before their first attempt; one that was never held up is not counted.
   */
  pending: number;
  /**
   * Failed at least once, with another attempt due.
   */
  retrying: number;
  /**
   * Waiting in the table without a message.
   */
  parked: number;
  /**
   * All attempts used.
   */
  exhausted: number;
}
/**
 * How a secret is replaced.
 */
export interface SecretRotation {
  use?: SecretUse;
  /**
   * A secret that the receiver has already; without it one is made. Not for `asymmetric`.
   */
  signing_secret?: string;
  /**
   * How long the old secret goes on signing beside the new one, where requests carry both signatures. The default is a day; 0 ends it now.
   */
  overlap_seconds?: number;
  /**
   * When the new secret takes over from the old one, where a request carries one signature. The default is at once.
   */
  activate_in_seconds?: number;
}
/**
 * Outcomes of deliveries and durations of requests, in steps of time.
 */
export interface Stats {
  /**
   * Which endpoint; null: the whole tenant.
   */
  endpoint_id: string | null;
  /**
   * Where the first step begins.
   */
  since: string;
  /**
   * Where the last step ends.
   */
  until: string;
  /**
   * The length of a step in seconds.
   */
  step: number;
  source: StatsSource;
  /**
   * More than the newest 1,000 records are in the range.
   */
  capped: boolean;
  /**
   * The steps before this one lack some records.
   */
  complete_since: string;
  /**
   * Every step of the range, the oldest first.
   */
  data: StatsStep[];
  total: StatsTotal;
}
/**
 * What became of deliveries whose event was accepted in this step.
 */
export interface StatsStep {
  /**
   * When it begins.
   */
  at: string;
  /**
   * Deliveries that succeeded.
   */
  delivered: number;
  /**
   * Deliveries that used all their attempts.
   */
  exhausted: number;
  /**
   * Deliveries that were given up.
   */
  abandoned: number;
  /**
   * Deliveries that wait for an attempt; null: not counted.
   */
  waiting: number | null;
  /**
   * Deliveries that wait for a resume; null: not counted.
   */
  held: number | null;
  /**
   * Requests that were made.
   */
  attempts: number;
  /**
   * Of those, the ones that failed; null: not counted.
   */
  failed_attempts: number | null;
  /**
   * How long requests took; null: there were none. From usage: rounded up, as `requests` of an operator’s usage.
   */
  duration_ms: RequestDurations | null;
}
/**
 * Of all steps together.
 */
export interface StatsTotal {
  /**
   * Deliveries that succeeded.
   */
  delivered: number;
  /**
   * Deliveries that used all their attempts.
   */
  exhausted: number;
  /**
   * Deliveries that were given up.
   */
  abandoned: number;
  /**
   * Deliveries that wait for an attempt; null: not counted.
   */
  waiting: number | null;
  /**
   * Deliveries that wait for a resume; null: not counted.
   */
  held: number | null;
  /**
   * Requests that were made.
   */
  attempts: number;
  /**
   * Of those, the ones that failed; null: not counted.
   */
  failed_attempts: number | null;
  /**
   * How long requests took; null: there were none. From usage: rounded up, as `requests` of an operator’s usage.
   */
  duration_ms: RequestDurations | null;
}
/**
 * A key that needs no code for ten minutes.
 */
export interface StepUp {
  /**
   * Until when this key needs no code.
   */
  expires_at: string;
}
/**
 * What the platform has set for a tenant.
 */
export interface Tenant {
  /**
   * The id of the tenant.
   */
  id: string;
  /**
   * What people call it; null: nothing.
   */
  name: string | null;
  /**
   * How many events a second may be posted, counted by the minute; null: as many as come.
   */
  events_per_second: number | null;
  unknown_types: UnknownTypes;
  data_check: DataCheck;
  /**
   * When it was created, or first used; null: nothing is known of it.
   */
  registered_at: string | null;
  /**
   * When it was erased; null: it was not. Its id stays taken for as long as the log is kept: nothing is stored for it.
   */
  erased_at: string | null;
}
/**
 * A tenant to register.
 */
export interface TenantCreate {
  /**
   * The id of a tenant.
   */
  id: string;
  /**
   * What people call it; null: nothing.
   */
  name?: string | null;
  /**
   * How many events a second may be posted, counted by the minute; null: as many as come.
   */
  events_per_second?: number | null;
  /**
   * null: as the deployment has it.
   */
  unknown_types?: UnknownTypes | null;
  /**
   * null: as the deployment has it.
   */
  data_check?: DataCheck | null;
}
/**
 * One page of a list.
 */
export interface TenantList {
  /**
   * The rows of this page.
   */
  data: Tenant[];
  /**
   * Pass it as `cursor` for the next page; null on the last.
   */
  next_cursor: string | null;
}
/**
 * What to set.
 */
export interface TenantUpdate {
  /**
   * What people call it; null: nothing.
   */
  name?: string | null;
  /**
   * How many events a second may be posted, counted by the minute; null: as many as come.
   */
  events_per_second?: number | null;
  /**
   * null: as the deployment has it.
   */
  unknown_types?: UnknownTypes | null;
  /**
   * null: as the deployment has it.
   */
  data_check?: DataCheck | null;
}
/**
 * What a tenant used, by day: some seconds late. Counts are added up, and an addition may repeat or be lost when a process dies.
 */
export interface Usage {
  /**
   * Whose usage it is.
   */
  tenant_id: string;
  /**
   * The first day that was asked for.
   */
  since: string;
  /**
   * The last day that was asked for.
   */
  until: string;
  /**
   * The days with any usage, the oldest first.
   */
  data: UsageDay[];
  total: UsageSum;
}
/**
 * What a tenant used on a day.
 */
export interface UsageDay {
  /**
   * In UTC.
   */
  day: string;
  /**
   * Events of which a first attempt was made.
   */
  events: number;
  /**
   * Requests that were made, probes of paused endpoints among them.
   */
  attempts: number;
  /**
   * Deliveries that succeeded.
   */
  delivered: number;
  /**
   * Deliveries that used all their attempts.
   */
  exhausted: number;
  /**
   * Deliveries that were ended without an answer, when their turn came.
   */
  abandoned: number;
  /**
   * Dollars on AWS, by list prices: an estimate.
   */
  cost_usd: number;
}
/**
 * What a tenant used on all days of the answer.
 */
export interface UsageSum {
  /**
   * Events of which a first attempt was made.
   */
  events: number;
  /**
   * Requests that were made, probes of paused endpoints among them.
   */
  attempts: number;
  /**
   * Deliveries that succeeded.
   */
  delivered: number;
  /**
   * Deliveries that used all their attempts.
   */
  exhausted: number;
  /**
   * Deliveries that were ended without an answer, when their turn came.
   */
  abandoned: number;
  /**
   * Dollars on AWS, by list prices: an estimate.
   */
  cost_usd: number;
}
/**
 * The query of `listEndpoints`.
 */
export interface ListEndpointsQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
  /**
   * A paused endpoint holds what it is sent; a disabled one gets nothing; a revoked one is final.
   */
  status?: 'active' | 'paused' | 'disabled' | 'revoked';
  /**
   * Only endpoints whose URL has this part, in upper or lower case.
   */
  url?: string;
  /**
   * Only endpoints whose label has this part, in upper or lower case.
   */
  label?: string;
  /**
   * Only endpoints whose metadata has this pair: `name:value`. In the name, a backslash goes before a colon and before a backslash.
   */
  metadata?: string;
  /**
   * Only endpoints that subscribe to this type.
   */
  event_type?: string;
}
/**
 * The query of `pollEndpoint`.
 */
export interface PollEndpointQuery {
  /**
   * The `cursor` of the poll before. Without one: where `consumer` has come to, or the oldest.
   */
  cursor?: string;
  /**
   * Begin where this consumer has committed to.
   */
  consumer?: string;
  /**
   * How many deliveries at most; fewer where their bodies exceed 1 MiB.
   */
  limit?: number;
  /**
   * Seconds to wait for a delivery, in one process. On AWS the answer comes at once.
   */
  wait?: number;
}
/**
 * The query of `createEventType`.
 */
export interface CreateEventTypeQuery {
  platform?: boolean;
}
/**
 * The query of `listEventTypes`.
 */
export interface ListEventTypesQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
  platform?: boolean;
}
/**
 * The query of `getEventType`.
 */
export interface GetEventTypeQuery {
  platform?: boolean;
}
/**
 * The query of `updateEventType`.
 */
export interface UpdateEventTypeQuery {
  platform?: boolean;
}
/**
 * The query of `deleteEventType`.
 */
export interface DeleteEventTypeQuery {
  platform?: boolean;
}
/**
 * The query of `adoptEventTypes`.
 */
export interface AdoptEventTypesQuery {
  platform?: boolean;
}
/**
 * The query of `listEvents`.
 */
export interface ListEventsQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
  /**
   * Only what came at or after this time.
   */
  since?: string;
  /**
   * Only what came before this time.
   */
  until?: string;
  /**
   * Only events of this type; `task.*` for all that begin so.
   */
  type?: string;
  /**
   * Only events with this id of yours.
   */
  external_id?: string;
  /**
   * Only events that went to this endpoint.
   */
  endpoint_id?: string;
}
/**
 * The query of `listEventDeliveries`.
 */
export interface ListEventDeliveriesQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
}
/**
 * The query of `listDeliveries`.
 */
export interface ListDeliveriesQuery {
  /**
   * Only deliveries to this endpoint.
   */
  endpoint_id?: string;
  /**
   * Only deliveries of events of this type.
   */
  event_type?: string;
  /**
   * Pending: no attempt yet. Held: its endpoint is paused. Exhausted: all attempts used.
   */
  status?: 'pending' | 'retrying' | 'parked' | 'held' | 'delivered' | 'exhausted' | 'abandoned';
  /**
   * Only what came at or after this time.
   */
  since?: string;
  /**
   * Only what came before this time.
   */
  until?: string;
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
}
/**
 * The query of `getDeliveryRequest`.
 */
export interface GetDeliveryRequestQuery {
  /**
   * The number of the attempt. The default: the newest.
   */
  attempt?: number;
}
/**
 * The query of `getUsage`.
 */
export interface GetUsageQuery {
  /**
   * The first day, in UTC. Default: the first of this month.
   */
  since?: string;
  /**
   * The last day, in UTC. Default: today.
   */
  until?: string;
}
/**
 * The query of `getStats`.
 */
export interface GetStatsQuery {
  /**
   * Only what came at or after this time.
   */
  since?: string;
  /**
   * Only what came before this time.
   */
  until?: string;
  /**
   * Only this endpoint. The default: the whole tenant, by day.
   */
  endpoint_id?: string;
  step?: StatsStepSeconds;
}
/**
 * The query of `testEndpoint`.
 */
export interface TestEndpointQuery {
  wait?: boolean;
}
/**
 * The query of `runRetries`.
 */
export interface RunRetriesQuery {
  /**
   * How many deliveries at most.
   */
  limit?: number;
}
/**
 * The query of `createApiKey`.
 */
export interface CreateApiKeyQuery {
  platform?: boolean;
}
/**
 * The query of `listApiKeys`.
 */
export interface ListApiKeysQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
  platform?: boolean;
}
/**
 * The query of `getApiKey`.
 */
export interface GetApiKeyQuery {
  platform?: boolean;
}
/**
 * The query of `rotateApiKey`.
 */
export interface RotateApiKeyQuery {
  platform?: boolean;
}
/**
 * The query of `revokeApiKey`.
 */
export interface RevokeApiKeyQuery {
  platform?: boolean;
}
/**
 * The query of `listAuditLog`.
 */
export interface ListAuditLogQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
  /**
   * Only what came at or after this time.
   */
  since?: string;
  /**
   * Only what came before this time.
   */
  until?: string;
  platform?: boolean;
  /**
   * Only this action.
   */
  action?: string;
  /**
   * Only what this key or session did.
   */
  key_id?: string;
  /**
   * Only what was done to this.
   */
  target?: string;
  /**
   * How a call ended. Refused: the caller had to change something. Failed: an error of ours. Unknown: not concluded, so it may have been done or not.
   */
  outcome?: 'done' | 'refused' | 'failed' | 'unknown';
}
/**
 * The query of `createPortalSession`.
 */
export interface CreatePortalSessionQuery {
  platform?: boolean;
}
/**
 * The query of `listPortalSessions`.
 */
export interface ListPortalSessionsQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
  platform?: boolean;
}
/**
 * The query of `getPortalSession`.
 */
export interface GetPortalSessionQuery {
  platform?: boolean;
}
/**
 * The query of `revokePortalSession`.
 */
export interface RevokePortalSessionQuery {
  platform?: boolean;
}
/**
 * The query of `revokePortalSessionsOfUser`.
 */
export interface RevokePortalSessionsOfUserQuery {
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
  platform?: boolean;
}
/**
 * The query of `extendPortalSession`.
 */
export interface ExtendPortalSessionQuery {
  platform?: boolean;
}
/**
 * The query of `getBrake`.
 */
export interface GetBrakeQuery {
  /**
   * Only this tenant; leave it off for the whole deployment.
   */
  tenant_id?: string;
}
/**
 * The query of `setBrake`.
 */
export interface SetBrakeQuery {
  /**
   * Only this tenant; leave it off for the whole deployment.
   */
  tenant_id?: string;
}
/**
 * The query of `releaseBrake`.
 */
export interface ReleaseBrakeQuery {
  /**
   * Only this tenant; leave it off for the whole deployment.
   */
  tenant_id?: string;
}
/**
 * The query of `listTenants`.
 */
export interface ListTenantsQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
}
/**
 * The query of `listOpsEndpoints`.
 */
export interface ListOpsEndpointsQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
  state?: Trouble;
}
/**
 * The query of `listOpsUsage`.
 */
export interface ListOpsUsageQuery {
  /**
   * The first day, in UTC. Default: the first of this month.
   */
  since?: string;
  /**
   * The last day, in UTC. Default: today.
   */
  until?: string;
  /**
   * How many tenants at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
}
/**
 * The query of `listOpsJobs`.
 */
export interface ListOpsJobsQuery {
  /**
   * How many rows at most.
   */
  limit?: number;
  /**
   * The `next_cursor` of the page before; leave it off for the first page.
   */
  cursor?: string;
}
