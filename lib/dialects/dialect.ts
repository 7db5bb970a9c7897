import type { Event } from '../domain/event.ts';
import type { RetryPreset } from '../domain/retry-schedule.ts';

export interface RenderInput {
  event: Event;
  /** Of the first delivery of this event to this endpoint: the same on every attempt and every manual retry. */
  deliveryId: string;
  url: string;
  /** The secrets to sign with, newest first; at least one. */
  secrets: readonly string[];
  /** When this attempt is made: milliseconds since the Unix epoch. */
  now: number;
}

export interface RenderedRequest {
  /** Lower-case names. */
  headers: Record<string, string>;
  /** What is signed is what is sent. */
  body: Uint8Array;
}

/** Source of random bytes for new secrets. */
export interface SecretSource {
  bytes(count: number): Uint8Array;
}

/** Everything that a platform's customers can see of a delivery (dialects.md). */
export interface Dialect {
  name: string;
  defaultRetry: RetryPreset;
  /** Does a 410 disable the endpoint? */
  goneDisables: boolean;
  newSecret(source: SecretSource): string;
  /** Why a secret that the caller brings can't be used; undefined when it can. */
  refuseSecret(secret: string): string | undefined;
  render(input: RenderInput): RenderedRequest | Promise<RenderedRequest>;
}
