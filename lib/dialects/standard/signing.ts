import { createHmac, createSecretKey } from 'node:crypto';

const PREFIX = 'whsec_';
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;

/** The key of a Standard Webhooks secret: the bytes after `whsec_`, base64-decoded. The prefix may be left off. */
export function keyOf(secret: string): Buffer {
  return Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
}

/** A secret from 24 to 64 random bytes. */
export function writeSecret(key: Uint8Array): string {
  return PREFIX + Buffer.from(key).toString('base64');
}

/** Why a text can't be used as a Standard Webhooks secret; undefined when it can. */
export function refuseStandardSecret(secret: string): string | undefined {
  const key = keyOf(secret);
  const canonical = secret.startsWith(PREFIX) && writeSecret(key) === secret;
  if (canonical && key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES) return undefined;
  return `must be ${PREFIX} and the base64 of ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} random bytes`;
}

export function isStandardSecret(secret: string): boolean {
  return refuseStandardSecret(secret) === undefined;
}

/**
 * The value of `webhook-signature` (Standard Webhooks 1.0, Signature scheme): a `v1,` signature for each secret, in the
 * given order, separated by spaces.
 * @param timestamp unix seconds
 */
export function signStandard(
  secrets: readonly string[],
  id: string,
  timestamp: number,
  body: string | Uint8Array,
): string {
  // A KeyObject, though it is used once: with the bytes Node takes four times as long.
  const signatureOf = (secret: string) =>
    createHmac('sha256', createSecretKey(keyOf(secret)))
      .update(`${id}.${timestamp}.`)
      .update(body)
      .digest('base64');
  return secrets.map((secret) => `v1,${signatureOf(secret)}`).join(' ');
}

/** The three headers of Standard Webhooks. @param now when the attempt is made, milliseconds since the Unix epoch */
export function standardHeaders(
  secrets: readonly string[],
  id: string,
  now: number,
  body: string | Uint8Array,
): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signStandard(secrets, id, timestamp, body),
  };
}
