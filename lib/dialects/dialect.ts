import type { BreakerRule } from '../domain/circuit-breaker.ts';
import type { Event } from '../domain/event.ts';
import type { EventCatalogue } from './catalogue.ts';

export interface RenderInput {
  event: Event;
  /** Of the first delivery of this event to this endpoint: the same on every attempt and every manual retry. */
  deliveryId: string;
  url: string;
  /** The secrets to sign with, newest first. */
  secrets: readonly string[];
  /** When this attempt is made: milliseconds since the Unix epoch. */
  now: number;
}

export interface RenderedRequest {
  /** By lower-case name. `content-length` and other framing headers are the sender's (lib/domain/header-policy.ts). */
  headers: Record<string, string>;
  /** The exact bytes to send. A signature covers these bytes, not another serialization of the same JSON. */
  body: Uint8Array;
}

/** Source of random bytes for new secrets. */
export interface SecretSource {
  bytes(count: number): Uint8Array;
}

/**
 * Everything that a platform's customers can see of a delivery: body, headers, signature, secrets and retry schedule.
 *
 * To add a dialect:
 *
 * 1. Make the folder `lib/dialects/<name>/` and export one `Dialect` from `<name>.ts`. It decides all that
 *    the platform's customers receive. Like the rest of the core it is pure: time and randomness are arguments.
 * 2. Add one line to `dialects` in `index.ts`. The key is the name that endpoints store, so it can never change. From
 *    then on the API accepts the dialect and its retry preset, and refuses its reserved headers on every endpoint.
 * 3. In `test/dialects/dialects.test.ts`, add a receiver: how the platform's customers verify a request, written with
 *    their library or from their documentation, never with the dialect's own code. The contract suite runs with it. The
 *    platform's published test vectors go into `test/dialects/<name>.test.ts`.
 */
export interface Dialect {
  /**
   * The retry preset of the dialect's name, which its endpoints get by default: the delays between attempts, in whole
   * seconds, within the bounds of an endpoint's own delays (lib/domain/retry-schedule.ts).
   */
  retryDelays: readonly number[];
  /**
   * Headers that tenants may not set: at least every header that `render` sets, but for `content-type`, which is always
   * reserved. Lower-case names; `webhook-*` reserves all names that start with `webhook-`.
   */
  reservedHeaders: readonly string[];
  /** Does a 410 disable the endpoint? Otherwise it is a failure like any other. */
  goneDisables: boolean;
  /** When failures pause an endpoint that has no setting of its own. */
  breaker: BreakerRule;
  /** The event types that the platform documents; endpoints can subscribe to any others too. */
  catalogue: EventCatalogue;
  /** True: a secret that was generated signs nothing, so that a request has signature headers only when the caller asked. */
  signsOnlyOwnSecrets: boolean;
  /**
   * Is it one of the platform's own URLs? Such a server understands this dialect alone, so the URL decides before the
   * dialect that an endpoint was given. Its path is a secret: it lets anyone post there.
   */
  ownsUrl?(url: URL): boolean;
  /** True: it signs nothing, whatever secrets the endpoint has. */
  unsigned?: true;
  /** True: it signs with each secret that is in force. False: with the newest alone. */
  signsWithAllSecrets?: true;
  /**
   * How long an answer asks to wait, where the platform says it in the body: a value as `Retry-After` has it.
   * @param body the first bytes of the answer's body, 1,024 at least where there are so many
   */
  retryAfterIn?(statusCode: number, body: Uint8Array): string | undefined;
  /** A secret for an endpoint whose owner brings none. */
  newSecret(source: SecretSource): string;
  /**
   * Why a secret that the caller brings can't be used, as the rest of a sentence ("must be …") that doesn't repeat the
   * secret; undefined when it can be used.
   */
  refuseSecret(secret: string): string | undefined;
  /**
   * Writes and signs one request. It runs for each attempt. The same input gives the same request, and only headers may
   * depend on `now`: the body is the same on every attempt.
   *
   * It may be asynchronous, for a signing key that is held elsewhere, and must then be quick: when more than a second
   * passes between the read of the endpoint and the request, the endpoint is read and the request rendered again
   * (docs/delivery-states.md, Dispatch).
   *
   * @throws ServiceFault when that key can't be reached: the attempt isn't counted and is made later
   */
  render(input: RenderInput): RenderedRequest | Promise<RenderedRequest>;
}

/** The rules of the circuit breaker that dialects choose from. */
export const BREAKERS = {
  /** Ten failures in a row over at least a minute; a 429 is none. */
  outage: { failures: 10, spanMs: 60_000, countsTooManyRequests: false, on: true, autoResume: true },
  /** The tenth failure in a row, whatever it was; only a person resumes the endpoint. */
  ten_failures: { failures: 10, spanMs: 0, countsTooManyRequests: true, on: true, autoResume: false },
  /** Every attempt of the schedule is made. An endpoint that switches the breaker on gets that of an outage. */
  off: { failures: 10, spanMs: 60_000, countsTooManyRequests: false, on: false, autoResume: true },
} as const satisfies Record<string, BreakerRule>;
